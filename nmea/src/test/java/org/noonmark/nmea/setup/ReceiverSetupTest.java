package org.noonmark.nmea.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.setup.SetupReport.Change;
import org.noonmark.nmea.setup.SetupReport.State;

class ReceiverSetupTest {
    private static final SetupWish UART = new SetupWish(115_200, false, true);
    private static final Path RECEIVERS = Path.of("src", "test", "resources", "receivers");

    private final RealSettings f9t = new RealSettings();
    private final Conversation conversation = new Conversation();

    @Test
    void aTimingReceiverGetsItsMessagesAndASurveyOfItsPlace() {
        SetupReport report = conversation.hold(UART, f9t);
        assertEquals(State.DONE, report.state());
        assertEquals("u-blox ZED-F9T (TIM 2.01)", report.model());
        assertEquals(
                List.of(
                        "NAV-PVT was off, is each second",
                        "TIM-TP was off, is each second",
                        "NAV-STATUS was off, is each second",
                        "NAV-SAT was off, is each second",
                        "MON-RF was off, is each second",
                        "length of the survey was 0, is 3600",
                        "limit of the survey was 0, is 20000",
                        "time mode was 0, is 1"),
                report.changes().stream().map(Change::toString).toList());
        assertEquals(1, f9t.items.get(0x2091_0007L));
        assertEquals(1, f9t.items.get(0x2003_0001L));
    }

    @Test
    void nothingIsSavedInTheReceiver() {
        conversation.hold(UART, f9t);
        assertEquals(Set.of(1L), Set.copyOf(f9t.layers)); // the RAM layer
    }

    @Test
    void aSecondSetUpAsksAndChangesNothing() {
        conversation.hold(UART, f9t);
        Conversation second = new Conversation();
        SetupReport report = second.hold(UART, f9t);
        assertEquals(List.of(), report.changes());
        assertEquals("the receiver's settings are as wanted", report.sentence());
        assertTrue(second.said.stream().noneMatch(command -> command.startsWith("b562068a")), () -> "" + second.said);
    }

    @Test
    void everyChangeCanBeTakenBackByTheCommandThatIsNoted() {
        RealSettings before = new RealSettings();
        SetupReport report = conversation.hold(UART, f9t);
        for (Change change : report.changes().reversed()) {
            f9t.apply(HexFormat.of().parseHex(change.undo()));
        }
        assertEquals(before.items, f9t.items);
    }

    @Test
    void anAntennaThatMovesIsNotSurveyed() {
        conversation.hold(new SetupWish(115_200, false, false), f9t);
        assertEquals(0, f9t.items.get(0x2003_0001L));
    }

    @Test
    void aReceiverInTimeModeStaysAsItIs() {
        f9t.items.put(0x2003_0001L, 2L); // a fixed place that its owner has given
        conversation.hold(UART, f9t);
        assertEquals(2, f9t.items.get(0x2003_0001L));
        assertEquals(0, f9t.items.get(0x4003_0010L));
    }

    /** NAV-PVT's keys for I2C, UART1, UART2, USB and SPI are 20910006 to 2091000a. */
    @ParameterizedTest
    @CsvSource({"1, true, true", "2, true, true", "3, true, true", "1, false, true", "2, false, true", "3, false, true"
    })
    void theMessagesOfThePortThatIsAskedAreSet(int port, boolean tellsPort, boolean counts) {
        f9t.port = port;
        f9t.tellsPort = tellsPort;
        f9t.counts = counts;
        Map<Long, Long> before = new TreeMap<>(f9t.items);
        SetupReport report = conversation.hold(UART, f9t);
        assertEquals(List.of(), report.remarks());
        for (int i = 0; i < 5; i++) {
            long key = 0x2091_0006L + i;
            assertEquals(i == port ? Long.valueOf(1) : before.get(key), f9t.items.get(key), "port " + i);
        }
    }

