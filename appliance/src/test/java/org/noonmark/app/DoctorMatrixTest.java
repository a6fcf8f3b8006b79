package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.doctor.DoctorReport;
import org.noonmark.doctor.MachineFacts.Dhcp;
import org.noonmark.doctor.MachineFacts.Lookup;
import org.noonmark.doctor.MachineFacts.Offer;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.doctor.MachineFacts.TimeAnswer.Outcome;
import org.noonmark.nmea.ReceiverHealth.Antenna;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.pps.PpsEdge;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;
import org.noonmark.status.PulseStatus;
import org.noonmark.status.ReceiverStatus;
import org.noonmark.status.ReceiverStatus.Fix;
import org.noonmark.status.ReceiverStatus.Link;
import org.noonmark.status.ServerStatus;
import org.noonmark.status.Snapshots;

/**
 * Faults put into a healthy box, each of which must be the first that is named, with its cure; and none on the healthy box. Files of the machine
 * are real ones below another root; what the daemon says is told by its own classes, and goes through the form of the control socket.
 */
class DoctorMatrixTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Snapshots.NOW / SECOND * SECOND;

    @TempDir
    Path root = Path.of("unset");

    /** What is done to the box, and what must be said of it first. */
    record Fault(String name, Consumer<FaultyBox> injury, ChainLink link, int code, String evidence, String cure) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isNamedFirstWithItsCure(Fault fault) {
        FaultyBox box = new FaultyBox(root);
        fault.injury().accept(box);
        DoctorReport report = box.report();
        Finding first =
                report.first().orElseThrow(() -> new AssertionError("nothing was found\n" + report.text(false)));
        assertEquals(fault.link(), first.link(), () -> report.text(false));
        assertTrue(first.what().contains(fault.evidence()), () -> report.text(false));
        assertTrue(first.cure().contains(fault.cure()), () -> report.text(false));
        assertEquals(fault.code(), report.exitCode(), () -> report.text(false));
        // What does not follow from the fault is not there: nothing was invented.
        assertEquals(
                List.of(),
                report.findings().stream()
                        .filter(each -> each.severity().isBroken()
                                && each.link() != first.link()
                                && !each.link().needs().contains(first.link()))
                        .toList(),
                () -> report.text(false));
    }

    @Test
    void nothingIsInventedOnAHealthyBox() {
        DoctorReport report = new FaultyBox(root).report();
        assertEquals(0, report.exitCode(), () -> report.text(false));
        assertTrue(report.text(false).startsWith("Nothing is wrong.\n"), () -> report.text(false));
        for (Finding finding : report.findings()) {
            assertEquals(Finding.Severity.OK, finding.severity(), () -> finding + "\n" + report.text(false));
        }
        assertEquals(
                ChainLink.values().length,
                report.findings().stream().map(Finding::link).distinct().count());
        assertFalse(report.json().contains("\"first\""), report::json);
    }

    @Test
    void atLeastTwentyFiveFaults() {
        assertTrue(faults().count() >= 25);
    }

    @Test
    void adviceIsNoAlarm() {
        FaultyBox box = new FaultyBox(root);
        box.dhcp = new Dhcp.Asked(List.of(new Offer("192.168.1.1", List.of())));
        DoctorReport report = box.report();
        assertEquals(0, report.exitCode());
        String text = report.text(false).replaceAll("\\s+", " ");
        assertTrue(text.contains("192.168.1.1 names no time server (option 42)"), text);
        assertTrue(text.contains("'noonmark dhcp dnsmasq'"), text);
    }

    @Test
    void whoMayNotAskTheDaemonIsToldSo() {
        FaultyBox box = new FaultyBox(root);
        box.silence = Silence.FORBIDDEN;
        DoctorReport report = box.report();
        assertEquals(3, report.exitCode(), () -> report.text(false));
        assertTrue(report.text(false).contains("use sudo"), () -> report.text(false));
    }

    @Test
    void twoFaultsAreTwoCausesAndTheWorseIsFirst() {
        FaultyBox box = new FaultyBox(root);
        box.file("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
        box.receivers = List.of(receiver(Link.SILENT, Fix.UNKNOWN, Antenna.UNKNOWN, 0, ""));
        unsynchronised(box, "pulses come but no time label; check the receiver's serial port and its baud rate");
        String text = box.report().text(false);
        assertTrue(text.indexOf("First broken link\n  UART") >= 0, text);
        assertTrue(text.indexOf("Separate from it\n  power") > text.indexOf("Its consequences"), text);
        text.lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void aDateBeforeTheBuildFollowsFromTheMissingLock() {
        FaultyBox box = new FaultyBox(root);
        box.nowSeconds = 86_400;
        box.receivers = List.of(receiver(Link.TALKING, Fix.NONE, Antenna.OK, 9, ""));
        unsynchronised(box, "the receiver has no fix yet");
        DoctorReport report = box.report();
        assertEquals(ChainLink.FIX, report.first().orElseThrow().link());
        String text = report.text(false).replaceAll("\\s+", " ");
        assertTrue(text.contains("says 1970-01-02, which is before this program was built"), text);
        assertTrue(text.contains("a battery clock"), text);
    }

    @Test
    void anUpdateThatWasKeptIsNoFault() {
        FaultyBox box = new FaultyBox(root);
        box.file("data/update/last", "HOW=kept\nTEXT=version 0.1.0-1 has proven itself and is kept\n");
        assertEquals(0, box.report().exitCode(), () -> box.report().text(false));
        assertTrue(
                box.report().text(false).contains("version 0.1.0 of"),
                () -> box.report().text(false));
    }

    static Stream<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        machine(faults);
        ports(faults);
        receivers(faults);
        pulses(faults);
        clock(faults);
        network(faults);
        service(faults);
        store(faults);
        return faults.stream();
    }

    private static void machine(List<Fault> faults) {
        faults.add(new Fault(
                "undervolted now",
                box -> box.file("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n"),
                ChainLink.POWER,
                1,
                "voltage is too low now",
                "power supply"));
        faults.add(new Fault(
                "undervolted once",
                box -> box.file("sys/devices/platform/soc/soc:firmware/get_throttled", "10000\n"),
                ChainLink.POWER,
                1,
                "too low since the start",
                "power supply"));
        faults.add(new Fault(
                "alarm of the voltage sensor",
                box -> box.file("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n"),
                ChainLink.POWER,
                1,
                "voltage is too low now",
                "power supply"));
        faults.add(new Fault(
                "throttled by heat",
                box -> box.file("sys/devices/platform/soc/soc:firmware/get_throttled", "e0008\n"),
                ChainLink.POWER,
                1,
                "slowed down now",
                "heat sink"));
        faults.add(new Fault(
                "daemon failed",
                box -> box.dies("failed", "noonmark: port 123 is in use: stop the other server"),
                ChainLink.DAEMON,
                2,
                "port 123 is in use",
                "systemctl restart noonmark"));
        faults.add(new Fault(
                "daemon stopped",
                box -> box.dies("inactive", ""),
                ChainLink.DAEMON,
                2,
                "systemd says: inactive",
                "systemctl start noonmark"));
        faults.add(new Fault(
                "daemon hangs",
                box -> box.silence = Silence.MUTE,
                ChainLink.DAEMON,
                2,
                "does not answer",
                "systemctl restart noonmark"));
        faults.add(new Fault(
                "wrong configuration",
                box -> {
                    box.configure("alow 192.168.0.0/16\n");
                    box.dies("failed", "");
                },
                ChainLink.DAEMON,
                2,
                "noonmark.conf:1: unknown directive 'alow'",
                "allow"));
    }

    private static void ports(List<Fault> faults) {
        faults.add(new Fault(
                "serial port missing",
                box -> {
                    box.remove("proc/700/fd/dev-ttyAMA0");
                    box.remove("dev/ttyAMA0");
                    box.receivers = List.of(ReceiverStatus.absent(
                            "GPS", "/dev/ttyAMA0", "/dev/ttyAMA0: no such device; plug the receiver in"));
                    unsynchronised(
                            box, "pulses come but no time label; check the receiver's serial port and its baud rate");
                },
                ChainLink.UART,
                2,
                "/dev/ttyAMA0 is not there",
                "enable_uart=1"));
        faults.add(new Fault(
                "serial port forbidden",
                box -> {
                    box.receivers = List.of(
                            ReceiverStatus.absent(
                                    "GPS",
                                    "/dev/ttyAMA0",
                                    "/dev/ttyAMA0: no permission; add this user to the group of the device, usually dialout, or run as root"));
                    unsynchronised(
                            box, "pulses come but no time label; check the receiver's serial port and its baud rate");
                },
                ChainLink.UART,
                2,
                "no permission",
                "dialout"));
        faults.add(new Fault(
                "kernel console on the port",
                box -> box.file("proc/cmdline", "console=ttyAMA0,115200 console=tty1 root=PARTUUID=1-02\n"),
                ChainLink.UART,
                2,
                "console is on the receiver's port (console=ttyAMA0",
                "cmdline.txt"));
        faults.add(new Fault(
                "login on the port",
                box -> holds(box, "agetty", "/sbin/agetty 115200 ttyAMA0"),
                ChainLink.UART,
                2,
                "agetty (pid 900) has /dev/ttyAMA0 open",
                "systemctl mask --now serial-getty@ttyAMA0"));
        faults.add(new Fault(
                "gpsd holds the port",
                box -> holds(box, "gpsd", "/usr/sbin/gpsd -n /dev/ttyAMA0"),
                ChainLink.UART,
                2,
                "gpsd (pid 900)",
                "systemctl disable --now gpsd.socket"));
        faults.add(new Fault(
                "Bluetooth holds the port",
                box -> holds(box, "hciattach", "/usr/bin/hciattach /dev/ttyAMA0 bcm43xx"),
                ChainLink.UART,
                2,
                "hciattach",
                "disable-bt"));
        faults.add(new Fault(
                "mini UART",
                box -> {
                    box.file("dev/ttyS0", "");
                    box.link("dev/serial0", Path.of("ttyS0"));
                    box.file("boot/firmware/config.txt", "enable_uart=1\ndtoverlay=pps-gpio,gpiopin=18\n");
                    box.receivers = List.of(named("/dev/serial0"));
                },
                ChainLink.UART,
                1,
                "mini UART",
                "disable-bt"));
    }

    private static void holds(FaultyBox box, String name, String arguments) {
        box.process(900, name, arguments);
        box.opens(900, "dev/ttyAMA0");
    }

    private static void receivers(List<Fault> faults) {
        faults.add(heard(
                "silent receiver",
                Link.SILENT,
                Fix.UNKNOWN,
                Antenna.UNKNOWN,
                0,
                "",
                ChainLink.UART,
                "is silent",
                "its TX to our RX"));
        faults.add(heard(
                "wrong baud",
                Link.GARBLED,
                Fix.UNKNOWN,
                Antenna.UNKNOWN,
                0,
                "",
                ChainLink.BAUD,
                "at 9600 baud",
                "baud auto"));
        faults.add(heard(
                "no fix, satellites in view",
                Link.TALKING,
                Fix.NONE,
                Antenna.OK,
                9,
                "",
                ChainLink.FIX,
                "9 satellites in view",
                "open view"));
        faults.add(heard(
                "no satellite at all",
                Link.TALKING,
                Fix.NONE,
                Antenna.UNKNOWN,
                0,
                "",
                ChainLink.ANTENNA,
                "0 satellites",
                "antenna connected"));
        faults.add(heard(
                "antenna open",
                Link.TALKING,
                Fix.NONE,
                Antenna.OPEN,
                0,
                "",
                ChainLink.ANTENNA,
                "no antenna (open)",
                "plug and cable"));
        faults.add(heard(
                "antenna short",
                Link.TALKING,
                Fix.NONE,
                Antenna.SHORT,
                0,
                "",
                ChainLink.ANTENNA,
                "short circuit",
                "unplug"));
        faults.add(heard(
                "jammed",
                Link.TALKING,
                Fix.THREE_D,
                Antenna.OK,
                9,
                "it says itself that it is jammed; look for a transmitter near its antenna",
                ChainLink.ANTENNA,
                "jammed",
                "transmitter"));
        faults.add(new Fault(
                "damaged messages",
                box -> box.receivers = List.of(damaged()),
                ChainLink.NMEA,
                1,
                "came damaged",
                "common ground"));
    }

    private static Fault heard(
            String name,
            Link link,
            Fix fix,
            Antenna antenna,
            int seen,
            String distrust,
            ChainLink broken,
            String evidence,
            String cure) {
        return new Fault(
                name,
                box -> {
                    box.receivers = List.of(receiver(link, fix, antenna, seen, distrust));
                    unsynchronised(box, "no time label with a fix has come yet");
                },
                broken,
                2,
                evidence,
                cure);
    }

    private static void pulses(List<Fault> faults) {
        faults.add(new Fault(
                "pulse overlay missing",
                box -> {
                    withoutPulseDevice(box);
                    box.file("boot/firmware/config.txt", "enable_uart=1\ndtoverlay=disable-bt\n");
                },
                ChainLink.PULSE_DEVICE,
                2,
                "config.txt has no line for it",
                "dtoverlay=pps-gpio"));
        faults.add(new Fault(
                "pulse overlay without effect",
                DoctorMatrixTest::withoutPulseDevice,
                ChainLink.PULSE_DEVICE,
                2,
                "though config.txt has dtoverlay=pps-gpio",
                "dmesg"));
        faults.add(new Fault(
                "kernel updated, its modules not there",
                box -> {
                    withoutPulseDevice(box);
                    box.file("proc/sys/kernel/osrelease", "6.12.99-v8\n");
                },
                ChainLink.PULSE_DEVICE,
                2,
                "kernel 6.12.99-v8 has no driver pps-gpio",
                "restart"));
        faults.add(new Fault(
                "pulse input of a network card",
                box -> {
                    box.pulses = List.of(PulseStatus.silent(
                            "PPS", "/dev/ptp0", "/dev/ptp0: not a PPS device; name one such as /dev/pps0", delay()));
                    unsynchronised(box, "time labels come but no pulse");
                },
                ChainLink.PULSE_DEVICE,
                2,
                "network card's clock",
                "GPIO"));
        faults.add(new Fault(
                "wire at another pin",
                box -> {
                    box.file("sys/class/pps/pps0/assert", "0.000000000#0\n");
                    box.pulses = List.of(PulseStatus.silent("PPS", "/dev/pps0", "", delay()));
                    unsynchronised(
                            box,
                            "time labels come but no pulse within the second before them; check the PPS wiring and device");
                },
                ChainLink.EDGE,
                2,
                "listens to GPIO 18",
                "4 or 18"));
        faults.add(new Fault(
                "pulses stopped",
                box -> {
                    box.pulses = Snapshots.holdover().pulses();
                    box.clock = Snapshots.holdover().clock();
                },
                ChainLink.EDGE,
                2,
                "No pulse on /dev/pps0 for 42 s",
                "PPS wire"));
        faults.add(new Fault(
                "wrong edge", box -> edges(box, 1, 900_000_000), ChainLink.EDGE, 2, "end of the pulse", "edge clear"));
        faults.add(new Fault(
                "five pulses a second",
                box -> edges(box, 5, 0),
                ChainLink.EDGE,
                2,
                "more than one pulse per second",
                "1 Hz"));
    }

    private static void clock(List<Fault> faults) {
        faults.add(new Fault(
                "labels too near to the half second",
                box -> box.clock = ambiguous(),
                ChainLink.LABEL,
                2,
                "too near to a whole second",
                "baud"));
        faults.add(new Fault(
                "leap seconds list expired",
                box -> box.leapSeconds = Snapshots.withLeapSeconds(new LeapSecondsList(
                        LeapSecondsList.FILE_NAME,
                        1_700_000_000,
                        1_750_000_000,
                        List.of(new LeapSecondsList.Change(1_483_228_800, 37)))),
                ChainLink.LABEL,
                1,
                "expired on 2025-06-15",
                "tzdata"));
        for (String rival : List.of("chronyd", "ntpd", "systemd-timesyn")) {
            faults.add(new Fault(
                    rival + " runs too",
                    box -> box.process(901, rival, "/usr/sbin/" + rival),
                    ChainLink.RIVALS,
                    2,
                    rival + " (pid 901) sets the clock too",
                    "systemctl disable --now"));
        }
        for (String rival : List.of(
                "phc2sys -s eth0 -w",
                "phc2sys -c CLOCK_REALTIME -seth0 -O 0",
                "phc2sys -a -r",
                "ptp4l -i eth0 -mS",
                "ptp4l -S -i eth0")) {
            faults.add(new Fault(
                    rival + " runs too",
                    box -> box.process(901, rival.substring(0, rival.indexOf(' ')), "/usr/sbin/" + rival),
                    ChainLink.RIVALS,
                    2,
                    " (pid 901) sets the clock too",
                    "systemctl disable --now"));
        }
        faults.add(new Fault(
                "clock stepped by someone else",
                box -> box.clock = stepped(),
                ChainLink.RIVALS,
                2,
                "moved by someone else",
                "date -s"));
        faults.add(new Fault(
                "clock stepped under a daemon that copies it",
                box -> {
                    box.steersClock = false;
                    box.clock = stepped();
                },
                ChainLink.RIVALS,
                2,
                "moved by someone else",
                "never step it"));
        faults.add(new Fault(
                "wrong date of a clock that is only copied",
                box -> {
                    box.steersClock = false;
                    box.nowSeconds = 86_400;
                },
                ChainLink.DATE,
                1,
                "1970-01-02",
                "run without -x"));
        faults.add(new Fault(
                "servers out of reach",
                box -> box.sources = new SourcesStatus(List.of(), 0, "no source can be used"),
                ChainLink.LOCK,
                1,
                "no source can be used",
                "out of reach"));
        faults.add(new Fault(
                "servers agree on nothing",
                box -> box.sources = new SourcesStatus(List.of(), 0, "no majority: only 1 of 2 sources agree"),
                ChainLink.LOCK,
                1,
                "no majority",
                "selectdata"));
    }

    private static void network(List<Fault> faults) {
        faults.add(new Fault(
                "cable unplugged",
                box -> {
                    box.file("sys/class/net/eth0/carrier", "0\n");
                    box.addresses.clear();
                },
                ChainLink.NETWORK,
                2,
                "eth0 has no carrier",
                "plug the cable in"));
        faults.add(new Fault(
                "no address",
                box -> box.addresses.clear(),
                ChainLink.NETWORK,
                2,
                "eth0 is connected and has no address",
                "DHCP"));
        faults.add(new Fault(
                "no network interface",
                box -> box.remove("sys/class/net/eth0"),
                ChainLink.NETWORK,
                2,
                "no network interface",
                "adapter"));
        faults.add(new Fault(
                "name server dead",
                box -> box.names.add(new Lookup("time.example.org", false)),
                ChainLink.DNS,
                1,
                "time.example.org cannot be found (name servers: 192.168.1.1)",
                "name"));
        faults.add(new Fault(
                "host of the allow list unknown",
                box -> {
                    box.configure("receiver /dev/ttyAMA0 pps /dev/pps0\nallow onlink\nallow laptop.example.org\n");
                    box.names.add(new Lookup("laptop.example.org", false));
                },
                ChainLink.DNS,
                1,
                "laptop.example.org cannot be found",
                "'allow laptop.example.org' is for nobody"));
    }

    private static void service(List<Fault> faults) {
        faults.add(new Fault(
                "port 123 taken",
                box -> {
                    box.dies("failed", "");
                    box.file("proc/net/udp", "  sl\n  12: 00000000:007B 00000000:0000 07 0:0 00:0 0 0 0 4711 2 0\n");
                    box.process(902, "ptpd", "/usr/sbin/ptpd");
                    box.hasSocket(902, 4711);
                },
                ChainLink.DAEMON,
                2,
                "UDP port 123 is taken by ptpd (pid 902)",
                "stop that program"));
        faults.add(new Fault(
                "nobody is allowed",
                box -> {
                    box.configure("receiver /dev/ttyAMA0 pps /dev/pps0\n");
                    box.overLan = Outcome.NONE;
                    box.overLoopback = Outcome.NONE;
                },
                ChainLink.NTP,
                2,
                "nobody is allowed to ask",
                "allow onlink"));
        faults.add(new Fault(
                "clients denied",
                box -> box.server = refusing(Disposition.DENIED),
                ChainLink.NTP,
                1,
                "no allow line covers",
                "accheck"));
        faults.add(new Fault(
                "rate limit too strict",
                box -> box.server = refusing(Disposition.RATE_LIMITED),
                ChainLink.NTP,
                1,
                "'ratelimit'",
                "raise 'burst'"));
        faults.add(new Fault(
                "firewall drops",
                box -> box.outputs.put(
                        "nft",
                        "table inet f {\n chain input {\n  type filter hook input priority 0; policy drop;\n  iif lo accept\n  tcp dport { 22, 4460 } accept\n }\n}\n"),
                ChainLink.NTP,
                2,
                "firewall lets nothing in to UDP port 123",
                "udp dport 123 accept"));
        faults.add(new Fault(
                "ufw limit",
                box -> box.outputs.put(
                        "nft",
                        "chain user {\n udp dport 123 limit rate over 6/minute drop\n udp dport 123 accept\n}\n"),
                ChainLink.NTP,
                2,
                "only so many requests",
                "never 'limit'"));
        faults.add(new Fault(
                "no answer over the LAN address",
                box -> box.overLan = Outcome.NONE,
                ChainLink.NTP,
                1,
                "192.168.1.20:123 gets no answer",
                "accheck 192.168.1.20"));
        faults.add(new Fault(
                "certificate expired",
                box -> box.nts = FaultyBox.healthyNts(1_700_000_100),
                ChainLink.CERTIFICATE,
                2,
                "expired on 2023-11-14",
                "new certificate"));
        faults.add(new Fault(
                "NTS key unreadable",
                box -> box.nts = FaultyBox.healthyNts(2_000_000_000)
                        .withTrouble(
                                "/etc/key.pem: the daemon may not read it: chgrp noonmark /etc/key.pem and chmod 640 /etc/key.pem"),
                ChainLink.CERTIFICATE,
                1,
                "/etc/key.pem",
                "chgrp noonmark"));
        faults.add(new Fault(
                "no keys for clients",
                box -> box.keyTrouble = "no TLS connection: handshake_failure",
                ChainLink.NTS,
                2,
                "handshake_failure",
                "nts cert"));
    }

    private static void store(List<Fault> faults) {
        faults.add(new Fault(
                "data partition read-only",
                box -> box.file("proc/mounts", "overlay / overlay rw 0 0\n/dev/mmcblk0p3 /data ext4 ro,noatime 0 0\n"),
                ChainLink.DISK,
                1,
                "has become read-only",
                "replace the card"));
        faults.add(new Fault(
                "data partition missing",
                box -> box.file("proc/mounts", "overlay / overlay rw 0 0\n"),
                ChainLink.DISK,
                1,
                "/data (settings and state) is not mounted",
                "restart once"));
        faults.add(new Fault(
                "data partition full",
                box -> box.room = new MachineProbe.Room(1 << 20, 1000L << 20),
                ChainLink.DISK,
                1,
                "is full: 1 MB of 1000 MB",
                "remove"));
        faults.add(new Fault(
                "errors of the file system",
                box -> box.file("sys/fs/ext4/mmcblk0p3/errors_count", "3\n"),
                ChainLink.DISK,
                1,
                "counted 3 errors",
                "noonmark config backup - | ssh"));
        faults.add(new Fault(
                "directory of another user",
                box -> {
                    box.file("etc/passwd", "noonmark:x:99917:99917::/:/usr/sbin/nologin\n");
                    String directory = box.path("state").toString();
                    box.file("state/drift", "");
                    box.configure("receiver /dev/ttyAMA0 pps /dev/pps0\nallow onlink\ndriftfile /state/drift\n");
                    assertTrue(box.path("state").toFile().setWritable(false, false), directory);
                    assertTrue(box.path("state").toFile().setWritable(true, true), directory);
                },
                ChainLink.DISK,
                1,
                "may not write to /state",
                "chown -R noonmark:"));
        faults.add(new Fault(
                "daemon older than the program",
                box -> box.build = new Build("0.2.0", LocalDate.of(2026, 11, 1)),
                ChainLink.UPDATE,
                1,
                "version 0.1.0, installed is 0.2.0",
                "restart"));
        update(
                faults,
                "back",
                "version 0.2.0-7 came up, but did not prove itself in time: this one is back",
                "did not prove itself in time");
        update(
                faults,
                "stays",
                "version 0.2.0-7 stays although it did not prove itself: the system before it does not start any more",
                "stays although");
        update(
                faults,
                "interrupted",
                "the update was cut off while slot B was written: this system is as it was; begin it again",
                "slot B was written");
        faults.add(new Fault(
                "program of another era",
                box -> box.build = new Build("0.1.0", LocalDate.of(2009, 1, 1)),
                ChainLink.UPDATE,
                1,
                "weeks modulo 1024",
                "newer version"));
    }

    /** As systemd-units' script {@code update} notes it. */
    private static void update(List<Fault> faults, String how, String text, String evidence) {
        faults.add(new Fault(
                "update: " + how,
                box -> box.file("data/update/last", "HOW=" + how + "\nTEXT=" + text + "\n"),
                ChainLink.UPDATE,
                1,
                evidence,
                "try it again"));
    }

    private static void withoutPulseDevice(FaultyBox box) {
        box.remove("proc/700/fd/dev-pps0");
        box.remove("dev/pps0");
        box.pulses = List.of(
                PulseStatus.silent("PPS", "/dev/pps0", "/dev/pps0: no such device; check the overlay", delay()));
        unsynchronised(
                box, "time labels come but no pulse within the second before them; check the PPS wiring and device");
    }

    private static PulseStatus.Delay delay() {
        return new PulseStatus.Delay(0, 25_000, "");
    }

    private static void edges(FaultyBox box, int hertz, long widthNanos) {
        PulseTrain train = new PulseTrain("PPS", "/dev/pps0", 0, delay(), () -> "");
        for (int i = 0; i < 20; i++) {
            long nanos = i * SECOND / hertz;
            train.accepts(
                    new PpsEdge(START - 20 * SECOND / hertz + nanos, i, PpsEdge.Polarity.ASSERT, widthNanos), nanos);
        }
        box.pulses = List.of(train.status(START));
        unsynchronised(
                box, "time labels come but no pulse within the second before them; check the PPS wiring and device");
    }

    private static void unsynchronised(FaultyBox box, String why) {
        ClockStatus cold = Snapshots.cold().clock();
        box.clock = new ClockStatus(
                SyncState.COLD,
                why,
                cold.stateSinceNanos(),
                cold.updatedNanos(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                ClockStatus.Labelling.NONE,
                ClockStatus.Leap.NONE);
        box.system = SystemVariables.unsynchronised(-23);
        box.overLan = Outcome.UNSYNCHRONISED;
        box.overLoopback = Outcome.UNSYNCHRONISED;
    }

    /** A real core, with sentences that begin 1000 +- 20 ms after the pulse they name. */
    private static ClockStatus ambiguous() {
        TimingCore core = new TimingCore(TimingOptions.DEFAULTS, 0);
        for (int i = 0; i < 60; i++) {
            long edge = START - (60 - i) * SECOND;
            core.onEdge(new PpsEdge(edge, i, PpsEdge.Polarity.ASSERT));
            core.onLabel(new TimeLabel(
                    edge / SECOND - 1,
                    false,
                    edge + (i % 2 == 0 ? 30_000_000 : 1_000_000),
                    TimeLabel.Trust.UTC_PROVEN,
                    "RMC"));
            core.onTick(edge + SECOND / 2);
        }
        return core.status();
    }

    private static ClockStatus stepped() {
        TimingCore core = new TimingCore(TimingOptions.DEFAULTS, 0);
        core.onMoved(5 * SECOND, START);
        return core.status();
    }

    private static ServerStatus refusing(Disposition disposition) {
        ServerStatus good = Snapshots.server();
        return new ServerStatus(
                good.listening(),
                1_000,
                400,
                0,
                List.of(new ServerStatus.Refusal(disposition.sentence(), 600)),
                17,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
    }

    private static ReceiverStatus named(String device) {
        ReceiverStatus good = Snapshots.receiver();
        return with(
                good,
                device,
                good.baud(),
                good.link(),
                good.antenna(),
                good.distrust(),
                good.fix(),
                good.constellations(),
                0);
    }

    private static ReceiverStatus damaged() {
        ReceiverStatus good = Snapshots.receiver();
        return with(
                good,
                good.device(),
                good.baud(),
                good.link(),
                good.antenna(),
                "",
                good.fix(),
                good.constellations(),
                20_000);
    }

    private static ReceiverStatus receiver(Link link, Fix fix, Antenna antenna, int seen, String distrust) {
        return with(
                Snapshots.receiver(),
                "/dev/ttyAMA0",
                9_600,
                link,
                antenna,
                distrust,
                fix,
                List.of(new ReceiverStatus.Constellation("GPS", seen, 0, Double.NaN)),
                0);
    }

    private static ReceiverStatus with(
            ReceiverStatus good,
            String device,
            int baud,
            Link link,
            Antenna antenna,
            String distrust,
            Fix fix,
            List<ReceiverStatus.Constellation> sky,
            long damaged) {
        return new ReceiverStatus(
                good.refid(),
                device,
                baud,
                link,
                "",
                good.model(),
                good.setUp(),
                antenna,
                distrust,
                good.tripwires(),
                good.messages(),
                fix,
                sky,
                null,
                good.lastLabelUtcSeconds(),
                good.lastLabelNanos(),
                good.lastLabelSource(),
                good.lastByteNanos(),
                good.frames(),
                damaged,
                good.garbageBytes(),
                good.labels());
    }
}
