package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell on this machine stands in for the board. */
class BoardTest {
    private final Board here = new Board(List.of("sh", "-c"));

    @TempDir
    private Path folder;

    @Test
    void givesWhatACommandPrintedAndWhyOneFailed() throws Exception {
        assertEquals("two\nlines", here.ran("echo two; echo lines; echo a warning >&2"));
        IOException failure =
                assertThrows(IOException.class, () -> here.ran("echo half; echo no such unit >&2; exit 3"));
        assertEquals(
                "'echo half; echo no such unit >&2; exit 3' ended with 3: half\nno such unit",
                String.valueOf(failure.getMessage()));
        assertEquals(3, here.run("echo inactive; exit 3").exitCode());
    }

    @Test
    void givesUpAtOnceWhereNoPulseCanBeRead() {
        Board empty = new Board(List.of("sh", "-c", "exit 1", "sh"));
        assertThrows(IOException.class, () -> empty.recordEdges(folder.resolve("edges"), Duration.ofMinutes(1)));
    }

    @Test
    void writesEachEdgeOnce() throws Exception {
        StringWriter text = new StringWriter();
        EdgeRecorder recorder = new EdgeRecorder(text);
        for (String line : List.of(
                "0.000000000#0",
                "1795346929.000000043#7",
                "1795346929.000000043#7",
                "1795346929.999999990#8",
                "cat: the device is gone",
                "1795346933.000000001#11",
                "1795346990.000000002#1")) {
            recorder.onLine(line);
        }
        assertEquals(
                "7 1795346929.000000043\n8 1795346929.999999990\n11 1795346933.000000001\n1 1795346990.000000002\n",
                text.toString());
        assertEquals(4, recorder.count());
    }

    @Test
    void readsTheKernelsStamps() {
        EdgeStamp late = EdgeStamp.parse("1795346929.000000043#7\n").orElseThrow();
        assertEquals(new EdgeStamp(1_795_346_929_000_000_043L, 7), late);
        assertEquals(43, late.fromSecondNanos());
        assertEquals(
                -10, EdgeStamp.parse("1795346929.999999990#8").orElseThrow().fromSecondNanos());
        assertEquals(Optional.empty(), EdgeStamp.parse("0.0#"));
    }
}
