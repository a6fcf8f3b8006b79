package org.noonmark.discipline;

import java.util.List;
import java.util.Locale;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;

/**
 * Which second each edge marks, whether the receiver stands behind its pulses now, whether that second is UTC for sure, and what other
 * clocks say of it. Composes {@link EdgeLabeller}, {@link LabelBacking}, {@link UtcProof} and {@link Witnesses}; knows nothing of phase
 * and frequency. For one thread.
 */
final class Numbering {
    /** What a label means to the clock. */
    sealed interface Word {
        /** Nothing new. */
        record Nothing() implements Word {}

        /** From now on edges have other names than before, or names at all. */
        record Numbered(String why) implements Word {}

        /** The names are not certain any more. */
        record Withdrawn(String why) implements Word {}

        /** The receiver said that it has no fix. */
        record Unfixed() implements Word {}

        /** Labels come, and which pulse they name cannot be said. */
        record Ambiguous() implements Word {}
    }

    private static final Word NOTHING = new Word.Nothing();
    private static final Word UNFIXED = new Word.Unfixed();
    private static final Word AMBIGUOUS = new Word.Ambiguous();

    /** Labels in a row that name no pulse for sure before that is more than a spread not yet known. */
    private static final int AMBIGUOUS_TO_REFUSE = 8;

    /** Labels that must agree after a leap second before its names are served. */
    private static final int CONFIRMATIONS = 3;

    private final EdgeLabeller labeller;
    private final LabelBacking backing = new LabelBacking();
    private final UtcProof proof;
    private final PulseAnnouncements announcements = new PulseAnnouncements();
    private final Witnesses witnesses;
    private final boolean ownersWord;
    private int unconfirmed;
    private int ambiguous;
    private boolean announced; // by the receiver, pulse by pulse

    Numbering(Witnesses witnesses, TimingOptions.Seconds options) {
        this.witnesses = witnesses;
        labeller = new EdgeLabeller(options.labelShiftSeconds());
        proof = new UtcProof(options.clockVouches());
        ownersWord = options.labelShiftKnown();
    }

    /** An edge at {@code edgeNanos}, local clock, later than all before it. */
    EdgeLabeller.Naming onEdge(long edgeNanos) {
        return labeller.onEdge(edgeNanos);
    }

    /** The receiver named a second. */
    Word onLabel(TimeLabel label) {
        announcements.onLabel(label);
        if (!announcements.areHeard(label.burstArrivalNanos())) {
            return judge(label, labeller.onLabel(label));
        }
        // Another message names the pulses: this one tells of the fix, and whether UTC is known.
        if (label.trust() == TimeLabel.Trust.RTC) {
            unfixed();
            return UNFIXED;
        }
        if (labeller.isCertain()) {
            back(label);
        }
        return NOTHING;
    }

    /** The receiver announced its next pulse. */
    Word onPulseNotice(PulseNotice notice) {
        TimeLabel label = announcements.labelOf(notice);
        if (label == null) {
            return NOTHING;
        }
        EdgeLabeller.Verdict verdict = labeller.onAnnounced(label);
        Word word = judge(label, verdict);
        if (word instanceof Word.Ambiguous) {
            announcements.giveUp(); // perhaps the other labels can say it
            ambiguous = 0;
            return NOTHING;
        }
        announced |= switch (verdict) {
            case AGREES, NUMBERS, RENUMBERS -> true;
            default -> false;
        };
        return word;
    }

    private Word judge(TimeLabel label, EdgeLabeller.Verdict verdict) {
        ambiguous = verdict == EdgeLabeller.Verdict.AMBIGUOUS ? ambiguous + 1 : 0;
        return switch (verdict) {
            case AGREES -> {
                unconfirmed = Math.max(0, unconfirmed - 1);
                back(label);
                yield NOTHING;
            }
            case COUNTS -> {
                back(label); // the receiver knows its seconds, so its next pulse is worth something
                yield NOTHING;
            }
            case NUMBERS -> numbered(label, String.format(Locale.ROOT, "%s named the second", label.source()), false);
            case RENUMBERS -> numbered(label, "the receiver has changed its mind about the second", true);
            case WITHDRAWS -> new Word.Withdrawn("labels contradicted each other about the second");
            case NO_FIX -> {
                unfixed();
                yield UNFIXED;
            }
            case WAITS -> {
                proof.onLabel(label);
                yield NOTHING;
            }
            case AMBIGUOUS -> ambiguous >= AMBIGUOUS_TO_REFUSE ? AMBIGUOUS : NOTHING;
            case NO_EDGE, DISAGREES, IMPLAUSIBLE -> NOTHING;
        };
    }

