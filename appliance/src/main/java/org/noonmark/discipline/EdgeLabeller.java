package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.noonmark.nmea.TimeLabel;

/**
 * Gives edges their names. A label is held against the last edge before its first byte: a burst is assumed to begin 0 to 1 s after
 * the edge that it describes. The measured mean of that delay must keep 4 sigma away from both ends, or no edge is named. Once
 * certain, edges are named by counting seconds from the last named one, so that a lost sentence or edge does not matter; labels then
 * only check the count.
 *
 * <p>A receiver whose bursts begin more than a second after their edge, or before it, cannot be told from one that is a second wrong: from
 * labels and edges alone the numbering is then off by a second. Only a message that speaks of the pulse itself (UBX TIM-TP), its owner
 * ({@code label previous|next}) or another clock shows it.
 */
final class EdgeLabeller {
    /** What became of a label. */
    enum Verdict {
        /** It agrees with the numbering. */
        AGREES,
        /** With this one the numbering is certain. */
        NUMBERS,
        /** With this one the numbering has changed: every earlier name was wrong. */
        RENUMBERS,
        /** It is one of a run that does not suffice yet. */
        WAITS,
        /** The receiver does not stand behind it. */
        NO_FIX,
        /** No edge within the last second, but it continues the count of seconds that the edges before began. */
        COUNTS,
        /** No edge within the last second. */
        NO_EDGE,
        /** The mean delay is too near to 0 or 1 s. */
        AMBIGUOUS,
        /** It contradicts the numbering. */
        DISAGREES,
        /** Labels have contradicted the numbering for so long, without agreeing on another, that none is certain any more. */
        WITHDRAWS,
        /** A second that no receiver can mean, or one that was heard before. */
        IMPLAUSIBLE
    }

    /** What became of an edge. */
    sealed interface Naming {
        /** Its second is known. */
        record Named(OffsetSample sample) implements Naming {}

        /** It lies between the seconds. */
        record OffGrid(long residueNanos) implements Naming {}

        /** No numbering yet. */
        record Unnamed() implements Naming {}
    }

    private static final Naming UNNAMED = new Naming.Unnamed();

    private static final long SECOND = 1_000_000_000L;
    private static final long LAST_SECOND = Long.MAX_VALUE / SECOND - 1;
    private static final int EDGES_KEPT = 8;
    private static final int LABELS_TO_START = 3;
    private static final int LABELS_TO_CHANGE = 8;
    private static final int LABELS_TO_WITHDRAW = 60;

    /** Agreeing labels after which the numbering no longer hangs on the first few having shown the whole spread of the delay. */
    private static final int LABELS_TO_ESTABLISH = 60;

    private static final double MARGIN_TO_START = 4;
    private static final double MARGIN_TO_KEEP = 2;

    /** How far a named edge may lie from its second, plus what an undisciplined crystal under full slew adds with time. */
    private static final long GRID_NANOS = 5_000_000;

    private static final double GRID_GROWTH = 600e-6;
    private static final long GRID_LIMIT_NANOS = SECOND / 4;

    private final int labelShiftSeconds;
    private final ArrivalDelay delay = new ArrivalDelay();
    private final LabelCentre centre = new LabelCentre();
    private final long[] edges = new long[EDGES_KEPT];
    private int edgeCount;

    private boolean certain;
    private long numberingOffsetNanos; // reference minus local at the last named edge
    private long numberedAtNanos; // local clock at that edge
    private boolean announced; // the delay is that of messages which announce the next pulse
    private boolean takenOver; // by another kind of message, whose spread is not known yet
    private boolean doubtful; // by the mean of labels that spread over a whole second
    private int agreeing;
    private int disagreeing;

    private long candidateOffsetNanos;
    private long candidateEdgeNanos;
    private long candidateSecond = Long.MIN_VALUE;
    private int candidateRun;

    private long labels;
    private long labelsRejected;
    private String source = "";
    private Verdict lastVerdict = Verdict.WAITS;

