package org.noonmark.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.doctor.Doctor;
import org.noonmark.doctor.DoctorReport;
import org.noonmark.doctor.MachineFacts.Dhcp;
import org.noonmark.doctor.MachineFacts.KeyAnswer;
import org.noonmark.doctor.MachineFacts.Lookup;
import org.noonmark.doctor.MachineFacts.Offer;
import org.noonmark.doctor.MachineFacts.Probes;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.doctor.MachineFacts.TimeAnswer;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.NtsStatus;
import org.noonmark.status.Program;
import org.noonmark.status.PulseStatus;
import org.noonmark.status.ReceiverStatus;
import org.noonmark.status.ServerStatus;
import org.noonmark.status.Snapshots;
import org.noonmark.status.StatusSnapshot;

/** A healthy appliance: directories as on a Raspberry Pi, a daemon that is asked, clients that are answered. Each part can be spoilt. */
final class FaultyBox implements MachineProbe.Surroundings {
    static final String CONFIG = "/etc/noonmark/noonmark.conf";
    static final long NOW_SECONDS = Snapshots.NOW / Snapshots.SECOND;
    private static final String LAN = "192.168.1.20";

    private final Path root;
    final Map<String, String> outputs = new HashMap<>();
    final List<String> addresses = new ArrayList<>(List.of(LAN));
    final List<Lookup> names = new ArrayList<>();
    MachineProbe.Room room = new MachineProbe.Room(900L << 20, 1000L << 20);
    Dhcp dhcp = new Dhcp.Asked(List.of(new Offer("192.168.1.1", List.of(LAN))));
    TimeAnswer.Outcome overLoopback = TimeAnswer.Outcome.SYNCHRONISED;
    TimeAnswer.Outcome overLan = TimeAnswer.Outcome.SYNCHRONISED;
    String keyTrouble = "";
    boolean keysWereAsked = true;
    boolean steersClock = true;
    Silence silence = Silence.NONE;
    long nowSeconds = NOW_SECONDS;
    Build build = new Build("0.1.0", LocalDate.of(2026, 11, 1));

    ClockStatus clock = Snapshots.synchronised().clock();
    SystemVariables system = Snapshots.system();
    List<ReceiverStatus> receivers = List.of(Snapshots.receiver());
    List<PulseStatus> pulses = List.of(Snapshots.pulse());
    SourcesStatus sources = SourcesStatus.NONE;
    ServerStatus server = Snapshots.server();
    StatusSnapshot leapSeconds = Snapshots.synchronised();
    NtsStatus nts = healthyNts(2_000_000_000L);

