package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.provisioning.LabelledPulse;
import org.noonmark.provisioning.ReceiverConfig;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.ReceiverOptions.Dialect;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SettableReceiver;

class ReceiverTalkTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOON = 1_790_000_000L;

    private final List<String> said = new ArrayList<>();
    private SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT);
    private Predicate<String> heard = _ -> true;
    private SentenceFramer framer = new SentenceFramer(_ -> {});

    @Test
    void nothingIsSentToAReceiverThatAnotherProgramSetsUp() {
        ReceiverTalk talk = talk(false, 115_200);
        assertEquals(List.of(), said);
        assertEquals(
                "off: the receiver is used as it is, by 'setup off'",
                talk.report().setUp());
    }

    @Test
    void setsTheReceiverUpAndShowsItsModel() {
        ReceiverTalk talk = talk(true, 115_200);
        assertEquals("u-blox 8 (SPG 3.01)", talk.report().model());
        assertTrue(talk.report().setUp().startsWith("7 settings changed"), talk.report()::setUp);
    }

    @Test
    void anotherConnectionAsksAgainAndChangesNothing() {
        talk(true, 115_200);
        said.clear();
        ReceiverTalk again = talk(true, 115_200);
        assertEquals("the receiver's settings are as wanted", again.report().setUp());
        // CFG-MSG with a rate, CFG-PRT, CFG-RATE or CFG-TP5 with a payload would change something.
        assertTrue(said.stream().noneMatch(hex -> hex.startsWith("b56206010300")), () -> "" + said);
    }

    @Test
    void aLineThatHidesItsSpeedIsNotFilled() {
        talk(true, 0);
        // GSV is switched off, as at 9600 baud.
        assertTrue(said.contains("b56206010300f00300fd15"), () -> "" + said);
    }

    @Test
    void aReceiverThatLostItsPowerIsSetUpAgain() {
        for (Dialect dialect : List.of(Dialect.UBLOX_NMEA, Dialect.MTK_NMEA)) {
            receiver = new SettableReceiver(ReceiverOptions.DEFAULT.withDialect(dialect));
            ReceiverTalk talk = talk(true, 115_200);
            String asSetUp = bytes(NOON);
            live(talk, 0, 120);
            said.clear();
            receiver.losePower();
            assertNotEquals(asSetUp, bytes(NOON));

            live(talk, 3_000, 3_006); // an hour of silence is no evidence, nor are a few seconds of talk
            assertEquals(List.of(), said);
            live(talk, 3_006, 3_060);

            assertEquals(asSetUp, bytes(NOON));
            assertTrue(talk.report().setUp().contains("changed until it is switched off"), talk.report()::setUp);
            said.clear();
            live(talk, 3_060, 3_600);
            assertEquals(List.of(), said);
        }
    }

    @Test
    void aReceiverThatLosesItsSettingsAgainAndAgainIsSetUpAgainEachTime() {
        ReceiverTalk talk = talk(true, 115_200);
        String asSetUp = bytes(NOON);
        live(talk, -60, 0);
        for (int hour = 0; hour < 20; hour++) {
            receiver.losePower();
            live(talk, hour * 3_600, hour * 3_600 + 120);
            assertEquals(asSetUp, bytes(NOON), "hour " + hour);
        }
    }

    /** Its line is too full, or a filter takes them away: to ask for ever would help nobody. */
    @Test
    void aReceiverThatAcceptsAndDoesNotObeyIsGivenUp() {
        ReceiverTalk talk = talk(true, 115_200);
        live(talk, 0, 60);
        heard = chunk -> chunk.indexOf("b5620121") < 0;
        live(talk, 60, 3_600);
        assertEquals(4, asksForIdentity());
        live(talk, 3_600, 36_000);
        assertEquals(4, asksForIdentity());
    }

    private long asksForIdentity() {
        return said.stream().filter(hex -> hex.startsWith("b5620a04")).count() - 1;
    }

    /** The receiver speaks in these seconds, and the talk goes on. */
    private void live(ReceiverTalk talk, int from, int to) {
        for (long second = from; second < to; second++) {
            for (ReceiverScript.Chunk chunk : receiver.chunks(NOON + second)) {
                if (heard.test(HexFormat.of().formatHex(chunk.bytes()))) {
                    framer.accept(chunk.bytes(), 0, chunk.bytes().length, 0);
                }
            }
            framer.endOfInput();
            for (int tenth = 0; tenth < 10; tenth++) {
                talk.goOn((1_000 + second) * SECOND + tenth * (SECOND / 10));
            }
        }
    }

    private String bytes(long second) {
        StringBuilder all = new StringBuilder();
        receiver.chunks(second).forEach(chunk -> all.append(HexFormat.of().formatHex(chunk.bytes())));
        return all.toString();
    }

    private ReceiverTalk talk(boolean setUp, int baud) {
        ReceiverTalk talk = new ReceiverTalk(new ReceiverConfig(
                "/dev/does-not-exist", OptionalInt.empty(), "GPS", setUp, true, LabelledPulse.AUTO, Optional.empty()));
        framer = new SentenceFramer(talk);
        talk.onConnected(baud, command -> {
            said.add(HexFormat.of().formatHex(command));
            byte[] answer = receiver.hear(command);
            framer.accept(answer, 0, answer.length, 0);
            return true;
        });
        for (int halfSecond = 0; halfSecond < 200; halfSecond++) {
            talk.goOn(halfSecond * SECOND / 2);
        }
        return talk;
    }
}
