package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestLogsTest {
    private static final String HEADING =
            "n\tutc\ttrue_ppm\tworld\tedge_late_ns\tclock_err_ns\tpps_minus_true_ns\tadj_status"
                    + "\tadj_freq_ppm\tadj_tick\tadj_maxerror_us\tadj_esterror_us\tadj_state\tadj_tai\tleap\tstratum\troot_delay_ns\troot_dispersion_ns"
                    + "\tserved_err_ns\tround_trip_ns";

    @TempDir
    private Path folder;

    @Test
    void readsWhatTheObserverWrote() throws Exception {
        List<Second> seconds = seconds(
                "71\t1795346851\t12.000500\t.\t436\t-14949\t14912\t0x0040\t-11.997711\t10000\t530\t1\t5\t0\t-\t-\t-\t-\t-\t-",
                "141\t1795346921\t12.000500\tno-pulse mute .\t436\t-14892\t-\t0x2000\t-12.004578\t10000\t31\t1\t0\t37\t0\t1\t0\t45776\t-40051\t85000");
        Second stopped = seconds.getFirst();
        assertEquals(Set.of(""), stopped.world());
        assertEquals(-14_949, stopped.clockErrorNanos());
        assertFalse(stopped.isServed());
        assertFalse(stopped.kernel().isSynchronised());
        Second alone = seconds.getLast();
        assertEquals(Set.of("no-pulse", "mute"), alone.world());
        assertTrue(alone.isServed());
        assertEquals(new Second.Kernel(0x2000, -12.004578, 10_000, 31, 1, 0, 37), alone.kernel());
        assertEquals(45_776, alone.answer().orElseThrow().rootDistanceNanos());
    }

    @Test
    void anErrorBreaksItsBoundWhenNoAsymmetryOfTheWayExcusesIt() {
        assertFalse(new Second.Answer(0, 1, 20_000, 35_000, -80_000, 70_000).breaksItsBound());
        assertTrue(new Second.Answer(0, 1, 20_000, 35_000, -80_001, 70_000).breaksItsBound());
        assertTrue(new Second.Answer(0, 1, 0, 45_776, 999_961_198, 85_000).breaksItsBound());
    }

    @Test
    void readsMarksFromBeforeTheFirstSecond() throws Exception {
        Files.writeString(folder.resolve("marks.log"), "n\tcold\n60\tTERM ended it with 0\n");
        GuestLogs logs = new GuestLogs(folder);
        assertEquals(-1, logs.secondOf("cold"));
        assertEquals(60, logs.secondOf("TERM ended it with 0"));
    }

    private List<Second> seconds(String... lines) throws IOException {
        Files.writeString(folder.resolve("world.log"), HEADING + "\n" + String.join("\n", lines) + "\n");
        return new GuestLogs(folder).seconds();
    }
}
