package org.noonmark.nmea.setup;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;

/**
 * Whether a receiver still does what it was set up to do. One that was without power comes back as it left its factory and talks on, so
 * silence shows nothing, and neither does talk: what shows it is that messages stay away which it was set up to send each second, and
 * has sent. Time in which it says nothing at all does not count. Used by the serial thread only.
 */
public final class SetupWatch implements SentenceFramer.Sink {
    /** So much talk without a message that should come each second. */
    private static final long MISSING_NANOS = 10_000_000_000L;

    /** Between two bursts; whatever lasts longer is a silence. */
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;

    /** Set-ups in a row that did not bring them, before they are given up. */
    private static final int MOST_TRIES = 4;

    /** Each try is given so many times the patience of the one before. */
    private static final int PATIENCE_GROWTH = 4;

    private final Set<SteadyMessage> awaited = EnumSet.noneOf(SteadyMessage.class);

    /** In talk, not in time: when each was heard last, or else the receiver set up. Those that never came are not in it. */
    private final Map<SteadyMessage, Long> heardAt = new EnumMap<>(SteadyMessage.class);

    private long talkNanos;
    private long setUpNanos; // in talk
    private long lastNanos;
    private boolean talked;
    private int tries;
    private long patienceNanos = MISSING_NANOS;

    /** The receiver was set up, as {@code report} says. */
    public void onSetUp(SetupReport report) {
        setUpNanos = talkNanos;
        awaited.clear();
        awaited.addAll(report.steady());
        heardAt.keySet().retainAll(awaited);
        heardAt.replaceAll((_, _) -> talkNanos);
    }

    /** Another receiver, perhaps: nothing is known of it. */
    public void onConnected() {
        awaited.clear();
        heardAt.clear();
        forgiveTries();
    }

    @Override
    public void onFrame(Frame frame) {
        talked = true;
        for (SteadyMessage message : awaited) {
            if (message.isIn(frame)) {
                heardAt.put(message, talkNanos);
            }
        }
    }

    /**
     * What has stayed away for so long that the receiver is to be set up again; empty for nothing, and when that has been tried often
     * enough. To be asked after each piece of input.
     *
     * @param nowNanos a clock that is never set
     */
    public String missing(long nowNanos) {
        if (!talked) {
            return "";
        }
        talked = false;
        talkNanos += Math.clamp(nowNanos - lastNanos, 0, LONGEST_PAUSE_NANOS);
        lastNanos = nowNanos;
        if (tries > 0 && allCome()) {
            forgiveTries();
        }
        for (Map.Entry<SteadyMessage, Long> message : heardAt.entrySet()) {
            if (talkNanos - message.getValue() > patienceNanos && tries < MOST_TRIES) {
                tries++;
                patienceNanos *= PATIENCE_GROWTH;
                return message.getKey().toString();
            }
        }
        return "";
    }

    /** Whether it will not be set up once more, should they stay away. */
    public boolean isLastTry() {
        return tries == MOST_TRIES;
    }

    /** The last set-up was a while ago, and all came just now. */
    private boolean allCome() {
        return talkNanos - setUpNanos > MISSING_NANOS
                && heardAt.values().stream().allMatch(at -> talkNanos - at <= LONGEST_PAUSE_NANOS);
    }

    private void forgiveTries() {
        tries = 0;
        patienceNanos = MISSING_NANOS;
    }
}
