package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datagrams as programs send them to chrony's socket of samples. */
class SampleSocketTest {
    private static final int MAGIC = 0x534f434b;

    @TempDir
    private Path folder;

    @Test
    void samplesAreReadAndWhatIsNoneIsNot() throws IOException {
        Path path = folder.resolve("chrony.sock");
        Files.writeString(path, "left by an earlier run");
        try (SampleSocket socket = SampleSocket.open(path)) {
            assertEquals(Optional.empty(), socket.await(0));
            send(path, sample(1_800_000_000L, 250_000, 0.5, 0, 1, MAGIC).array());
            assertEquals(
                    Optional.of(new SampleSocket.Sample(1_800_000_000_250_000_000L, 500_000_000, false, 1)),
                    socket.await(1_000));
            send(path, sample(1_800_000_000L, 0, -1e-6, 1, 0, MAGIC).array());
            assertEquals(
                    Optional.of(new SampleSocket.Sample(1_800_000_000_000_000_000L, -1_000, true, 0)),
                    socket.await(1_000));
            send(path, sample(1_800_000_000L, 0, 0, 0, 0, 7).array());
            assertEquals(Optional.empty(), socket.await(1_000));
            send(path, new byte[41]);
            assertEquals(Optional.empty(), socket.await(1_000));
            assertEquals(Optional.empty(), socket.await(0));
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void anyOctetsWillDo() {
        SplittableRandom chance = new SplittableRandom(5);
        for (int round = 0; round < 100_000; round++) {
            byte[] octets = new byte[41];
            chance.nextBytes(octets);
            ByteBuffer sample = ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder());
            sample.putInt(36, MAGIC);
            SampleSocket.parse(sample).ifPresent(found -> {
                assertTrue(Math.abs((double) found.systemNanos()) < 4.1e18, found.toString());
                assertTrue(found.leapIndicator() >= 0 && found.leapIndicator() <= 3, found.toString());
            });
        }
        assertEquals(Optional.empty(), SampleSocket.parse(sample(0, 0, Double.NaN, 0, 0, MAGIC)));
    }

    private static ByteBuffer sample(long seconds, long micros, double offset, int pulse, int leap, int magic) {
        return ByteBuffer.allocate(40)
                .order(ByteOrder.nativeOrder())
                .putLong(seconds)
                .putLong(micros)
                .putDouble(offset)
                .putInt(pulse)
                .putInt(leap)
                .putInt(0)
                .putInt(magic);
    }

    private static void send(Path to, byte[] message) {
        byte[] address = ByteBuffer.allocate(110)
                .order(ByteOrder.nativeOrder())
                .putShort((short) 1)
                .put(to.toString().getBytes(StandardCharsets.UTF_8))
                .array();
        int fd = Libc.socket(1, 2, 0);
        assertEquals(message.length, Libc.sendto(fd, message, message.length, 0, address, address.length));
        Libc.close(fd);
    }
}
