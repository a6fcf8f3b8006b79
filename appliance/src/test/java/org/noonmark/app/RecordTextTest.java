package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.noonmark.pps.PpsEdge.Polarity;

class RecordTextTest {
    record Inner(double ratio, Polarity polarity) {}

    record Outer(
            long big, int small, boolean flag, String text, Inner inner, List<Inner> list, Optional<String> word) {}

    @Test
    void whatIsWrittenIsReadAgainBitByBit() throws RecordText.MismatchException {
        Outer value = new Outer(
                Long.MIN_VALUE,
                -1,
                true,
                "a b > 100 % \u00e4\n",
                new Inner(0.1 + 0.2, Polarity.CLEAR),
                List.of(new Inner(Double.NaN, Polarity.ASSERT), new Inner(-0.0, Polarity.CLEAR)),
                Optional.of(""));
        assertEquals(value, read(Outer.class, written(value)));
        Outer empty = new Outer(0, 0, false, "", new Inner(0, Polarity.ASSERT), List.of(), Optional.empty());
        assertEquals(empty, read(Outer.class, written(empty)));
    }

    @Test
    void damageIsNamed() {
        assertTrue(refusal("1.5").contains("ends too early"));
        assertTrue(refusal("x CLEAR").contains("x"));
        assertTrue(refusal("1.5 SIDEWAYS").contains("'SIDEWAYS' is no Polarity"));
    }

    @Test
    void whatHasNoFormIsAMistakeOfOurs() {
        assertThrows(IllegalArgumentException.class, () -> written(new Object()));
    }

    private static String written(Object value) {
        StringBuilder out = new StringBuilder();
        RecordText.append(out, value);
        return out.substring(1);
    }

    private static <T> T read(Class<T> type, String text) throws RecordText.MismatchException {
        return RecordText.read(type, Arrays.asList(text.split(" ", -1)).iterator());
    }

    private static String refusal(String text) {
        return String.valueOf(assertThrows(RecordText.MismatchException.class, () -> read(Inner.class, text))
                .getMessage());
    }
}
