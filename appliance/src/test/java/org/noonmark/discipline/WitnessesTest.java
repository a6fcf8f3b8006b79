package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What other clocks may hold against the receiver. */
class WitnessesTest {
    private static final long NOW = 1_800_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void oneThatAnybodyMaySpeakForDoesNotStopASecondThatIsProven() {
        Witnesses witnesses = new Witnesses(List.of(() -> saying(SECOND, false)));
        assertEquals("", witnesses.objection(NOW, true, 1_000));
        assertTrue(witnesses.objection(NOW, false, 1_000).contains("1.000 s off"));
    }

    @Test
    void oneThatWeighsStopsASecondThatIsProven() {
        Witnesses witnesses = new Witnesses(List.of(() -> saying(SECOND, true)));
        assertTrue(witnesses.objection(NOW, true, 1_000).contains("1.000 s off"));
    }

    /** Off by more than twice its own bound, ours and a millisecond; not one that anybody may speak for, and not in doubt of ourselves. */
    @Test
    void oneThatWeighsAndIsSureStopsPulsesThatAreDrawnAway() {
        Witness.Testimony sure = new Witness.Testimony("server a", 1_700_000, 300_000, NOW, 0, true);
        String objection = new Witnesses(List.of(() -> sure)).objection(NOW, true, 50_000);
        assertTrue(
                objection.startsWith("server a says that the clock is 1.7 ms off, and can itself be wrong by 0.3 ms;"),
                objection);
        assertEquals("", new Witnesses(List.of(() -> sure)).objection(NOW, true, 150_000));
        Witness.Testimony light = new Witness.Testimony("server a", 1_700_000, 300_000, NOW, 0, false);
        assertEquals("", new Witnesses(List.of(() -> light)).objection(NOW, true, 50_000));
        Witness.Testimony far = new Witness.Testimony("server a", 40_000_000, 20_000_000, NOW, 0, true);
        assertEquals("", new Witnesses(List.of(() -> far)).objection(NOW, true, 50_000));
    }

    private static Witness.Testimony saying(long offsetNanos, boolean weighty) {
        return new Witness.Testimony("server a", offsetNanos, SECOND / 50, NOW, 0, weighty);
    }
}