    @Test
    void aPortThatTalksToSomeoneElseMeanwhileIsNotTakenForOurs() {
        f9t.port = 2;
        f9t.tellsPort = false;
        SetupReport report = conversation.hold(UART, command -> {
            f9t.received[1] += 200; // corrections from a radio
            return f9t.apply(command);
        });
        assertEquals(List.of("it does not say at which of its ports it is asked, taken to be UART1"), report.remarks());
    }

    @Test
    void realReceiversCountByPort() throws IOException {
        assertEquals(
                Map.of(1, 0L, 3, 16_164L), // a NEO-M9N that was asked over USB
                UbxPort.counts(
                        payloads("pyubx2/mon_span.ubx", UbxFrames.MON, 0x36).getFirst()));
        assertEquals(
                Map.of(1, 0L, 2, 114L, 3, 1_236L), // a ZED-F9P, which has ports inside, too
                UbxPort.counts(payloads("pyubx2/ucenter-ZEDF9P-configdebug.log", UbxFrames.MON, 0x36)
                        .getFirst()));
        byte[] port = payloads("pyubx2/mon_span.ubx", UbxFrames.CFG, 0).getFirst();
        assertEquals(3, port[0], "the NEO-M9N at USB has CFG-PRT");
    }

    @Test
    void aReceiverThatTellsNoPortIsSetAsItsDeviceSuggests() {
        f9t.tellsPort = false;
        f9t.counts = false;
        conversation.hold(new SetupWish(0, true, true), f9t);
        assertEquals(1, f9t.items.get(0x2091_0009L));
        assertEquals(0, f9t.items.get(0x2091_0007L));
    }

    @Test
    void aPulseThatRunsWithoutFixIsConfinedToTimesOfFix() {
        f9t.items.put(0x4005_0004L, 100_000L); // a pulse before the time is known
        f9t.items.put(0x1005_0009L, 0L);
        f9t.items.put(0x2005_000cL, 2L); // the grid of GLONASS
        conversation.hold(UART, f9t);
        assertEquals(0, f9t.items.get(0x4005_0004L));
        assertEquals(1, f9t.items.get(0x1005_0009L));
        assertEquals(0, f9t.items.get(0x2005_000cL));
        assertEquals(200_000, f9t.items.get(0x4005_0005L), "the owner's length stays");
    }

    @Test
    void onASlowLineRoomIsMadeAndLongMessagesAreRare() {
        f9t.items.put(0x2091_00c5L, 1L); // GSV
        SetupReport report = conversation.hold(new SetupWish(9_600, false, true), f9t);
        assertEquals(0, f9t.items.get(0x2091_00c5L));
        assertEquals(5, f9t.items.get(0x2091_0016L), "NAV-SAT");
        assertEquals(1, f9t.items.get(0x2091_0007L), "NAV-PVT");
        assertEquals("GSV was each second, is off", report.changes().getFirst().toString());
    }

    @Test
    void aLineOf4800BaudIsLeftAlone() {
        SetupReport report = conversation.hold(new SetupWish(4_800, false, true), f9t);
        assertEquals(State.TOO_SLOW, report.state());
        assertEquals(List.of(), conversation.said);
    }

    @Test
    void aReceiverThatDoesNotAnswerIsUsedAsItIs() {
        SetupReport report = conversation.hold(UART, _ -> new byte[0]);
        assertEquals(State.UNANSWERED, report.state());
        assertTrue(report.sentence().contains("our TX to its RX"), report.sentence());
        String release = HexFormat.of().formatHex("$PMTK605*31\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
                List.of("b5620a0400000e34", "b5620a0400000e34", "b5620a0400000e34", release, release, release),
                conversation.said);
    }

