package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.time.Thermometer;

class ThermalZoneTest {
    @TempDir
    Path zones;

    @Test
    void readsTheProcessorsZoneAnewEachTime() throws IOException {
        zone("thermal_zone0", "gpu-thermal", "30000");
        Path processor = zone("thermal_zone1", "cpu-thermal", "51612");
        Thermometer thermometer = ThermalZone.ofProcessor(zones);
        assertEquals(51.612, thermometer.celsius(), 1e-9);
        Files.writeString(processor, "-500\n");
        assertEquals(-0.5, thermometer.celsius(), 1e-9);
    }

    @Test
    void knowsNothingWhereTheSensorSaysNothing() throws IOException {
        zone("thermal_zone0", "cpu-thermal", "");
        assertEquals(Double.NaN, ThermalZone.ofProcessor(zones).celsius());
    }

    @Test
    void doesWithoutWhereThereIsNone() throws IOException {
        assertSame(Thermometer.NONE, ThermalZone.ofProcessor(zones.resolve("absent")));
        zone("thermal_zone0", "acpitz", "25000");
        assertSame(Thermometer.NONE, ThermalZone.ofProcessor(zones));
    }

    private Path zone(String name, String type, String millidegrees) throws IOException {
        Path zone = Files.createDirectory(zones.resolve(name));
        Files.writeString(zone.resolve("type"), type + "\n");
        return Files.writeString(zone.resolve("temp"), millidegrees + "\n");
    }
}
