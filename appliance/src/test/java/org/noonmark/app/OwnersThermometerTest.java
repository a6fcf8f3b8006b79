package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.provisioning.TempComp;

class OwnersThermometerTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory = Path.of("unset");

    private long now;
    private final List<String> readings = new ArrayList<>();

    @Test
    void tellsTheCorrectionAsDegreesOfOneEffect() throws IOException {
        Path sensor = sensor("27000\n");
        OwnersThermometer thermometer = thermometer(sensor, 0.000183);
        assertEquals(183, thermometer.celsius() * OwnersThermometer.EFFECT.ppb(), 1e-9);
    }

    @Test
    void asksTheSensorOnceInAnInterval() throws IOException {
        Path sensor = sensor("27000");
        OwnersThermometer thermometer = thermometer(sensor, 0.0002);
        assertEquals(1, thermometer.celsius(), 1e-9);
        Files.writeString(sensor, "28000");
        now = 29 * SECOND;
        assertEquals(1, thermometer.celsius(), 1e-9);
        now = 30 * SECOND;
        assertEquals(2, thermometer.celsius(), 1e-9);
    }

    @Test
    void knowsNothingWhileTheSensorIsAbsentOrTellsNonsense() throws IOException {
        Path sensor = directory.resolve("temp");
        OwnersThermometer thermometer = thermometer(sensor, 0.01);
        assertEquals(Double.NaN, thermometer.celsius());
        Files.writeString(sensor, "warm");
        now += 30 * SECOND;
        assertEquals(Double.NaN, thermometer.celsius());
        Files.writeString(sensor, "99000"); // 730 ppm
        now += 30 * SECOND;
        assertEquals(Double.NaN, thermometer.celsius());
        Files.writeString(sensor, "26100");
        now += 30 * SECOND;
        assertEquals(5, thermometer.celsius(), 1e-9);
        assertEquals(List.of("26100.0 1.0"), readings);
    }

    private Path sensor(String text) throws IOException {
        return Files.writeString(directory.resolve("temp"), text);
    }

    private OwnersThermometer thermometer(Path sensor, double ppmPerUnit) {
        TempComp known = new TempComp(sensor.toString(), 30 * SECOND, new TempComp.Parabola(26_000, 0, ppmPerUnit, 0));
        return new OwnersThermometer(
                known, new DiskConfigFiles(), () -> now, (shown, ppm) -> readings.add(shown + " " + ppm));
    }
}
