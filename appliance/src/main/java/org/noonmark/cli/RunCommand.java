package org.noonmark.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.noonmark.app.Build;
import org.noonmark.app.Daemon;
import org.noonmark.app.LinuxMachine;
import org.noonmark.app.PrivilegedStart;
import picocli.CommandLine.Model.CommandSpec;

/** {@code noonmark run}: the daemon, in the foreground as a service manager wants it. */
final class RunCommand implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("run");
    private final Options options = new Options(spec);

    RunCommand() {
        spec.usageMessage().description("the daemon: serves time until it is told to stop (SIGTERM)");
        options.value("-f", "FILE", Path.class, "/etc/noonmark/noonmark.conf", "its configuration")
                .flag("-x", "leave the machine's clock alone: serve a corrected copy of it");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        if (PrivilegedStart.isNeeded()) {
            PrivilegedStart.giveUpCapabilities(Startup.readInSilence(options.path("-f")));
        }
        var config = Startup.read(options.path("-f"));
        Build build = Build.load();
        try (Termination termination = new Termination();
                LinuxMachine machine = options.isOn("-x")
                        ? LinuxMachine.withoutClockControl()
                        : LinuxMachine.withClockControl(config.rtcSync());
                Daemon daemon = Daemon.start(build, config, machine, build.date(), termination::ask)) {
            termination.await();
            return daemon.hasGivenUp() ? ExitCode.CHANGE_TOO_LARGE : ExitCode.OK;
        }
    }
}
