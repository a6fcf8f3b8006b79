package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.noonmark.nmea.SentenceFramer;

/** A set-up held with a receiver that answers at once, or not at all. */
final class Conversation {
    private static final long HALF_A_SECOND = 500_000_000L;
    private static final int LONGEST_STEPS = 1_000;

    final List<String> said = new ArrayList<>();

    /** Talks until nothing is left to say; the report then. */
    SetupReport hold(SetupWish wish, UnaryOperator<byte[]> receiver) {
        ReceiverSetup setup = new ReceiverSetup(wish);
        SentenceFramer framer = new SentenceFramer(setup);
        long now = 0;
        for (int step = 0; step < LONGEST_STEPS; step++) {
            byte[] command = setup.next(now);
            if (command == null) {
                if (setup.report().state() != SetupReport.State.TALKING) {
                    return setup.report();
                }
                now += HALF_A_SECOND;
                continue;
            }
            said.add(HexFormat.of().formatHex(command));
            byte[] answer = receiver.apply(command);
            framer.accept(answer, 0, answer.length, now);
        }
        throw new AssertionError("talks for ever: " + said.subList(0, 20));
    }
}
