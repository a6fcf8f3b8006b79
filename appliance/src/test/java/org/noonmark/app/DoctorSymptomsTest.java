package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.doctor.DoctorReport;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.doctor.MachineFacts.TimeAnswer.Outcome;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.FirewallSetup;

/**
 * What people complain of with servers of this kind, and what they are told: each symptom is one of the faults of {@link DoctorMatrixTest}, or is
 * none here and said to be none.
 */
class DoctorSymptomsTest {
    @TempDir
    Path root = Path.of("unset");

    /** A complaint and the faults that it may come from. */
    private record Symptom(String complaint, List<String> faults) {
        static Symptom of(String complaint, String... faults) {
            return new Symptom(complaint, List.of(faults));
        }
    }

    /** What owners of such boxes write. */
    private static final List<Symptom> OF_OWNERS = List.of(
            Symptom.of("pulses time out after a kernel update", "kernel updated, its modules not there"),
            Symptom.of(
                    "ppstest times out, antenna without view",
                    "no fix, satellites in view",
                    "no satellite at all",
                    "wire at another pin"),
            Symptom.of(
                    "the daemon never accepts the time, no clue why",
                    "labels too near to the half second",
                    "pulses stopped",
                    "jammed"),
            Symptom.of("a Pi 5 lacks the pulse input of the CM4's network card", "pulse input of a network card"),
            Symptom.of(
                    "mini UART, Bluetooth and console fight over the pins",
                    "mini UART",
                    "Bluetooth holds the port",
                    "kernel console on the port",
                    "login on the port"),
            Symptom.of("200 ms late: the falling edge is used", "wrong edge"),
            Symptom.of("detect the wrong edge by the pulse's width", "wrong edge"),
            Symptom.of("sentences near 500 ms: lock to the wrong second", "labels too near to the half second"),
            Symptom.of("GPS is marked falseticker", "servers agree on nothing"),
            Symptom.of("gpsd: no data until a client connects, order of sockets", "gpsd holds the port"),
            Symptom.of("date back by 19.6 years, library ends in 2027", "program of another era"));

    /** What guides to chrony list. */
    private static final List<Symptom> OF_GUIDES = List.of(
            Symptom.of("clients can't connect", "firewall drops", "ufw limit", "no answer over the LAN address"),
            Symptom.of(
                    "large time offset",
                    "servers agree on nothing",
                    "chronyd runs too",
                    "clock stepped by someone else"),
            Symptom.of("high stratum level", "servers out of reach", "pulses stopped", "name server dead"),
            Symptom.of("permission denied logs", "directory of another user"),
            Symptom.of("service fails to start", "wrong configuration", "daemon failed", "port 123 taken"),
            Symptom.of("no client connections", "clients denied", "nobody is allowed"),
            Symptom.of("rate limiting too aggressive", "rate limit too strict"),
            Symptom.of("time jumps frequently", "clock stepped by someone else", "chronyd runs too"));

    @Test
    void eachComplaintIsAFaultOfTheMatrix() {
        Set<String> known = DoctorMatrixTest.faults().map(Object::toString).collect(Collectors.toSet());
        for (List<Symptom> all : List.of(OF_OWNERS, OF_GUIDES)) {
            for (Symptom symptom : all) {
                assertTrue(known.containsAll(symptom.faults()), symptom::toString);
            }
        }
    }

    /** Offsets of sentences are measured, pulses are read from user space, and no other server is needed. */
    @Test
    void whatIsNoFaultHereIsSaidToBeNone() {
        String text = new FaultyBox(root).report().text(false).replaceAll("\\s+", " ");
        assertTrue(text.contains("131 ms after the pulse +/- 2.4 ms as measured: no offset need be entered"), text);
        assertTrue(text.contains("/dev/pps0 is open"), text);
        assertTrue(text.contains("needs no name looked up"), text);
    }

    @Test
    void theImagesOwnFirewallIsNoFault() throws IOException {
        FaultyBox box = new FaultyBox(root);
        box.outputs.put("nft", Files.readString(Path.of("../systemd-units/rootfs/etc/nftables.conf")));
        assertEquals(0, box.report().exitCode(), () -> box.report().text(false));
        box.outputs.put("nft", Files.readString(Path.of("../systemd-units/firewall-example.nft")));
        assertEquals(0, box.report().exitCode(), () -> box.report().text(false));
    }

    /** The rules that the command makes of each configuration let that configuration's clients in, and those of another may not. */
    @Test
    void theFirewallMadeForAnotherPortIsNoFaultThere() {
        FaultyBox box = new FaultyBox(root);
        box.configure("receiver /dev/ttyAMA0 pps /dev/pps0\nport 11123\nallow 192.168.0.0/16\nntsca /x\n");
        box.listensAt("0.0.0.0:11123", "[::]:11123");
        box.outputs.put("nft", firewallOf(box));
        assertEquals(0, box.report().exitCode(), () -> box.report().text(false));
        box.configure("receiver /dev/ttyAMA0 pps /dev/pps0\nport 11123\nallow onlink\nntsca /x\n");
        box.outputs.put("nft", firewallOf(box).replace("11123", "123"));
        assertEquals(2, box.report().exitCode(), () -> box.report().text(false));
        assertTrue(
                box.report().text(false).contains("UDP port 11123"),
                () -> box.report().text(false));
    }

    @Test
    void whoServesNobodyNeedsNoDoorInTheFirewall() {
        FaultyBox box = new FaultyBox(root);
        box.configure("receiver /dev/ttyAMA0 pps /dev/pps0\nport 0\nntsca /x\n");
        box.listensAt();
        box.outputs.put("nft", firewallOf(box));
        String text = box.report().text(false);
        assertFalse(text.contains("firewall"), text);
    }