    /**
     * A labeller that has heard nothing.
     *
     * @param labelShiftSeconds from the second that a label names to the one of the last pulse before it: 0 for receivers that speak of
     *     the last pulse, 1 for those that begin more than a second after theirs, -1 for those that speak of the next one
     */
    EdgeLabeller(int labelShiftSeconds) {
        this.labelShiftSeconds = labelShiftSeconds;
    }

    /** An edge at {@code edgeNanos}, local clock, later than all before it. */
    Naming onEdge(long edgeNanos) {
        edges[edgeCount++ % EDGES_KEPT] = edgeNanos;
        if (!certain) {
            return UNNAMED;
        }
        OffsetSample sample = OffsetSample.of(edgeNanos, secondAt(edgeNanos));
        long residue = sample.offsetNanos() - numberingOffsetNanos;
        if (Math.abs(residue) > gridNanos(edgeNanos - numberedAtNanos)) {
            return new Naming.OffGrid(residue);
        }
        numberingOffsetNanos = sample.offsetNanos();
        numberedAtNanos = edgeNanos;
        return new Naming.Named(sample);
    }

    /** The receiver named a second, in the way that it always does. */
    Verdict onLabel(TimeLabel label) {
        return onLabel(labelShiftSeconds == 0 ? label : label.plusSeconds(labelShiftSeconds), false);
    }

    /** The receiver named the second of the last pulse by announcing the next one: nothing else is meant, so nothing is shifted. */
    Verdict onAnnounced(TimeLabel label) {
        return onLabel(label, true);
    }

    private Verdict onLabel(TimeLabel label, boolean byAnnouncement) {
        if (byAnnouncement != announced) {
            // Another kind of message comes with another delay.
            announced = byAnnouncement;
            takenOver = certain;
            delay.forget();
            centre.forget();
            candidateRun = 0;
        }
        labels++;
        Verdict verdict = judge(label);
        switch (verdict) {
            case AGREES, COUNTS, NUMBERS, RENUMBERS, WAITS -> source = label.source();
            default -> labelsRejected++;
        }
        lastVerdict = verdict;
        return verdict;
    }

    private Verdict judge(TimeLabel label) {
        if (label.trust() == TimeLabel.Trust.RTC) {
            return Verdict.NO_FIX;
        }
        if (label.utcSeconds() <= 0 || label.utcSeconds() > LAST_SECOND) {
            return Verdict.IMPLAUSIBLE;
        }
        long edge = lastEdgeBefore(label.burstArrivalNanos());
        if (edge == Long.MIN_VALUE) {
            return certain && continuesCount(sinceSecond(label)) ? Verdict.COUNTS : Verdict.NO_EDGE;
        }
        return certain ? check(label, edge) : propose(label, edge);
    }

    private Verdict propose(TimeLabel label, long edge) {
        delay.add(label.burstArrivalNanos() - edge);
        centre.add(label.utcSeconds(), label.burstArrivalNanos());
        if (!follows(label, edge)) {
            return Verdict.IMPLAUSIBLE;
        }
        boolean enough = candidateRun >= LABELS_TO_START;
        if (delay.marginSigmas() < MARGIN_TO_START && (enough || delay.labels() >= LABELS_TO_CHANGE)) {
            if (!centre.isCertain(edge)) {
                return Verdict.AMBIGUOUS;
            }
            adoptCentre(edge);
            return Verdict.NUMBERS;
        }
        if (!enough) {
            return Verdict.WAITS;
        }
        adopt();
        return Verdict.NUMBERS;
    }

