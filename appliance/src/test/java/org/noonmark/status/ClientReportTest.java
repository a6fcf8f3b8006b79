package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.noonmark.ntp.ClientRecord;

class ClientReportTest {
    private static final long NOW = 1_800_000_000_000_000_000L;
    /** The first is that of chronyc's manual, with no commands. */
    private static final List<ClientStatus> CLIENTS = List.of(
            new ClientStatus(
                    "192.168.1.7",
                    new ClientRecord(
                            0,
                            0xffff_c0a8_0107L,
                            2,
                            0,
                            0,
                            OptionalInt.of(2),
                            OptionalInt.empty(),
                            NOW - 133_000_000_000L,
                            4,
                            3,
                            true,
                            true)),
            new ClientStatus(
                    "2001:db8:1234:5678:9abc:def0:1234:5678",
                    new ClientRecord(
                            0x2001_0db8_1234_5678L,
                            0x9abc_def0_1234_5678L,
                            1_234_567,
                            99_999,
                            12,
                            OptionalInt.of(-4),
                            OptionalInt.of(-19),
                            NOW - 86_400_000_000_000L,
                            3,
                            1,
                            false,
                            false)));

    @Test
    void hasChronycsColumns() {
        assertEquals("""
                Hostname                      NTP   Drop Int IntL Last     Cmd   Drop Int  Last
                ===============================================================================
                192.168.1.7                     2      0   2   -   133       0      0   -     -
                2001:db8:1234:5678:9abc:def0:1234:5678  1234567  99999  -4  -19   24h       0      0   -     -
                """, ClientReport.text(CLIENTS, Optional.empty(), NOW, false));
    }

    @Test
    void columnsOfItsOwnComeBehind() {
        assertEquals(
                "192.168.1.7                     2      0   2   -   133       0      0   -     -      0 4 3 MAC  intl",
                ClientReport.text(CLIENTS, Optional.empty(), NOW, true)
                        .lines()
                        .toList()
                        .get(2));
    }

    @Test
    void isJsonToo() {
        assertEquals(
                "{\"clients\":[{\"address\":\"192.168.1.7\",\"requests\":2,\"limited\":0,\"unauthenticated\":0,\"intervalLog2Seconds\":2,"
                        + "\"lastAgeSeconds\":133,\"version\":4,\"mode\":3,\"authenticated\":true,\"interleaved\":true}]}",
                ClientReport.json(CLIENTS.subList(0, 1), Optional.empty(), NOW));
        assertEquals("{\"clients\":[]}", ClientReport.json(List.of(), Optional.empty(), NOW));
    }

    @Test
    void showsConnectionsForKeysInPlaceOfCommands() {
        List<KeClientStatus> keys =
                List.of(new KeClientStatus("192.0.2.77", 12, 3, 7), new KeClientStatus("2001:db8::9", 1, 0, 4_000));
        List<String> lines = ClientReport.text(List.of(), Optional.of(keys), NOW, false)
                .lines()
                .toList();
        assertEquals("Hostname                      NTP   Drop Int IntL Last  NTS-KE   Drop Int  Last", lines.get(0));
        assertEquals("192.0.2.77                      0      0   -   -     -      12      3   -     7", lines.get(2));
        assertEquals("2001:db8::9                     0      0   -   -     -       1      0   -   66m", lines.get(3));
        assertEquals(
                "{\"clients\":[],\"keyClients\":[{\"address\":\"192.0.2.77\",\"connections\":12,\"dropped\":3,\"lastAgeSeconds\":7}]}",
                ClientReport.json(List.of(), Optional.of(keys.subList(0, 1)), NOW));
    }
}