    private static String firewallOf(FaultyBox box) {
        return FirewallSetup.text(
                new MachineProbe(box.path(""), box).config(FaultyBox.CONFIG).orElseThrow());
    }

    /** As its owner wants it: 'allow' of another subnet than the box's own. */
    @Test
    void anAllowListWithoutTheMachineItselfIsNoFault() {
        FaultyBox box = new FaultyBox(root);
        box.overLoopback = Outcome.DENIED;
        box.overLan = Outcome.DENIED;
        box.keysWereAsked = false;
        DoctorReport report = box.report();
        String text = report.text(false).replaceAll("\\s+", " ");
        assertEquals(0, report.exitCode(), text);
        assertTrue(text.contains("192.168.1.20:123 was not asked"), text);
        assertTrue(text.contains("so no keys were asked for"), text);
        box.overLan = Outcome.NONE;
        assertEquals(2, box.report().exitCode(), () -> box.report().text(false));
    }

    @Test
    void whoLeavesTheClockAloneHasNoRivals() {
        FaultyBox box = new FaultyBox(root);
        box.process(901, "chronyd", "/usr/sbin/chronyd -F 1");
        assertEquals(2, box.report().exitCode());
        box.steersClock = false;
        assertEquals(0, box.report().exitCode(), () -> box.report().text(false));
        String text = box.report().text(false).replaceAll("\\s+", " ");
        assertTrue(text.contains("serves a corrected copy; chronyd (pid 901) may set it"), text);
    }

    /** A PTP grandmaster that is fed from this clock steers the network card's. */
    @Test
    void whoSteersANetworkCardAloneIsNoRival() {
        FaultyBox box = new FaultyBox(root);
        for (String arguments : List.of(
                "-s CLOCK_REALTIME -c eth0 -w",
                "-sCLOCK_REALTIME -c eth0",
                "-wmsCLOCK_REALTIME -ceth0",
                "-s eth0 -c eth1",
                "-a -m")) {
            box.process(901, "phc2sys", "/usr/sbin/phc2sys " + arguments);
            String text = box.report().text(false);
            assertEquals(0, box.report().exitCode(), text);
            assertTrue(text.contains("no other program that sets the clock runs"), text);
        }
        box.process(901, "ptp4l", "/usr/sbin/ptp4l -f /etc/linuxptp/S.conf -i enS0");
        String text = box.report().text(false).replaceAll("\\s+", " ");
        assertEquals(0, box.report().exitCode(), text);
        assertTrue(text.contains("ptp4l (pid 901) steers the clocks of network cards"), text);
        assertTrue(text.contains("time_stamping software"), text);
        box.process(901, "phc2sys", "/usr/sbin/phc2sys -a -rr");
        text = box.report().text(false).replaceAll("\\s+", " ");
        assertEquals(0, box.report().exitCode(), text);
        assertTrue(text.contains("unless a card follows another clock (-r -r)"), text);
    }

    /** Where the daemon says nothing itself, its command line does. */
    @Test
    void aMuteDaemonIsKnownByItsCommandLine() {
        FaultyBox box = new FaultyBox(root);
        box.silence = Silence.FORBIDDEN;
        box.process(901, "chronyd", "/usr/sbin/chronyd -F 1");
        box.process(700, "java", "/usr/bin/java -jar /usr/lib/noonmark/noonmark.jar run -x -f /etc/noonmark.conf");
        assertEquals(3, box.report().exitCode(), () -> box.report().text(false));
        box.process(700, "java", "/usr/bin/java -jar /usr/lib/noonmark/noonmark.jar run -f /etc/noonmark-x -x");
        assertEquals(3, box.report().exitCode(), () -> box.report().text(false));
        box.process(700, "java", "/usr/bin/java -jar /usr/lib/noonmark/noonmark.jar run -f /etc/noonmark-x");
        assertEquals(2, box.report().exitCode(), () -> box.report().text(false));
    }

    @Test
    void aDaemonWithoutItsFileIsToldSo() {
        FaultyBox box = new FaultyBox(root);
        box.remove(FaultyBox.CONFIG.substring(1));
        String text = box.report().text(false).replaceAll("\\s+", " ");
        assertEquals(0, box.report().exitCode(), text);
        assertTrue(text.contains("/etc/noonmark/noonmark.conf is not there, so its settings were not examined"), text);
        box.dies("failed", "");
        assertEquals(2, box.report().exitCode());
        assertTrue(box.report().text(false).contains("noonmark config sample"), text);
    }

    @Test
    void anAccountComesOverTheSocketWhole() {
        FaultyBox box = new FaultyBox(root);
        DaemonAccount account = box.account().orElseThrow();
        assertEquals(account, DaemonAccount.parse(account.text()).orElseThrow());
        assertEquals("-----BEGIN\nEND-----\n", account.authority());
        assertTrue(DaemonAccount.parse("").isEmpty());
    }

    @Test
    void noAccountHowEverSpoiltThrows() {
        SplittableRandom random = new SplittableRandom(8);
        String text = new FaultyBox(root).account().orElseThrow().text();
        for (int i = 0; i < 2_000; i++) {
            char[] spoilt = text.toCharArray();
            for (int n = random.nextInt(8); n >= 0; n--) {
                spoilt[random.nextInt(spoilt.length)] = (char) random.nextInt(128);
            }
            String cut = new String(Arrays.copyOf(spoilt, random.nextInt(spoilt.length + 1)));
            assertTrue(DaemonAccount.parse(cut).isEmpty() || cut.contains("version"), cut);
        }
    }
}
