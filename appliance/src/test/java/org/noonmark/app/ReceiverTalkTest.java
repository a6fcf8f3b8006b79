package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.provisioning.LabelledPulse;
import org.noonmark.provisioning.ReceiverConfig;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.SettableReceiver;

class ReceiverTalkTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> said = new ArrayList<>();
    private final SettableReceiver receiver = new SettableReceiver(ReceiverOptions.DEFAULT);

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

    private ReceiverTalk talk(boolean setUp, int baud) {
        ReceiverTalk talk = new ReceiverTalk(new ReceiverConfig(
                "/dev/does-not-exist", OptionalInt.empty(), "GPS", setUp, true, LabelledPulse.LAST, Optional.empty()));
        SentenceFramer framer = new SentenceFramer(talk);
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
