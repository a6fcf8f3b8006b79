package org.noonmark.linux;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.noonmark.time.Thermometer;

/**
 * The processor's temperature as Linux tells it: {@code /sys/class/thermal/thermal_zone*}, whose {@code temp} holds millidegrees.
 * The file stays open: each reading of it from the start asks the sensor anew. Used by the timing thread only.
 */
public final class ThermalZone implements Thermometer {
    private static final Path ZONES = Path.of("/sys/class/thermal");
    private static final int LONGEST = 16; // digits of millidegrees, a sign, a newline, and room

    private final RandomAccessFile file;
    private final byte[] text = new byte[LONGEST];

    private ThermalZone(RandomAccessFile file) {
        this.file = file;
    }

    /** The processor's sensor, or {@link Thermometer#NONE} where the machine has none. */
    public static Thermometer ofProcessor() {
        return ofProcessor(ZONES);
    }

    /** Zones are called {@code cpu-thermal} on every Pi; {@code x86_pkg_temp} and the like elsewhere. */
    static Thermometer ofProcessor(Path zones) {
        TreeMap<Integer, Path> byLikeness = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(zones, "thermal_zone*")) {
            for (Path zone : found) {
                byLikeness.putIfAbsent(likeness(Files.readString(zone.resolve("type"))), zone.resolve("temp"));
            }
            byLikeness.remove(Integer.MAX_VALUE);
            return byLikeness.isEmpty()
                    ? NONE
                    : new ThermalZone(new RandomAccessFile(
                            byLikeness.firstEntry().getValue().toFile(), "r"));
        } catch (IOException e) {
            return NONE; // no such directory in most virtual machines: the clock does without
        }
    }

    private static int likeness(String type) {
        if (type.startsWith("cpu")) {
            return 0;
        }
        return type.startsWith("soc") || type.startsWith("x86_pkg") ? 1 : Integer.MAX_VALUE;
    }

    @Override
    public double celsius() {
        try {
            file.seek(0);
            int length = file.read(text);
            return length <= 0
                    ? Double.NaN
                    : Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).strip()) * 1e-3;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN; // a sensor that is just not ready; the next second asks again
        }
    }
}
