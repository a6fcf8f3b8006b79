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
        assertEquals("", witnesses.objection(NOW, true));
        assertTrue(witnesses.objection(NOW, false).contains("1.000 s off"));
    }

    @Test
    void oneThatWeighsStopsASecondThatIsProven() {
        Witnesses witnesses = new Witnesses(List.of(() -> saying(SECOND, true)));
        assertTrue(witnesses.objection(NOW, true).contains("1.000 s off"));
    }

    private static Witness.Testimony saying(long offsetNanos, boolean weighty) {
        return new Witness.Testimony("server a", offsetNanos, SECOND / 50, NOW, 0, weighty);
    }
}
