package org.noonmark.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceGeneratorTest {
    /** Rows of the traces on which chrony's and the reference estimator's stored figures rest, made by another program (in Python). */
    @ParameterizedTest
    @CsvSource({
        "irqtail, '1,8999.778376,-97.562,-4.977,50.161,0,146.5,0'",
        "irqtail, '1233,8998.515627,330.956,5.230,50.161,0,131.2,0'",
        "faststep, '1233,8791.439156,292.157,6.812,50.161,0,121.3,0'",
        "badpulse, '0,8999.760220,-575.665,4.066,49.674,-1,110.3,0'",
        "badpulse, '842,8985.050746,-99685704.170,9.825,49.674,0,99.1,3'",
        "hold1h, '1233,9008.798532,59.960,-3.819,50.161,0,130.0,0'",
    })
    void makesTheTracesOfTheStoredFigures(String scenario, String row) {
        assertTrue(text(scenario).contains("\n" + row + "\n"), () -> scenario + " has no row " + row);
    }

    @Test
    void tellsTheOutages() throws IOException {
        Trace trace = Trace.read("hold24h.1", new BufferedReader(new StringReader(text("hold24h"))));
        assertEquals(List.of(new Trace.Outage(86_400, 86_400)), trace.outages());
        assertEquals(100_000_000, trace.initialErrorNanos());
        assertEquals(176_400, trace.rows().size());
        assertTrue(trace.rows().get(86_400).edgeErrorNanos().isEmpty());
        assertTrue(trace.rows().get(172_800).edgeErrorNanos().isPresent());
    }

    private static String text(String name) {
        Scenario found = Scenario.ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
        return TraceGenerator.text(found, 1);
    }
}
