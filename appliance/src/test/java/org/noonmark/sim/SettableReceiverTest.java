package org.noonmark.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.setup.ReceiverSetup;
import org.noonmark.nmea.setup.SetupReport;
import org.noonmark.nmea.setup.SetupReport.Change;
import org.noonmark.nmea.setup.SetupReport.State;
import org.noonmark.nmea.setup.SetupWish;
import org.noonmark.sim.ReceiverOptions.Dialect;

/** The daemon's set-up against simulated receivers of the older u-blox generations and of MediaTek. */
class SettableReceiverTest {
    private static final long NOON = 1_790_000_000L;
    private static final long HALF_A_SECOND = 500_000_000L;

    @Test
    void aUbloxThatSpokeSentencesAloneSendsItsTimeMessagesAfterwards() {
        SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT);
        assertFalse(bytes(receiver, NOON).contains("b5620107"));
        SetupReport report = setUp(receiver, 115_200);
        assertEquals("u-blox 8 (SPG 3.01)", report.model());
        assertEquals(
                List.of("NAV-PVT", "NAV-TIMEUTC", "TIM-TP", "NAV-STATUS", "NAV-TIMELS", "NAV-SAT", "MON-HW"),
                report.changes().stream().map(Change::what).toList());
        String after = bytes(receiver, NOON + 1);
        assertTrue(after.contains("b5620107") && after.contains("b5620121") && after.contains("b5620d01"), after);
        assertTrue(after.contains(HexFormat.of().formatHex("$GNRMC".getBytes(StandardCharsets.US_ASCII))), after);
    }

    @Test
    void aSecondSetUpFindsAllAsWanted() {
        SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT);
        setUp(receiver, 115_200);
        assertEquals(List.of(), setUp(receiver, 115_200).changes());
    }

    @Test
    void at9600BaudWhatIsSentFitsIntoTheSecond() {
        ReceiverOptions slow = ReceiverOptions.DEFAULT.withLine(9_600, 1);
        SettableReceiver receiver = new SettableReceiver(slow);
        setUp(receiver, 9_600);
        List<ReceiverScript.Chunk> chunks = receiver.chunks(NOON);
        long end = chunks.getLast().dueNanos() - NOON * 1_000_000_000L;
        assertTrue(end < 800_000_000, () -> "ends at " + end);
    }

    @Test
    void everyChangeOfAUbloxIsTakenBackByTheCommandThatIsNoted() {
        SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT);
        String before = bytes(receiver, NOON);
        for (Change change : setUp(receiver, 9_600).changes().reversed()) {
            receiver.hear(HexFormat.of().parseHex(change.undo()));
        }
        assertEquals(before, bytes(receiver, NOON));
    }

    @Test
    void aMediatekGetsTheSentenceWithTheYear() {
        SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT.withDialect(Dialect.MTK_NMEA));
        SetupReport report = setUp(receiver, 9_600);
        assertEquals(State.DONE, report.state());
        assertEquals("MediaTek AXN_2.31_3339_13101700", report.model());
        assertEquals(
                List.of(
                        "sentences was 0,1,0,1,1,5,0,0,0,0,0,0,0,0,0,0,0,0,0, is 0,1,0,1,1,5,0,0,0,0,0,0,0,0,0,0,0,1,0"),
                report.changes().stream().map(Change::toString).toList());
        assertEquals(
                "$PMTK314,0,1,0,1,1,5,0,0,0,0,0,0,0,0,0,0,0,0,0*2C",
                report.changes().getFirst().undo());
        assertEquals(List.of(), setUp(receiver, 9_600).changes());
    }

    @Test
    void aMediatekAtFiveHertzIsSetToOne() {
        SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT.withDialect(Dialect.MTK_NMEA));
        receiver.hear("$PMTK220,200*2C\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
                "time between fixes was 200 ms, is 1000 ms",
                setUp(receiver, 9_600).changes().getFirst().toString());
    }

    private static SetupReport setUp(SettableReceiver receiver, int baud) {
        ReceiverSetup setup = new ReceiverSetup(new SetupWish(baud, false, true));
        SentenceFramer framer = new SentenceFramer(setup);
        long now = 0;
        while (setup.report().state() == State.TALKING) {
            byte[] command = setup.next(now);
            if (command != null) {
                byte[] answer = receiver.hear(command);
                framer.accept(answer, 0, answer.length, now);
            } else {
                now += HALF_A_SECOND;
            }
        }
        return setup.report();
    }

    private static String bytes(ReceiverScript receiver, long second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        receiver.chunks(second).forEach(chunk -> all.writeBytes(chunk.bytes()));
        return HexFormat.of().formatHex(all.toByteArray());
    }
}
