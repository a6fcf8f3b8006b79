package org.noonmark.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CoreBenchTest {
    /** Far from what it takes: a second may cost a millisecond on a board that is twenty times slower. */
    @Test
    void aSecondCostsAFewDozenMicroseconds() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, CoreBench.run(new PrintStream(out, true, StandardCharsets.UTF_8)));
        String text = out.toString(StandardCharsets.UTF_8).strip();
        System.out.println(text);
        ResultLine line = ResultLine.of(text);
        assertEquals("core", line.word("bench"));
        assertTrue(line.number("p50_us") < 50, text);
        assertTrue(line.number("core_bytes") < 2_000_000, text);
    }
}
