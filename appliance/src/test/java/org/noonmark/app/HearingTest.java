package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.noonmark.nmea.serial.PortStatus.State;
import org.noonmark.status.ReceiverStatus.Link;

class HearingTest {
    private static final long SECOND = 1_000_000_000L;

    private final Hearing hearing = new Hearing();

    @Test
    void aReceiverThatTalkedAndStoppedIsSilent() {
        talk(10);
        assertEquals(Link.TALKING, hearing.link(State.READING, 14 * SECOND));
        assertEquals(Link.SILENT, hearing.link(State.READING, 16 * SECOND));
        assertFalse(hearing.onBytes(11, 40 * SECOND), "its speed is what it was");
        assertEquals(Link.TALKING, hearing.link(State.READING, 41 * SECOND));
    }

    @Test
    void aReceiverThatIsNotUnderstoodAnyMoreIsGarbled() {
        talk(10);
        for (int second = 11; second <= 18; second++) {
            assertFalse(hearing.onBytes(10, second * SECOND));
            assertEquals(Link.TALKING, hearing.link(State.READING, second * SECOND));
        }
        assertTrue(hearing.onBytes(10, 19 * SECOND), "another speed is to be tried");
        assertEquals(Link.GARBLED, hearing.link(State.READING, 19 * SECOND));
        assertEquals(Link.GARBLED, hearing.link(State.DETECTING, 30 * SECOND));
        hearing.onConnected(31 * SECOND);
        assertFalse(hearing.onBytes(11, 32 * SECOND));
        assertEquals(Link.TALKING, hearing.link(State.READING, 32 * SECOND));
    }

    @Test
    void oneThatWasNeverHeardIsSilentAndOneNeverUnderstoodIsGarbled() {
        hearing.onConnected(0);
        assertEquals(Link.SILENT, hearing.link(State.READING, SECOND));
        assertEquals(Link.SILENT, hearing.link(State.DETECTING, SECOND));
        hearing.onBytes(0, 2 * SECOND);
        assertEquals(Link.GARBLED, hearing.link(State.READING, 2 * SECOND));
        assertEquals(Link.ABSENT, hearing.link(State.GONE, 2 * SECOND));
    }

    private void talk(int seconds) {
        hearing.onConnected(0);
        for (int second = 1; second <= seconds; second++) {
            assertFalse(hearing.onBytes(second, second * SECOND));
        }
    }
}