    FaultyBox(Path root) {
        this.root = root;
        file("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        file("sys/devices/platform/soc/soc:firmware/get_throttled", "0\n");
        file("sys/class/hwmon/hwmon1/name", "rpi_volt\n");
        file("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n");
        file("proc/cmdline", "console=tty1 root=PARTUUID=1-02 rootwait\n");
        file("proc/sys/kernel/osrelease", "6.12.47-v8\n");
        file("lib/modules/6.12.47-v8/modules.dep", "kernel/drivers/pps/clients/pps-gpio.ko:\n");
        file("boot/firmware/config.txt", "enable_uart=1\ndtoverlay=disable-bt\ndtoverlay=pps-gpio,gpiopin=18\n");
        file("dev/ttyAMA0", "");
        file("dev/pps0", "");
        file("sys/class/pps/pps0/assert", "1795348800.000001234#8040\n");
        file("sys/class/pps/pps0/clear", "0.000000000#0\n");
        process(1, "systemd", "/sbin/init");
        process(700, "java", "/usr/lib/noonmark/java/bin/java -jar /usr/lib/noonmark/noonmark.jar run");
        opens(700, "dev/ttyAMA0");
        opens(700, "dev/pps0");
        file("sys/class/net/lo/flags", "0x9\n");
        file("sys/class/net/eth0/flags", "0x1003\n");
        file("sys/class/net/eth0/carrier", "1\n");
        file("etc/resolv.conf", "nameserver 192.168.1.1\n");
        file("proc/mounts", "overlay / overlay rw 0 0\n/dev/mmcblk0p3 /data ext4 rw,noatime 0 0\n");
        file("sys/fs/ext4/mmcblk0p3/errors_count", "0\n");
        file("usr/lib/noonmark/build-info", "BUILD_ID=1\n");
        configure("receiver /dev/ttyAMA0 pps /dev/pps0\nallow onlink\nntsca /var/lib/noonmark/nts\n");
        outputs.put("systemctl", "LoadState=loaded\nActiveState=active\n");
        outputs.put("nft", "");
    }

    static NtsStatus healthyNts(long notAfterSeconds) {
        return new NtsStatus(
                List.of("0.0.0.0:4460"),
                "",
                List.of(new NtsStatus.Certificate(
                        "built-in", List.of("noonmark.local", LAN), 1_700_000_000, notAfterSeconds, "AA:BB")),
                Optional.of(new NtsStatus.Authority("Noonmark", 2_100_000_000, "AA:BB", "-----BEGIN\nEND-----\n")),
                List.of(),
                5,
                5,
                List.of());
    }

    Path path(String name) {
        return root.resolve(name);
    }

    void file(String name, String text) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.writeString(path(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void configure(String text) {
        file(CONFIG.substring(1), text);
    }

    void remove(String name) {
        try (Stream<Path> all = Files.walk(path(name))) {
            all.sorted(Comparator.reverseOrder()).forEach(each -> {
                if (!each.toFile().delete()) {
                    throw new IllegalStateException(each + " is not there");
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void process(int pid, String name, String arguments) {
        file("proc/" + pid + "/comm", name + "\n");
        file("proc/" + pid + "/cmdline", arguments.replace(' ', '\0') + "\0");
    }

    void opens(int pid, String device) {
        link("proc/" + pid + "/fd/" + device.replace('/', '-'), path(device));
    }

    void hasSocket(int pid, long inode) {
        link("proc/" + pid + "/fd/9", Path.of("socket:[" + inode + "]"));
    }

    void link(String name, Path target) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.createSymbolicLink(path(name), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The daemon serves time there. */
    void listensAt(String... addresses) {
        ServerStatus good = Snapshots.server();
        server = new ServerStatus(
                List.of(addresses),
                good.requests(),
                good.answered(),
                good.sendFailures(),
                good.refusals(),
                good.clients(),
                good.authenticated(),
                good.ntsAuthenticated(),
                good.ntsNaks(),
                good.interleaved(),
                good.stampsHeld(),
                good.stampSpanSeconds(),
                good.clientsForgotten(),
                good.driverStamps(),
                good.kernelStamps(),
                good.daemonStamps(),
                good.commands(),
                good.commandsRefused());
    }

    /** The daemon does not run. */
    void dies(String activeState, String lastWords) {
        silence = Silence.NOBODY;
        outputs.put("systemctl", "LoadState=loaded\nActiveState=" + activeState + "\n");
        outputs.put("journalctl", lastWords + "\n");
        remove("proc/700");
    }

    /** What the daemon says, over the wire. */
    Optional<DaemonAccount> account() {
        StatusSnapshot snapshot = new StatusSnapshot(
                new Program("0.1.0", Snapshots.synchronised().program().startedNanos(), steersClock),
                clock,
                system,
                receivers,
                pulses,
                sources,
                server,
                leapSeconds.leapSeconds(),
                nts);
        return silence == Silence.NONE
                ? DaemonAccount.parse(DaemonAccount.of(snapshot, Snapshots.NOW).text())
                : Optional.empty();
    }

    DoctorReport report() {
        Optional<DaemonAccount> account = account();
        List<TimeAnswer> times = account.isEmpty()
                ? List.of()
                : List.of(
                        new TimeAnswer("127.0.0.1:123", true, overLoopback),
                        new TimeAnswer(LAN + ":123", false, overLan));
        Optional<KeyAnswer> keys = account.filter(
                        each -> keysWereAsked && !each.nts().isEmpty())
                .map(_ -> new KeyAnswer("noonmark.local", keyTrouble));
        return Doctor.examine(
                new MachineProbe(root, this)
                        .facts(CONFIG, account, silence, new Probes(dhcp, names, times, keys), build, nowSeconds),
                account);
    }

    @Override
    public Optional<String> run(List<String> words) {
        return Optional.ofNullable(outputs.get(words.getFirst()));
    }

    @Override
    public Map<String, List<String>> addresses() {
        return Map.of("eth0", addresses);
    }

    @Override
    public Optional<MachineProbe.Room> room(Path directory) {
        return Optional.of(room);
    }
}