    @Test
    void aRefusedChangeIsToldAndTheRestGoesOn() {
        SetupReport report = conversation.hold(UART, command -> {
            boolean sets = (command[2] & 0xff) == 0x06 && (command[3] & 0xff) == 0x8a;
            boolean timePulse = sets && UbxFrames.get(command, 10, 4) == 0x2091_017eL;
            return timePulse ? UbxFrames.of(UbxFrames.ACK, 0, (byte) 0x06, (byte) 0x8a) : f9t.apply(command);
        });
        assertEquals(List.of("it did not take the change of TIM-TP"), report.remarks());
        assertEquals(7, report.changes().size());
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgain() {
        Random random = new Random(4);
        SetupReport report =
                conversation.hold(UART, command -> random.nextInt(4) == 0 ? new byte[0] : f9t.apply(command));
        assertEquals(State.DONE, report.state());
        assertEquals(1, f9t.items.get(0x2091_0007L));
        assertEquals(1, f9t.items.get(0x2003_0001L));
    }

    @Test
    void findsModelsInTheirOwnWords() throws IOException {
        assertEquals(
                "u-blox NEO-M9N (SPG 4.04)", identity("pyubx2/mon_span.ubx").name());
        assertEquals(
                "u-blox ZED-F9P (HPG 1.32)",
                identity("pyubx2/ucenter-ZEDF9P-configdebug.log").name());
        UbxIdentity eight = identity("gpsd/ublox8-uniqid-monhw.log");
        assertEquals("u-blox 8 (SPG 3.01)", eight.name());
        assertFalse(eight.hasItems());
        assertTrue(identity("pyubx2/mon_span.ubx").hasItems());
        assertFalse(identity("pyubx2/ucenter-ZEDF9P-configdebug.log").isForTiming());
    }

    @Test
    void aReceiverThatGarblesItsVersionIsOneOfTheOldKind() {
        for (String garbled : List.of("PROTVER", "PROTVER=", "PROTVER nonsense", "MOD=", "FWVER=")) {
            byte[] version = new byte[70];
            byte[] extension = garbled.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(extension, 0, version, 40, extension.length);
            assertFalse(UbxIdentity.of(version).hasItems(), garbled);
        }
    }

    @Test
    void aRealPulseSettingIsAsWantedOnceItWasChanged() throws IOException {
        byte[] found = payloads("pyubx2/pygpsdata-CFG.log", UbxFrames.CFG, 0x31).getFirst();
        byte[] wanted = UbxPulse.wanted(found);
        assertEquals(50, UbxFrames.get(wanted, 4, 2), "the cable delay that the receiver takes off stays");
        assertEquals("1000000 us while the time is known", UbxPulse.describe(wanted));
        assertEquals(HexFormat.of().formatHex(wanted), HexFormat.of().formatHex(UbxPulse.wanted(wanted)));
    }

    @Test
    void acknowledgementsOfARealReceiverAreUnderstood() throws IOException {
        AckCounter counter = new AckCounter();
        byte[] capture = Files.readAllBytes(RECEIVERS.resolve("gpsd/ublox8-uniqid-monhw.log"));
        new SentenceFramer(counter).accept(capture, 0, capture.length, 0);
        assertEquals(28, counter.accepted);
        assertEquals(2, counter.refused);
    }

    private static UbxIdentity identity(String capture) throws IOException {
        return payloads(capture, UbxFrames.MON, 0x04).stream()
                .filter(payload -> payload.length > 0)
                .map(UbxIdentity::of)
                .findFirst()
                .orElseThrow();
    }

    private static List<byte[]> payloads(String capture, int messageClass, int id) throws IOException {
        List<byte[]> found = new ArrayList<>();
        byte[] bytes = Files.readAllBytes(RECEIVERS.resolve(capture));
        SentenceFramer framer = new SentenceFramer(frame -> {
            if (UbxFrames.is(frame, messageClass, id)) {
                found.add(UbxFrames.payload(frame));
            }
        });
        framer.accept(bytes, 0, bytes.length, 0);
        framer.endOfInput();
        return found;
    }

    /** ACKs of CFG-MSG. */
    private static final class AckCounter implements SentenceFramer.Sink {
        private int accepted;
        private int refused;

        @Override
        public void onFrame(Frame frame) {
            accepted += UbxFrames.isAck(frame, 1, UbxFrames.CFG, 0x01) ? 1 : 0;
            refused += UbxFrames.isAck(frame, 0, UbxFrames.CFG, 0x01) ? 1 : 0;
        }
    }
}
