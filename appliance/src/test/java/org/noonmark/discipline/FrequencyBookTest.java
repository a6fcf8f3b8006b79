package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FrequencyBookTest {
    private final FrequencyBook book = new FrequencyBook(new ModelBank(0, 1, 0), new TemperatureFilter(), 200);

    @Test
    void aTimeWithAnOutageInItIsNotWhole() {
        minutes(60, 100);
        book.onEdge(3_600, 150);
        minutes(30, 200);
        assertEquals(90, book.minutes(), 1);
        assertFalse(book.isWhole(50, book.now()), "an hour is missing");
        assertTrue(book.isWhole(20, 59));
        assertTrue(book.isWhole(62, book.now()));
        assertEquals(200, book.meanPpb(62, book.now(), false), 1e-9);
    }

    @Test
    void aFewMissingEdgesLeaveATimeWhole() {
        minutes(30, 100);
        book.onEdge(20, 100);
        minutes(30, 100);
        assertTrue(book.isWhole(10, book.now()));
        assertFalse(book.isWhole(28, 33), "a third of a minute in five");
    }

    @Test
    void anOutageThatIsTakenBackIsForgotten() {
        minutes(60, 100);
        book.onEdge(3_600, 100);
        minutes(2, 100);
        book.takeBack(4);
        minutes(10, 100);
        assertTrue(book.isWhole(40, book.now()));
    }

    private void minutes(int count, double ppb) {
        for (int i = 0; i < 60 * count; i++) {
            book.onEdge(1, ppb);
        }
    }
}
