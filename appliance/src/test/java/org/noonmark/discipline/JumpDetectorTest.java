package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JumpDetectorTest {
    private final JumpDetector jumps = new JumpDetector();

    @Test
    void sixAlikeInARowAreAJump() {
        for (int i = 0; i < 5; i++) {
            assertFalse(jumps.isJump(3_000_000 + i * 5_000L));
        }
        assertTrue(jumps.isJump(3_000_000));
    }

    @Test
    void strayEdgesScatterAndAreNone() {
        for (int i = 0; i < 100; i++) {
            assertFalse(jumps.isJump((i * 7_919_000L) % 400_000_000));
        }
    }

    @Test
    void oneIsNoSuspicionAndTwoAre() {
        jumps.isJump(-3_000_000);
        assertEquals(0, jumps.suspectedNanos());
        jumps.isJump(-3_010_000);
        assertEquals(3_010_000, jumps.suspectedNanos());
        jumps.forget();
        assertEquals(0, jumps.suspectedNanos());
    }
}
