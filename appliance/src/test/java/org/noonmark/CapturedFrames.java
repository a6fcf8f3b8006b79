package org.noonmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Ethernet frames of a pcap file among the test resources. */
public final class CapturedFrames {
    private CapturedFrames() {}

    /** Each whole frame, big-endian, from 0 to its limit. */
    public static List<ByteBuffer> read(String resource) {
        ByteBuffer file = ByteBuffer.wrap(octets(resource)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.getInt(0) != 0xa1b2c3d4 || file.getInt(20) != 1) {
            throw new IllegalArgumentException(resource + " is not a little-endian pcap file of Ethernet frames");
        }
        List<ByteBuffer> frames = new ArrayList<>();
        for (int at = 24; at < file.limit(); at += 16 + file.getInt(at + 8)) {
            frames.add(file.slice(at + 16, file.getInt(at + 8)));
        }
        return frames;
    }

    /** A whole resource. */
    public static byte[] octets(String resource) {
        try (InputStream in = CapturedFrames.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(in, resource).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
