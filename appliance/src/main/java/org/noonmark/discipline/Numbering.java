package org.noonmark.discipline;

import java.util.List;
import java.util.Locale;
import org.noonmark.nmea.TimeLabel;

/**
 * Which second each edge marks, whether the receiver stands behind its pulses now, and what other clocks say of both. Composes
 * {@link EdgeLabeller}, {@link LabelBacking} and {@link Witnesses}; knows nothing of phase and frequency. For one thread.
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
    }

    private static final Word NOTHING = new Word.Nothing();
    private static final Word UNFIXED = new Word.Unfixed();

    private final EdgeLabeller labeller = new EdgeLabeller();
    private final LabelBacking backing = new LabelBacking();
    private final Witnesses witnesses;

    Numbering(Witnesses witnesses) {
        this.witnesses = witnesses;
    }

    /** An edge at {@code edgeNanos}, local clock, later than all before it. */
    EdgeLabeller.Naming onEdge(long edgeNanos) {
        return labeller.onEdge(edgeNanos);
    }

    /** The receiver named a second. */
    Word onLabel(TimeLabel label) {
        return switch (labeller.onLabel(label)) {
            case AGREES -> backed(label, NOTHING);
            case NUMBERS -> backed(label, numbered(String.format(Locale.ROOT, "%s named the second", label.source())));
            case RENUMBERS -> backed(label, numbered("the receiver has changed its mind about the second"));
            case WITHDRAWS -> new Word.Withdrawn("labels contradicted each other about the second");
            case NO_FIX -> {
                backing.onUnfixed();
                yield UNFIXED;
            }
            case WAITS, NO_EDGE, AMBIGUOUS, DISAGREES, IMPLAUSIBLE -> NOTHING;
        };
    }

    /** Why the pulses are not followed at {@code nowNanos}; empty when they are. */
    String unbacked(long nowNanos) {
        return backing.missing(nowNanos);
    }

    /** Why time is not served although the edges agree; empty when nothing speaks against it. */
    String objection(long nowNanos) {
        return witnesses.objection(nowNanos);
    }

    /** Forgets the names of the seconds; the next labels begin anew. */
    void withdraw() {
        labeller.withdraw();
    }

    /** The clock was moved by {@code deltaNanos}: names stay, stamps move along. */
    void onStepped(long deltaNanos) {
        labeller.onStepped(deltaNanos);
        backing.onStepped(deltaNanos);
    }

    /** Someone else moved the clock, to {@code atNanos}: what was heard before says nothing of it. */
    void onMoved(long atNanos) {
        backing.onMoved(atNanos);
    }

    boolean isCertain() {
        return labeller.isCertain();
    }

    /** The kept edges that the present numbering can name, oldest first. */
    List<OffsetSample> recentSamples() {
        return labeller.recentSamples();
    }

    ClockStatus.Labelling labelling() {
        return labeller.labelling();
    }

    /** One sentence: why the seconds have no certain name. */
    String missing() {
        return labeller.missing();
    }

    private Word backed(TimeLabel label, Word word) {
        backing.onLabel(label.burstArrivalNanos());
        return word;
    }

    private static Word numbered(String why) {
        return new Word.Numbered(why);
    }
}
