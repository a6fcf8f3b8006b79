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

/** A ZED-F9T that has the settings of a real one, and answers as its interface description says, at one of its ports. */
final class RealSettings implements UnaryOperator<byte[]> {
    final Map<Long, Long> items = new TreeMap<>();
    final List<Long> layers = new ArrayList<>();
    private final byte[] version;

    /** At which we are: 1 and 2 for the UARTs, 3 for USB. */
    int port = 1;

    /** Whether this firmware has CFG-PRT, and MON-COMMS. */
    boolean tellsPort = true;

    boolean counts = true;

    /** Bytes that have come through each port. */
    final long[] received = {0, 4_000_000_000L, 17, 0xffff_fffeL, 0};

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

    private byte[] port() {
        byte[] settings = new byte[20];
        settings[0] = (byte) port;
        return both(UbxFrames.of(UbxFrames.CFG, 0, settings), UbxFrames.of(UbxFrames.ACK, 1, (byte) 0x06, (byte) 0));
    }

    /** UBX-MON-COMMS, version 0. */
    private byte[] counts() {
        int[] numbers = {0x0000, 0x0100, 0x0201, 0x0300, 0x0400};
        byte[] told = new byte[8 + 40 * numbers.length];
        told[1] = (byte) numbers.length;
        for (int i = 0; i < numbers.length; i++) {
            UbxFrames.put(told, 8 + 40 * i, 2, numbers[i]);
            UbxFrames.put(told, 8 + 40 * i + 12, 4, received[i]);
        }
        return UbxFrames.of(UbxFrames.MON, 0x36, told);
    }

    private static byte[] both(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Override
    public byte[] apply(byte[] command) {
        int messageClass = command[2] & 0xff;
        int id = command[3] & 0xff;
        if (messageClass == UbxFrames.MON && id == 0x04) {
            return UbxFrames.of(UbxFrames.MON, 0x04, version);
        }
        received[port] += command.length;
        if (messageClass == UbxFrames.MON && id == 0x36) {
            return counts ? counts() : new byte[0];
        }
        if (messageClass == UbxFrames.CFG && id == 0) {
            return tellsPort ? port() : UbxFrames.of(UbxFrames.ACK, 0, (byte) 0x06, (byte) 0);
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
        return both(UbxFrames.of(UbxFrames.CFG, 0x8b, told), acknowledged);
    }
}
