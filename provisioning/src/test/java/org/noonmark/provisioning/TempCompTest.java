package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.provisioning.Readings.config;
import static org.noonmark.provisioning.Readings.onlyError;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TempCompTest {
    private static final String SENSOR = "/sys/class/hwmon/hwmon0/temp2_input";
    private static final String WITH_TABLE = "receiver /dev/s pps /dev/pps0\nallow\ntempcomp " + SENSOR + " 30 /t\n";

    /** The example of chrony.conf(5). */
    @Test
    void fourCoefficientsAreAParabola() {
        TempComp known = config("tempcomp " + SENSOR + " 30 26000 0.0 0.000183 0.0")
                .tempComp()
                .orElseThrow();
        assertEquals(SENSOR, known.sensor());
        assertEquals(30_000_000_000L, known.intervalNanos());
        assertEquals(0, known.ppm(26_000), 1e-12);
        assertEquals(0.183, known.ppm(27_000), 1e-12);
        TempComp bent = new TempComp("/s", 0, new TempComp.Parabola(25, 1, 0, -0.04));
        assertEquals(1 - 0.04 * 9, bent.ppm(28), 1e-12);
    }

    @Test
    void moreThanTenPartsPerMillionAreNotMeant() {
        TempComp known = new TempComp("/s", 0, new TempComp.Parabola(0, 0, 1, 0));
        assertEquals(-10, known.ppm(-10), 1e-12);
        assertEquals(Double.NaN, known.ppm(10.01));
        assertEquals(Double.NaN, known.ppm(Double.NaN));
    }

    /** The example of chrony.conf(5); beyond its ends the outer lines go on. */
    @Test
    void aTableIsStraightBetweenItsPointsAndBeyond() {
        TempComp known = assertInstanceOf(ConfigReading.Accepted.class, withTable("""
                # of the board in the cellar
                20000 1.0
                21000 0.64

                22000 0.36
                """))
                .config()
                .tempComp()
                .orElseThrow();
        assertEquals(1.0, known.ppm(20_000), 1e-12);
        assertEquals(0.82, known.ppm(20_500), 1e-12);
        assertEquals(0.5, known.ppm(21_500), 1e-12);
        assertEquals(0.08, known.ppm(23_000), 1e-12);
        assertEquals(1.36, known.ppm(19_000), 1e-12);
    }

    @Test
    void withoutTheLineNothingIsKnown() {
        assertEquals(Optional.empty(), config("allow\n").tempComp());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "26000 0.1;27000|/t:2: '27000' is no point of a table of 'tempcomp': write a reading of the sensor and the correction"
                        + " for it, such as '26000 0.04'",
                "26000 warm;1 2|/t:1: '26000 warm' is no point of a table of 'tempcomp': write a reading of the sensor and the"
                        + " correction for it, such as '26000 0.04'",
                "2 1;3 1;3 2|/t:3: '3' is not above the reading before it: sort the lines by their first number",
                "2 1|/t: '/t' has fewer than two points for 'tempcomp': add lines such as '26000 0.04'",
            })
    void aFaultyTableIsRefusedWithFileLineValueAndCure(String lines, String message) {
        ConfigReading.Refused refused =
                assertInstanceOf(ConfigReading.Refused.class, withTable(lines.replace(';', '\n')));
        List<Problem> errors =
                refused.problems().stream().filter(Problem::isError).toList();
        errors.forEach(Readings::assertComplete);
        assertEquals(List.of(message), errors.stream().map(Problem::toString).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tempcomp /s 30|'tempcomp /s 30' must end with either a table or four coefficients: write 'tempcomp SENSOR INTERVAL"
                        + " TABLE' or 'tempcomp SENSOR INTERVAL T0 K0 K1 K2'",
                "tempcomp /s 30 1 2 3|'tempcomp /s 30 1 2 3' must end with either a table or four coefficients: write 'tempcomp SENSOR"
                        + " INTERVAL TABLE' or 'tempcomp SENSOR INTERVAL T0 K0 K1 K2'",
                "tempcomp /s 30 /t 1|'tempcomp /s 30 /t 1' must end with either a table or four coefficients: write 'tempcomp SENSOR"
                        + " INTERVAL TABLE' or 'tempcomp SENSOR INTERVAL T0 K0 K1 K2'",
                "tempcomp /s 30 /t|the table '/t' of 'tempcomp' cannot be read, no such file: write the full path of a file with lines"
                        + " such as '26000 0.04'",
            })
    void aLineThatSaysTooLittleOrTooMuchIsRefused(String line, String message) {
        assertEquals("/n.conf:1: " + message, onlyError(line));
    }

    @Test
    void aWrongWordIsNamed() {
        assertTrue(onlyError("tempcomp temp1_input 30 /t").contains("'temp1_input' for SENSOR"));
        assertTrue(onlyError("tempcomp /s often /t").contains("'often' for INTERVAL"));
        assertTrue(onlyError("tempcomp /s 30 1 2 3 x").contains("'x' for K2"));
    }

    @Test
    void maxchangeTakesChronysThreeNumbers() {
        assertEquals(
                Optional.of(new MaxChange(1_000_000_000_000L, 1, -2)),
                config("maxchange 1000 1 -2").clockLimits().maxChange());
        assertEquals(Optional.empty(), config("allow\n").clockLimits().maxChange());
        assertTrue(onlyError("maxchange 1000 1").contains("'maxchange' needs IGNORE"));
        assertTrue(onlyError("maxchange -1 1 2").contains("'-1' for OFFSET"));
    }

    private static ConfigReading withTable(String table) {
        return new ConfigReader(new MapConfigFiles().with("/n.conf", WITH_TABLE).with("/t", table)).read("/n.conf");
    }
}