    /**
     * Holds a label against the present numbering. Its delay is counted from the second that it names, not from the last edge: a
     * delay that creeps past a whole second stays the same receiver and does not look like a new second.
     */
    private Verdict check(TimeLabel label, long edge) {
        long sinceSecond = sinceSecond(label);
        if (continuesCount(sinceSecond)) {
            delay.add(sinceSecond);
            disagreeing = 0;
            candidateRun = 0;
            agreeing++;
            doubtful &= delay.marginSigmas() < MARGIN_TO_START;
            takenOver &= delay.labels() < LABELS_TO_CHANGE;
            if (!takenOver && !doubtful && agreeing < LABELS_TO_ESTABLISH && delay.marginSigmas() < MARGIN_TO_KEEP) {
                withdraw();
                return Verdict.WITHDRAWS;
            }
            return Verdict.AGREES;
        }
        disagreeing++;
        agreeing = 0;
        boolean inARow = follows(label, edge);
        if (inARow
                && candidateRun >= LABELS_TO_CHANGE
                && delay.marginSigmas() >= MARGIN_TO_START
                && delay.fits(label.burstArrivalNanos() - edge)) {
            adopt();
            return Verdict.RENUMBERS;
        }
        if (disagreeing >= LABELS_TO_WITHDRAW) {
            withdraw();
            delay.forget(); // it is not what it was
            return Verdict.WITHDRAWS;
        }
        return Verdict.DISAGREES;
    }

    /** From the second that the label names to its first byte, by the present numbering. */
    private long sinceSecond(TimeLabel label) {
        return label.burstArrivalNanos() - (label.utcSeconds() * SECOND - numberingOffsetNanos);
    }

    private boolean continuesCount(long sinceSecond) {
        return delay.labels() == 0
                ? sinceSecond >= 0 && sinceSecond < SECOND
                : Math.abs(sinceSecond - delay.meanNanos()) < SECOND / 2.0;
    }

    /** Whether this label continues the run of the labels before it; if not, a new run begins with it. False for a second heard twice. */
    private boolean follows(TimeLabel label, long edge) {
        if (label.utcSeconds() == candidateSecond && candidateRun > 0) {
            return false;
        }
        long offset = label.utcSeconds() * SECOND - edge;
        boolean agrees = candidateRun > 0
                && edge > candidateEdgeNanos
                && Math.abs(offset - candidateOffsetNanos) <= gridNanos(edge - candidateEdgeNanos);
        candidateRun = agrees ? candidateRun + 1 : 1;
        candidateOffsetNanos = offset;
        candidateEdgeNanos = edge;
        candidateSecond = label.utcSeconds();
        return true;
    }

    private void adopt() {
        certain = true;
        takenOver = false;
        doubtful = false;
        centre.forget();
        numberingOffsetNanos = candidateOffsetNanos;
        numberedAtNanos = candidateEdgeNanos;
        agreeing = candidateRun;
        disagreeing = 0;
        candidateRun = 0;
    }

    /** Single labels spread too far to say which pulse they name, but their mean is known: it numbers, with a doubt. */
    private void adoptCentre(long edge) {
        candidateOffsetNanos = centre.offsetNanos(edge);
        candidateEdgeNanos = edge;
        candidateRun = LABELS_TO_START;
        delay.assume(centre.labels(), centre.delayNanos(edge), centre.sigmaNanos());
        adopt();
        doubtful = true;
    }

    /**
     * Forgets the numbering and the edges; the next labels begin anew. What is known of the delay stays, or a receiver with a wide
     * spread would get a new chance to look precise every three labels.
     */
    void withdraw() {
        edgeCount = 0;
        centre.forget();
        certain = false;
        agreeing = 0;
        disagreeing = 0;
        candidateRun = 0;
    }

    /** The clock was moved by {@code deltaNanos}: names stay, stamps move along. */
    void onStepped(long deltaNanos) {
        edgeCount = 0;
        centre.forget();
        candidateRun = 0;
        numberingOffsetNanos -= deltaNanos;
        numberedAtNanos += deltaNanos;
    }

    /**
     * A leap second has passed, and the clock was moved over it by {@code deltaNanos}: names and clock moved together, so that only stamps
     * move along.
     */
    void onLeap(long deltaNanos) {
        edgeCount = 0;
        candidateRun = 0;
        numberedAtNanos += deltaNanos;
    }

