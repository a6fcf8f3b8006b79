package org.noonmark.nmea.setup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.setup.Answer.Data;
import org.noonmark.nmea.setup.SetupReport.State;

/**
 * The talk with a receiver that sets it up: who are you, how is this set, then be it so. It asks before it tells, so that what is
 * right already is not touched and a second set-up changes nothing; it goes on when a command was acknowledged; it saves nothing in
 * the receiver. Begin it with a receiver that is understood. Used by the serial thread only.
 */
public final class ReceiverSetup implements SentenceFramer.Sink {
    /** A receiver answers between two bursts: the longest burst of a full line, and some. */
    private static final long PATIENCE_NANOS = 1_500_000_000L;

    private static final int TRIES = 3;

    private static final int MON_VER = 0x04;
    private static final int VERSION_BYTES = 40;

    private final SetupWish wish;
    private final Journal journal = new Journal();
    private final Deque<Task> planned = new ArrayDeque<>();
    private @Nullable Task current;
    private long saidNanos;
    private int said;
    private State state = State.TALKING;

    public ReceiverSetup(SetupWish wish) {
        this.wish = wish;
        if (wish.isTooSlow()) {
            state = State.TOO_SLOW;
        } else {
            planned.add(new UbxAsk(
                    UbxFrames.MON,
                    MON_VER,
                    new byte[0],
                    payload -> payload.length >= VERSION_BYTES,
                    this::onUbxVersion));
        }
    }

    /** What the receiver said, whatever it is about. */
    @Override
    public void onFrame(Frame frame) {
        Task task = current;
        if (task != null) {
            Answer answer = task.onFrame(frame);
            if (answer != null) {
                proceed(task, answer);
            }
        }
    }

    /**
     * What is to be sent to the receiver now; null: nothing. To be asked after each piece of input, and about twice a second.
     *
     * @param nowNanos a clock that is never set
     */
    public byte @Nullable [] next(long nowNanos) {
        Task task = current;
        if (task != null) {
            if (nowNanos - saidNanos < PATIENCE_NANOS) {
                return null;
            }
            Answer answer = task.onSilence();
            if (answer == null && said >= TRIES) {
                answer = Answer.SILENCE;
            }
            if (answer == null) {
                return say(task, nowNanos);
            }
            proceed(task, answer);
        }
        Task following = planned.poll();
        if (following == null) {
            if (state == State.TALKING) {
                state = State.DONE;
            }
            return null;
        }
        current = following;
        said = 0;
        return say(following, nowNanos);
    }

    /** How far it has come. */
    public SetupReport report() {
        return journal.report(state);
    }

    private byte[] say(Task task, long nowNanos) {
        saidNanos = nowNanos;
        said++;
        return task.request();
    }

    private void proceed(Task task, Answer answer) {
        current = null;
        List<Task> then = task.then(answer);
        for (int i = then.size() - 1; i >= 0; i--) {
            planned.addFirst(then.get(i));
        }
    }

    private List<Task> onUbxVersion(Answer answer) {
        if (!(answer instanceof Data(byte[] version))) {
            return List.of(new PmtkTask("PMTK605", "PMTK705", this::onPmtkRelease));
        }
        UbxIdentity identity = UbxIdentity.of(version);
        journal.onModel(identity.name());
        return identity.hasItems()
                ? new UbxItemPlan(identity, wish, journal).tasks()
                : new UbxMessagePlan(identity, wish, journal).tasks();
    }

    private List<Task> onPmtkRelease(Answer answer) {
        if (!(answer instanceof Data(byte[] release))) {
            state = State.UNANSWERED;
            return List.of();
        }
        String[] fields = PmtkTask.fields(release);
        journal.onModel("MediaTek " + (fields.length > 1 ? fields[1] : ""));
        return new PmtkPlan(journal).tasks();
    }
}
