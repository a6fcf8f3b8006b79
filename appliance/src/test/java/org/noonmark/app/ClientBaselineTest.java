package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.noonmark.ntp.ClientRecord;
import org.noonmark.status.ClientStatus;
import org.noonmark.status.KeClientStatus;

class ClientBaselineTest {
    private final ClientBaseline baseline = new ClientBaseline();

    @Test
    void countsBeginAnewForThoseWhoWereThere() {
        baseline.begin(List.of(client("a", 10, 3)), List.of(new KeClientStatus("a", 5, 1, 9)));
        List<ClientStatus> now = baseline.ofPackets(List.of(client("a", 14, 4), client("b", 2, 0)));
        assertEquals(List.of(client("a", 4, 1), client("b", 2, 0)), now);
        assertEquals(
                List.of(new KeClientStatus("a", 2, 0, 1), new KeClientStatus("b", 1, 0, 1)),
                baseline.ofConnections(List.of(new KeClientStatus("a", 7, 1, 1), new KeClientStatus("b", 1, 0, 1))));
    }

    @Test
    void oneThatWasForgottenMeanwhileCountsFromItsReturn() {
        baseline.begin(List.of(client("a", 10, 3)), List.of());
        assertEquals(List.of(client("a", 4, 0)), baseline.ofPackets(List.of(client("a", 4, 0))));
        assertEquals(List.of(client("a", 2, 1)), baseline.ofPackets(List.of(client("a", 12, 1))), "and has caught up");
    }

    private static ClientStatus client(String address, long requests, long limited) {
        return new ClientStatus(
                address,
                new ClientRecord(
                        0, 1, requests, limited, 0, OptionalInt.of(6), OptionalInt.empty(), 7, 4, 3, false, false));
    }
}