    private Word numbered(TimeLabel label, String why, boolean renamed) {
        unconfirmed = 0;
        announced = false;
        proof.onNumbered(labeller.offsetNanos(), renamed);
        back(label);
        return new Word.Numbered(why);
    }

    private void unfixed() {
        backing.onUnfixed();
        proof.onUnfixed();
    }

    private void back(TimeLabel label) {
        backing.onLabel(label.burstArrivalNanos());
        proof.onLabel(label);
    }

    /** Why the pulses are not followed at {@code nowNanos}; empty when they are. */
    String unbacked(long nowNanos) {
        return backing.missing(nowNanos);
    }

    /** What other clocks hold against the present numbering; empty when no more of them contradict than agree. */
    String objection(long nowNanos) {
        return witnesses.objection(nowNanos, proof.isProven());
    }

    /** What is held against serving the present numbering, asked when edges agree with the clock; empty when nothing is. */
    String refusal(long nowNanos) {
        String objection = objection(nowNanos);
        if (!objection.isEmpty()) {
            return objection;
        }
        String doubt = labeller.doubt();
        String supporter = proof.confirmation().isEmpty() ? witnesses.supporter(nowNanos) : "";
        if (!supporter.isEmpty()) {
            proof.onWitness(supporter);
        }
        return doubt.isEmpty() || !proof.confirmation().isEmpty() ? proof.missing(nowNanos) : doubt;
    }

    /** Whether the present seconds are UTC for sure. */
    boolean isProven() {
        return proof.isProven();
    }

    /** Whether no label is awaited that confirms the numbering. */
    boolean isConfirmed() {
        return unconfirmed == 0;
    }

    /** What most of the other clocks announce for the end of this day: +1, -1 or 0. */
    int witnessedLeapDirection(long nowNanos) {
        return witnesses.leapDirection(nowNanos);
    }

    /** The receiver's leap count is the right one. */
    void onLeapCountConfirmed() {
        proof.onLeapCountConfirmed();
    }

    /** The clock is served: it can vouch for its second later. */
    void onServed() {
        proof.onServed();
    }

    /** Forgets the names of the seconds; the next labels begin anew. */
    void withdraw() {
        labeller.withdraw();
        announced = false;
        proof.onWithdrawn();
        unconfirmed = 0;
    }

    /** The clock was moved by {@code deltaNanos}: names stay, stamps move along. */
    void onStepped(long deltaNanos) {
        announcements.onStepped(deltaNanos);
        labeller.onStepped(deltaNanos);
        backing.onStepped(deltaNanos);
        proof.onStepped(deltaNanos);
    }

    /** A leap second has passed; the clock was moved over it by {@code deltaNanos}, or 0 where it was not. */
    void onLeap(LeapSecond leap, long deltaNanos) {
        announcements.onStepped(deltaNanos);
        labeller.onLeap(deltaNanos);
        backing.onStepped(deltaNanos);
        proof.onLeap(leap.direction(), deltaNanos);
        unconfirmed = CONFIRMATIONS;
    }

    /** Someone else moved the clock by {@code deltaNanos} to {@code atNanos}: what was heard before says nothing of it. */
    void onMoved(long deltaNanos, long atNanos) {
        announcements.onStepped(deltaNanos);
        backing.onMoved(atNanos);
        proof.onStepped(deltaNanos);
    }

    /** Nobody knows by how much the clock was moved. */
    void onLostTrack(long atNanos) {
        announcements.forget();
        backing.onMoved(atNanos);
        proof.onLostTrack();
    }

    boolean isCertain() {
        return labeller.isCertain();
    }

    /** The kept edges that the present numbering can name, oldest first. */
    List<OffsetSample> recentSamples() {
        return labeller.recentSamples();
    }

    ClockStatus.Labelling labelling() {
        return labeller.labelling(proof.grounds(), confirmation());
    }

    /** Besides the assumption that a sentence begins 0 to 1 s after the pulse that it names. */
    private String confirmation() {
        if (announced) {
            return "the receiver announces each pulse (TIM-TP)";
        }
        return ownersWord && proof.confirmation().isEmpty()
                ? "its owner says which pulse it names"
                : proof.confirmation();
    }

    /** One sentence: why the seconds have no certain name. */
    String missing() {
        return labeller.missing();
    }
}
