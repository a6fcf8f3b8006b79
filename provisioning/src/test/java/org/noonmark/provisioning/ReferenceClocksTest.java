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
import org.noonmark.provisioning.ReferenceClockConfig.Driver;

/** Lines of {@code refclock} that are not about a receiver's own pulses. */
class ReferenceClocksTest {
    private static final String SERVER = "server 192.0.2.1\n";

    @Test
    void everyOptionIsUnderstood() {
        ReferenceClockConfig clock = only("refclock SHM 2:perm=0644 refid GPS2 poll 3 dpoll -2 filter 16 offset 0.5"
                + " delay 0.2 precision 1e-7 maxdispersion 0.01 stratum 2 tai pps lock SHM1 rate 5 maxlockage 3 width 0.1"
                + " minsamples 8 maxsamples 32 prefer noselect trust require\nrefclock SHM 0");
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

    private static ReferenceClockConfig only(String text) {
        return Readings.config(text).referenceClocks().getFirst();
    }
}
