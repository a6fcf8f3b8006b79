package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.provisioning.ReferenceClockConfig.Driver;

/** Lines of {@code refclock} that are not about a receiver's own pulses. */
class ReferenceClocksTest {
    private static final String SERVER = "server 192.0.2.1\n";

    @Test
    void everyOptionIsUnderstood() {
        ReferenceClockConfig clock = only("refclock SHM 2:perm=0644 refid GPS2 poll 3 dpoll -2 filter 16 offset 0.5"
                + " delay 0.2 precision 1e-7 maxdispersion 0.01 stratum 2 tai pps lock SHM1 rate 5 maxlockage 3 width 0.1"
                + " minsamples 8 maxsamples 32 prefer noselect trust require\nrefclock SHM 0\nleapsectz right/UTC");
        assertEquals(
                new ReferenceClockConfig(
                        new Driver.SharedMemory(2, 0644),
                        "GPS2",
                        3,
                        -2,
                        16,
                        500_000_000,
                        200_000_000,
                        OptionalDouble.of(100),
                        10_000_000,
                        2,
                        true,
                        new ReferenceClockConfig.Pulses(true, Optional.of("SHM1"), 5, 3, 100_000_000),
                        OptionalInt.of(8),
                        OptionalInt.of(32),
                        Set.of(
                                ServerConfig.Flag.PREFER,
                                ServerConfig.Flag.NOSELECT,
                                ServerConfig.Flag.TRUST,
                                ServerConfig.Flag.REQUIRE)),
                clock);
    }

