package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyReportIsOneObjectInOneLine() throws IOException {
        for (StatusSnapshot snapshot :
                new StatusSnapshot[] {Snapshots.synchronised(), Snapshots.cold(), Snapshots.holdover()}) {
            for (String text : new String[] {
                StatusJson.status(snapshot, Snapshots.NOW),
                StatusJson.tracking(snapshot, Snapshots.NOW),
                StatusJson.sources(snapshot, Snapshots.NOW),
                StatusJson.sourcestats(snapshot, Snapshots.NOW),
                StatusJson.gps(snapshot, Snapshots.NOW, true),
                StatusJson.pps(snapshot, Snapshots.NOW),
                StatusJson.serverstats(snapshot),
                StatusJson.activity(snapshot, Snapshots.NOW)
            }) {
                assertTrue(JSON.readTree(text).isObject(), text);
                assertFalse(text.contains("\n"), text);
            }
        }
    }

    @Test
    void offsetsKeepTheSignOfReferenceMinusLocal() throws IOException {
        JsonNode tracking = JSON.readTree(StatusJson.tracking(Snapshots.synchronised(), Snapshots.NOW));
        assertEquals(32.0, tracking.path("residualOffsetNanos").asDouble());
        assertEquals(59, tracking.path("lastOffsetNanos").asLong());
        assertEquals(-2.167, tracking.path("frequencyPpm").asDouble());
        assertEquals(1, tracking.path("stratum").asInt());
        assertEquals("50505300", tracking.path("referenceId").asText());
        assertEquals(
                Snapshots.NOW - 400_000_000, tracking.path("referenceTimeNanos").asLong());
    }

    @Test
    void statusHoldsWhatAMonitorNeeds() throws IOException {
        JsonNode status = JSON.readTree(StatusJson.status(Snapshots.synchronised(), Snapshots.NOW));
        assertTrue(status.path("synchronised").asBoolean());
        assertEquals("disciplined", status.path("state").asText());
        assertEquals(1_551, status.path("errorBoundNanos").asLong());
        assertEquals("RMC", status.path("labelling").path("source").asText());
        assertEquals(12, status.path("receivers").path(0).path("satellitesUsed").asInt());
        assertEquals(
                0.4, status.path("pulses").path(0).path("lastEdgeAgeSeconds").asDouble());
        assertEquals(
                4, status.path("server").path("refusals").path(0).path("count").asInt());
        assertEquals(2, status.path("server").path("sendFailures").asInt());
        assertEquals(0, status.path("troubles").size());
        assertEquals(37, status.path("leapSeconds").path("taiMinusUtcSeconds").asInt());
        assertEquals(
                1_814_140_800,
                status.path("leapSeconds").path("expiresUnixSeconds").asLong());
    }

    @Test
    void withoutProofThereIsNoBoundAndStratumIs16() throws IOException {
        JsonNode status = JSON.readTree(StatusJson.status(Snapshots.cold(), Snapshots.NOW));
        assertFalse(status.path("synchronised").asBoolean());
        assertTrue(status.path("errorBoundNanos").isMissingNode());
        assertEquals(16, status.path("tracking").path("stratum").asInt());
        assertEquals(2, status.path("troubles").size());
    }

    @Test
    void thePositionIsThereOnlyWhenAskedFor() {
        StatusSnapshot snapshot = Snapshots.synchronised();
        assertTrue(StatusJson.gps(snapshot, Snapshots.NOW, true).contains("51.4778110"));
        assertFalse(StatusJson.gps(snapshot, Snapshots.NOW, false).contains("51.47"));
        assertFalse(StatusJson.status(snapshot, Snapshots.NOW).contains("51.47"));
    }
}
