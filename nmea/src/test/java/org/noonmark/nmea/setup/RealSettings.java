package org.noonmark.nmea.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A ZED-F9T that has the settings of a real one, and answers as its interface description says. */
final class RealSettings implements UnaryOperator<byte[]> {
    final Map<Long, Long> items = new TreeMap<>();
    final List<Long> layers = new ArrayList<>();
    private final byte[] version;

    RealSettings() {
        List<String> lines;
        try {
            lines = Files.readAllLines(
                    Path.of("src", "test", "resources", "receivers", "time-card", "zed-f9t-settings.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        version = HexFormat.of().parseHex(lines.get(1));
        for (String line : lines.subList(2, lines.size())) {
            int space = line.indexOf(' ');
            items.put(
                    Long.parseLong(line.substring(0, space), 16),
                    Long.parseUnsignedLong(line.substring(space + 1), 16));
        }
    }

    @Override
    public byte[] apply(byte[] command) {
        int messageClass = command[2] & 0xff;
        int id = command[3] & 0xff;
        if (messageClass == UbxFrames.MON && id == 0x04) {
            return UbxFrames.of(UbxFrames.MON, 0x04, version);
        }
        if (messageClass != UbxFrames.CFG || (id != 0x8a && id != 0x8b)) {
            return new byte[0];
        }
        byte[] about = {(byte) messageClass, (byte) id};
        long key = UbxFrames.get(command, 10, 4);
        Long now = items.get(key);
        if (now == null) {
            return UbxFrames.of(UbxFrames.ACK, 0, about);
        }
        int size = 1 << Math.max(0, (int) (key >> 28 & 7) - 2);
        byte[] acknowledged = UbxFrames.of(UbxFrames.ACK, 1, about);
        if (id == 0x8a) {
            layers.add(UbxFrames.get(command, 7, 1));
            items.put(key, UbxFrames.get(command, 14, size));
            return acknowledged;
        }
        byte[] told = new byte[8 + size];
        told[0] = 1;
        UbxFrames.put(told, 4, 4, key);
        UbxFrames.put(told, 8, size, now);
        byte[] data = UbxFrames.of(UbxFrames.CFG, 0x8b, told);
        byte[] both = Arrays.copyOf(data, data.length + acknowledged.length);
        System.arraycopy(acknowledged, 0, both, data.length, acknowledged.length);
        return both;
    }
}