    @Test
    void whatIsNotSaidIsChronys() {
        ReferenceClockConfig clock = only("refclock SOCK /run/chrony.ttyAMA0.sock");
        assertEquals(new Driver.Socket("/run/chrony.ttyAMA0.sock"), clock.driver());
        assertEquals("SOC0", clock.referenceId());
        assertEquals(4, clock.pollLog2Seconds());
        assertEquals(0, clock.readLog2Seconds());
        assertEquals(64, clock.filter());
        assertEquals(Set.of(), clock.flags());
        assertEquals(new ReferenceClockConfig.Pulses(false, Optional.empty(), 1, 2, 0), clock.pulses());
        // 2^4 readings come in an interval.
        assertEquals(16, only("refclock SHM 0").filter());
        assertEquals(
                new Driver.NetworkCard("/dev/ptp0", false),
                only("refclock PHC /dev/ptp0:nocrossts").driver());
        assertEquals(
                new Driver.Pulse("/dev/pps1", PulseConfig.Edge.CLEAR),
                only(SERVER + "refclock PPS /dev/pps1:clear").driver());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refclock SHM x|'refclock SHM' has 'x', expected the number of a segment such as 0 or 1:perm=0644: write that in its place",
                "refclock SHM 0:perm=9|'refclock SHM' has '0:perm=9', expected the number of a segment such as 0 or 1:perm=0644: write that in its place",
                "refclock SOCK chrony.sock|'refclock SOCK' has 'chrony.sock', expected the full path of a socket such as /run/chrony.ttyAMA0.sock: write that in its place",
                "refclock PPS pps0|'refclock PPS' has 'pps0', expected a PPS device such as /dev/pps0 or /dev/pps0:clear: write that in its place",
                "refclock PHC /dev/ptp0:extpps:pin=1|'extpps' of '/dev/ptp0:extpps:pin=1' is not supported yet: remove it; pulses are read where they come to a pin of the header (PPS)",
                "refclock SHM 0 local|option 'local' of 'refclock' is not supported yet: remove it; the frequency is learned from all that is measured",
                "refclock SHM 0 lock NMEA|no receiver has the refid of 'lock NMEA': add 'receiver /dev/serial0 refid NMEA'",
                "refclock SHM 0 cable-delay 1e-8|option 'cable-delay 1e-8' is about the pulses of a receiver: remove it; 'offset' corrects any clock",
            })
    void saysWhatIsWrongAndWhatToDo(String line, String message) {
        assertEquals("/n.conf:2: " + message, Readings.onlyError(SERVER + line));
    }

    @Test
    void twoClocksHaveTwoNames() {
        assertEquals(
                "/n.conf:2: two reference clocks have the name 'GPS': write another 'refid' on one of them",
                Readings.onlyError("refclock SHM 0 refid GPS\nrefclock SHM 1 refid GPS"));
    }

    @Test
    void pulsesAloneHaveNoSecond() {
        assertEquals(
                "/n.conf:1: pulses of '/dev/pps0' find nothing that numbers them: add a 'receiver' line and 'lock' with its refid, or a"
                        + " 'server' line",
                Readings.onlyError("refclock PPS /dev/pps0"));
        assertEquals(List.of(), Readings.errors("refclock PPS /dev/pps0\nrefclock SHM 0"));
    }

    @Test
    void aReceiversPulsesTakeNoOptionsOfClocks() {
        List<String> errors =
                Readings.errors("receiver /dev/serial0\nrefclock PPS /dev/pps0 lock GPS poll 2 prefer offset 1.5");
        assertEquals(3, errors.size(), errors.toString());
        assertTrue(errors.toString().contains("'poll 2'"), errors.toString());
        assertTrue(errors.toString().contains("'prefer'"), errors.toString());
        assertTrue(errors.toString().contains("expected a second at most"), errors.toString());
    }

    @Test
    void whoRefersToAClockThatWasRefusedHearsItOnce() {
        assertEquals(
                1,
                Readings.errors("refclock SHM 0 refid NMEA filter 0\nrefclock PPS /dev/pps0 lock NMEA")
                        .size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refclock SHM 0 lock SHM1|option 'lock SHM1' of 'refclock' is about pulses, and SHM tells whole seconds: remove it, or add 'pps'",
                "refclock SHM 0 width 0.1|option 'width 0.1' of 'refclock' is about pulses, and SHM tells whole seconds: remove it, or add 'pps'",
                "refclock PHC /dev/ptp0 rate 5|option 'rate 5' of 'refclock' is about pulses, and PHC tells whole seconds: remove it, or add 'pps'",
                "refclock SHM 0 maxlockage 3|option 'maxlockage 3' of 'refclock' is about pulses, and SHM tells whole seconds: remove it, or add 'pps'",
                "refclock PPS /dev/pps0 maxlockage 3|option 'maxlockage 3' of 'refclock' is about the clock of 'lock', and there is none: remove it, or add 'lock'",
                "refclock PPS /dev/pps0 dpoll 1|option 'dpoll 1' of 'refclock' has no use: readings of PPS are taken as they come: remove it",
                "refclock SOCK /run/a.sock dpoll 1|option 'dpoll 1' of 'refclock' has no use: readings of SOCK are taken as they come: remove it",
                "refclock SHM 0 poll 3 dpoll 4|option 'dpoll 4' of 'refclock' is more than poll 3: it is read at each poll: remove it, or make 'poll' larger",
                "refclock SHM 0 filter 3|option 'filter 3' of 'refclock' leaves no reading out that is far off: that takes four: write 'filter 4' or more, or remove it",
                "refclock PPS /dev/pps0 tai|option 'tai' of 'refclock' has no use: whole seconds of a pulse say nothing: remove it",
                "refclock SHM 0 noselect prefer|option 'prefer' of 'refclock' has no use beside 'noselect': remove one of them",
            })
    void warnsOfWhatChangesNothing(String line, String message) {
        String text = SERVER + "refclock SHM 1\nleapsectz right/UTC\n" + line + "\nallow";
        assertEquals(List.of("/n.conf:4: warning: " + message), Readings.warnings(text));
        assertEquals(List.of(), Readings.errors(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refclock SHM 0 poll 3 dpoll 3 filter 4 pps lock SHM1 width 0.1 rate 5 maxlockage 3",
                "refclock SOCK /run/a.sock lock SHM1 width 0.1 rate 5 maxlockage 3",
                "refclock PPS /dev/pps0 lock SHM1 width 0.1 rate 5 maxlockage 3 prefer trust require",
                "refclock PHC /dev/ptp0 tai poll 0 dpoll -2"
            })
    void doesNotWarnOfWhatHasAUse(String line) {
        assertEquals(List.of(), Readings.warnings(SERVER + "refclock SHM 1\nleapsectz right/UTC\n" + line + "\nallow"));
    }

    /** Of pulses dpoll says nothing: all that come are kept. */
    @Test
    void asManyPulsesAreKeptAsCome() {
        assertEquals(8, only(SERVER + "refclock PPS /dev/pps0 poll 3 dpoll 2").filter());
        assertEquals(20, only(SERVER + "refclock PPS /dev/pps0 poll 2 rate 5").filter());
    }

    @Test
    void taiNeedsSomethingThatTellsItFromUtc() {
        assertEquals(
                "/n.conf:1: option 'tai' of 'refclock' finds nothing that tells TAI from UTC: add 'leapseclist"
                        + " /usr/share/zoneinfo/leap-seconds.list'",
                Readings.onlyError("refclock PHC /dev/ptp0 tai"));
        assertEquals(List.of(), Readings.errors("refclock PHC /dev/ptp0 tai\nleapseclist /a.list"));
        assertEquals(List.of(), Readings.errors("refclock PHC /dev/ptp0 tai\nreceiver /dev/serial0"));
    }

    private static ReferenceClockConfig only(String text) {
        return Readings.config(text).referenceClocks().getFirst();
    }
}
