package org.noonmark.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.noonmark.app.Build;
import org.noonmark.app.Daemon;
import org.noonmark.app.SimulatedMachine;
import org.noonmark.linux.LinuxTime;
import picocli.CommandLine.Model.CommandSpec;

/** {@code noonmark demo}: the daemon on a simulated or recorded receiver. The machine's own clock is only read. */
final class DemoCommand implements Callable<Integer> {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Said to the daemon's configuration; nothing is opened there. */
    private static final String PULSE_DEVICE = "/dev/pps-simulated";

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("demo");
    private final Options options = new Options(spec);

    DemoCommand() {
        spec.usageMessage()
                .description("the daemon on a simulated or recorded receiver; this machine's clock is never touched");
        options.value(
                        "--for",
                        "S",
                        Double.class,
                        "0",
                        "end after this many seconds; 0: at Ctrl-C or at the capture's end")
                .value("--ntp-port", "P", Integer.class, "11123", "serve NTP on 127.0.0.1 and [::1] at this port")
                .value("--nts-port", "P", Integer.class, "14460", "establish NTS keys there at this port")
                .optional("--config", "FILE", Path.class, "more directives for the daemon, in chrony.conf syntax");
        DemoWorld.addOptions(options);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Build build = Build.load();
        // The first reading of a clock takes milliseconds, in which its native call is linked.
        LinuxTime.monotonicNanos();
        // Read together: a simulated world's offset from the host is exact from here on.
        long startNanos = LinuxTime.monotonicNanos();
        long hostNanos = LinuxTime.realtimeNanos();
        DemoWorld world = DemoWorld.of(options, spec, hostNanos, build.date());
        Path control = control();
        try (Termination termination = new Termination();
                SimulatedMachine machine = world.start(world.isRecorded() ? LinuxTime.monotonicNanos() : startNanos);
                Daemon daemon = Daemon.start(
                        build, Startup.parse("demo.conf", configText(machine, control)), machine, world.eraFloor())) {
            DemoScreen screen = new DemoScreen(spec.commandLine().getOut(), machine, daemon, control, startNanos);
            return screen.run(termination, runNanos(), world.endTrueNanos());
        }
    }

    private long runNanos() {
        double seconds = options.number("--for");
        return seconds <= 0 ? Long.MAX_VALUE : Math.round(seconds * NANOS_PER_SECOND);
    }

    private List<String> configText(SimulatedMachine machine, Path control) throws IOException {
        int port = options.whole("--ntp-port");
        List<String> lines = new ArrayList<>(List.of(
                "receiver " + machine.receiverDevice() + " refid GPS pps " + PULSE_DEVICE,
                "port " + port,
                "bindaddress 127.0.0.1",
                "bindaddress ::1",
                "allow 127.0.0.0/8",
                "allow ::1",
                "ntsport " + options.whole("--nts-port"),
                "ntsca " + control.resolveSibling("nts"),
                "controlsocket " + control));
        Optional<Path> more = options.find("--config", Path.class);
        if (more.isPresent()) {
            lines.add("include " + more.get().toAbsolutePath());
        }
        return lines;
    }

    /** Where it was asked for, else in a folder of one's own. */
    private Path control() throws IOException {
        if (GlobalOptions.isControlGiven(spec)) {
            return GlobalOptions.of(spec).control().toAbsolutePath();
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Path base = Path.of(runtime == null ? System.getProperty("java.io.tmpdir") : runtime);
        Path folder = base.resolve("noonmark-demo-" + System.getProperty("user.name"));
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            requirePrivate(folder);
        }
        return folder.resolve("control.sock");
    }

    /** Anybody may make a folder, or a link, of that name in /tmp, and would then own what lies in it. */
    private static void requirePrivate(Path folder) throws IOException {
        PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean own = found.owner().getName().equals(System.getProperty("user.name"));
        if (!found.isDirectory() || !own || !found.permissions().equals(PRIVATE)) {
            throw new FileAlreadyExistsException(
                    folder.toString(),
                    null,
                    "not a folder of yours alone (mode 700): remove it, or say --control SOCKET");
        }
    }
}
