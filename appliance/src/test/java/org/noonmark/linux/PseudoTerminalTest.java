package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class PseudoTerminalTest {
    @Test
    void carriesEveryByteUnchanged() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (PseudoTerminal terminal = PseudoTerminal.open();
                InputStream reader = Files.newInputStream(terminal.path())) {
            assertEquals(all.length, terminal.write(all, all.length));

            assertArrayEquals(all, reader.readNBytes(all.length));
        }
    }

    @Test
    void losesWhatNobodyListensTo() throws IOException {
        byte[] early = "early".getBytes(StandardCharsets.US_ASCII);
        byte[] late = "late".getBytes(StandardCharsets.US_ASCII);
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            assertEquals(0, terminal.write(early, early.length));
            try (InputStream reader = Files.newInputStream(terminal.path())) {
                assertEquals(late.length, terminal.write(late, late.length));
                assertArrayEquals(late, reader.readNBytes(late.length));
            }
            assertEquals(0, terminal.write(early, early.length));
        }
    }

    @Test
    void neverWaitsForASlowReader() throws IOException {
        byte[] burst = new byte[1 << 20];
        try (PseudoTerminal terminal = PseudoTerminal.open();
                InputStream reader = Files.newInputStream(terminal.path())) {
            long taken = 0;
            int last;
            do {
                last = terminal.write(burst, burst.length);
                taken += last;
            } while (last > 0 && taken < burst.length);

            assertEquals(0, last, "the line is full after " + taken + " bytes");
            assertEquals(0, reader.read());
        }
    }

    @Test
    void endsTheReadersInputWhenClosed() throws IOException {
        PseudoTerminal terminal = PseudoTerminal.open();
        try (InputStream reader = Files.newInputStream(terminal.path())) {
            terminal.close();

            assertTrue(endOrError(reader));
        }
        assertThrows(IOException.class, () -> terminal.write(new byte[1], 1));
    }

    private static boolean endOrError(InputStream reader) {
        try {
            return reader.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
