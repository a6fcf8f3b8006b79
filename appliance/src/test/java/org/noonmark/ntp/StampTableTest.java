package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StampTableTest {
    private static final long RECEIVE = 0xeead_295f_7881_2801L;
    private static final long TRANSMIT = RECEIVE + 12_345;
    private static final long CLIENT = 42;

    private final StampTable table = new StampTable(4096);

    @Test
    void tellsOnceWhenAnAnswerLeft() {
        assertEquals(RECEIVE, table.save(RECEIVE, CLIENT));
        table.onTransmit(RECEIVE, TRANSMIT);
        assertEquals(1, table.held());
        assertEquals(TRANSMIT, table.take(RECEIVE, CLIENT));
        assertEquals(0, table.take(RECEIVE, CLIENT));
        assertEquals(0, table.held());
    }

    @Test
    void anAnswerThatWasNeverSeenLeavingIsNotKnownAndForgottenAtTheQuestion() {
        table.save(RECEIVE, CLIENT);
        assertEquals(0, table.take(RECEIVE, CLIENT));
        table.onTransmit(RECEIVE, TRANSMIT);
        assertEquals(0, table.take(RECEIVE, CLIENT));
    }

    @Test
    void anotherClientDoesNotGetThePairAndDoesNotSpendIt() {
        table.save(RECEIVE, CLIENT);
        table.onTransmit(RECEIVE, TRANSMIT);
        assertEquals(0, table.take(RECEIVE, CLIENT + 1));
        assertEquals(TRANSMIT, table.take(RECEIVE, CLIENT));
    }

    @Test
    void receiveStampsAreUnique() {
        Set<Long> saved = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            long unique = table.save(RECEIVE, i);
            assertEquals(1, unique & 1);
            assertTrue(unique - RECEIVE <= 6);
            assertTrue(saved.add(unique));
        }
    }

    @Test
    void stampsThatAreNotHeldChangeNothing() {
        table.onTransmit(RECEIVE, TRANSMIT);
        table.onTransmit(0, TRANSMIT);
        assertEquals(0, table.take(RECEIVE, CLIENT));
        assertEquals(0, table.take(0, 0));
        assertEquals(0, table.held());
    }

    @Test
    void aStepOfTheClockForgetsAll() {
        for (int i = 0; i < 100; i++) {
            long receive = RECEIVE + i * 1_000_000L;
            table.save(receive, CLIENT);
            table.onTransmit(receive, receive + 1);
        }
        table.clear();
        assertEquals(0, table.held());
        for (int i = 0; i < 100; i++) {
            assertEquals(0, table.take(RECEIVE + i * 1_000_000L, CLIENT));
        }
    }

    @Test
    void aFloodDoesNotMakeItGrowAndTheNewestStay() {
        Random random = new Random(9769);
        Map<Long, Long> newest = new HashMap<>();
        // Across the end of the era: stamps wrap to 0 on the way.
        long receive = -3_000_000_001L * 40_000;
        for (int i = 0; i < 100_000; i++) {
            receive += (random.nextInt(3_000_000) + 1_500_000_000L) * 2;
            long unique = table.save(receive | 1, i);
            table.onTransmit(unique, unique + 1);
            if (i >= 99_000) {
                newest.put(unique, (long) i);
            }
        }
        assertTrue(table.held() <= 4096);
        long known = newest.entrySet().stream()
                .filter(pair -> table.take(pair.getKey(), pair.getValue()) == pair.getKey() + 1)
                .count();
        assertTrue(known > 990, "of the newest 1000 only " + known);
    }

    @Test
    void withoutRoomNothingIsHeld() {
        StampTable none = new StampTable(0);
        assertEquals(0, none.save(RECEIVE, CLIENT));
        none.onTransmit(RECEIVE, TRANSMIT);
        assertEquals(0, none.take(RECEIVE, CLIENT));
        none.clear();
        assertEquals(0, none.capacity());
    }

    @Test
    void itsSizeIsAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new StampTable(100));
        assertThrows(IllegalArgumentException.class, () -> new StampTable(2));
        assertNotEquals(0, new StampTable(4).save(RECEIVE, CLIENT));
    }
}