    /** Reference minus local at the last named edge. */
    long offsetNanos() {
        return numberingOffsetNanos;
    }

    /** What is to be said for the numbering to be served without another clock; empty when nothing is. */
    String doubt() {
        return doubtful ? tooNear() : "";
    }

    boolean isCertain() {
        return certain;
    }

    /** The kept edges that the present numbering can name, oldest first. */
    List<OffsetSample> recentSamples() {
        List<OffsetSample> samples = new ArrayList<>(EDGES_KEPT);
        for (int i = Math.max(0, edgeCount - EDGES_KEPT); certain && i < edgeCount; i++) {
            long edge = edges[i % EDGES_KEPT];
            OffsetSample sample = OffsetSample.of(edge, secondAt(edge));
            if (Math.abs(sample.offsetNanos() - numberingOffsetNanos) <= gridNanos(Math.abs(numberedAtNanos - edge))) {
                samples.add(sample);
            }
        }
        return samples;
    }

    /** The account, with {@code proof}, the grounds on which UTC is proven, and what else has confirmed the choice of the pulse. */
    ClockStatus.Labelling labelling(String proof, String confirmation) {
        return new ClockStatus.Labelling(
                source,
                certain,
                delay.meanNanos() + (announced ? 0 : labelShiftSeconds * (double) SECOND),
                delay.sigmaNanos(),
                delay.marginSigmas(),
                agreeing,
                labels,
                labelsRejected,
                proof,
                confirmation);
    }

    /** One sentence: why the seconds have no certain name. */
    String missing() {
        if (labels == 0) {
            return edgeCount == 0
                    ? "no pulse and no time label heard yet; check the receiver's wiring, port and antenna"
                    : "pulses come but no time label; check the receiver's serial port and its baud rate";
        }
        return switch (lastVerdict) {
            case NO_FIX ->
                "the receiver has no fix yet; its clock alone numbers no second; check the antenna's view of the sky";
            case NO_EDGE ->
                "time labels come but no pulse within the second before them; check the PPS wiring and device";
            case AMBIGUOUS -> tooNear();
            case IMPLAUSIBLE -> "the receiver repeats a second or names one that cannot be";
            case WITHDRAWS -> "labels contradicted the numbering of the seconds; it is proven anew";
            default -> String.format(Locale.ROOT, "%d of %d agreeing labels heard", candidateRun, LABELS_TO_START);
        };
    }

    private String tooNear() {
        return String.format(
                Locale.ROOT,
                "labels arrive %.0f +- %.0f ms after a pulse, too near to a whole second to say which pulse they name (%.1f of"
                        + " 4 sigmas); a faster baud rate or fewer sentences moves them, UBX TIM-TP names the pulse itself",
                delay.meanNanos() * 1e-6,
                delay.sigmaNanos() * 1e-6,
                delay.marginSigmas());
    }

    private long secondAt(long edgeNanos) {
        return Math.floorDiv(edgeNanos + numberingOffsetNanos + SECOND / 2, SECOND);
    }

    private long lastEdgeBefore(long nanos) {
        for (int i = edgeCount - 1; i >= Math.max(0, edgeCount - EDGES_KEPT); i--) {
            long since = nanos - edges[i % EDGES_KEPT];
            if (since >= 0 && since < SECOND && isOnGrid(edges[i % EDGES_KEPT])) {
                return edges[i % EDGES_KEPT];
            }
        }
        return Long.MIN_VALUE;
    }

    private boolean isOnGrid(long edge) {
        if (!certain || disagreeing > 0) {
            return true;
        }
        long residue = secondAt(edge) * SECOND - edge - numberingOffsetNanos;
        return Math.abs(residue) <= gridNanos(Math.abs(edge - numberedAtNanos));
    }

    private static long gridNanos(long elapsedNanos) {
        return GRID_NANOS + (long) Math.min(GRID_LIMIT_NANOS - GRID_NANOS, elapsedNanos * GRID_GROWTH);
    }
}
