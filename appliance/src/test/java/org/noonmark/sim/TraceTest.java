package org.noonmark.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final String HEAD = """
            # scenario=hold1h seed=1
            # off_s=0.1
            # gaps=((43200, 3600), (54511, 3600))
            k,f_ppb,pps_ns,q_ns,temp_c,nmea_s,nmea_ms,kind
            """;

    @Test
    void readsNotesAndRows() throws IOException {
        Trace trace = read(HEAD + "0,8999.5,-12.250,3.0,50.162,0,118.2,0\n1,9000.5,,3.0,50.162,,120.0,4\n");
        assertEquals(100_000_000, trace.initialErrorNanos());
        assertEquals(List.of(new Trace.Outage(43_200, 3_600), new Trace.Outage(54_511, 3_600)), trace.outages());
        assertEquals(
                List.of(
                        new Trace.Row(8_999.5, OptionalDouble.of(-12.25), 3, 50.162, OptionalInt.of(0), 118.2),
                        new Trace.Row(9_000.5, OptionalDouble.empty(), 3, 50.162, OptionalInt.empty(), 120)),
                trace.rows());
    }

    @Test
    void namesTheLineThatIsNoRow() {
        for (String bad : List.of("0,1,2", "0,x,1,1,1,0,1,0", "0,1,2,3,4,0.5,6,7")) {
            IOException e = assertThrows(IOException.class, () -> read(HEAD + bad + "\n"));
            assertTrue(String.valueOf(e.getMessage()).startsWith("t.1:5: not a row"), e::toString);
        }
    }

    @Test
    void refusesAFileWithoutRows() {
        assertThrows(IOException.class, () -> read(HEAD));
    }

    private static Trace read(String text) throws IOException {
        return Trace.read("t.1", new BufferedReader(new StringReader(text)));
    }
}
