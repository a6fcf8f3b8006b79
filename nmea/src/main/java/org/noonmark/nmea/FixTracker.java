package org.noonmark.nmea;

import java.util.EnumMap;
import java.util.Map;
import org.noonmark.nmea.FixReport.Mode;
import org.noonmark.nmea.FixReport.Status;
import org.noonmark.nmea.Sentence.Problem;

/**
 * Folds the messages of an epoch into a label, a fix and a sky view. An epoch is what shares a time of day (NMEA) or a GPS time of
 * week (UBX); it ends when another one begins. Only one thread may use it.
 */
public final class FixTracker implements SentenceFramer.Sink {
    private final FixListener listener;
    private final SentenceParser sentences = new SentenceParser();
    private final UbxParser messages = new UbxParser();
    private final BurstClock bursts = new BurstClock();
    private final EpochTime time = new EpochTime();
    private final EpochFix fix = new EpochFix();
    private final SkyAccumulator sky;
    private final NmeaFold nmea;
    private final UbxFold ubx;
    private final Labeller labeller;
    private final LeapKeeper leap;
    private final Map<Problem, Long> refused = new EnumMap<>(Problem.class);
    private long burstNanos;
    private long frameNanos;

    /**
     * @param era repairs dates
     * @param listener hears the results
     */
    public FixTracker(GpsEra era, FixListener listener) {
        this.listener = listener;
        sky = new SkyAccumulator(listener);
        labeller = new Labeller(listener);
        leap = new LeapKeeper(listener);
        nmea = new NmeaFold(era, this, sky);
        ubx = new UbxFold(era, this, sky, listener);
    }

    @Override
    public void onFrame(Frame frame) {
        frameNanos = frame.firstByteNanos();
        switch (frame.protocol()) {
            case NMEA -> {
                Sentence sentence = sentences.parse(frame);
                if (sentence instanceof Sentence.Malformed malformed) {
                    refused.merge(malformed.problem(), 1L, Long::sum);
                } else {
                    hear(frame, !isAside(sentence));
                    nmea.fold(sentence);
                }
            }
            case UBX -> {
                UbxMessage message = messages.parse(frame);
                if (message instanceof UbxMessage.Malformed malformed) {
                    refused.merge(malformed.problem(), 1L, Long::sum);
                } else {
                    hear(frame, message instanceof UbxMessage.Navigation);
                    ubx.fold(message, frameNanos);
                }
            }
            case RTCM3 -> {}
        }
    }

    /** Reports what is complete without waiting for the next epoch: the line fell silent or ended. */
    public void endOfInput() {
        sky.endGsv();
        nmea.endGsa();
        report();
    }

    /** Messages with a right checksum whose content was refused, by reason. */
    public Map<Problem, Long> refused() {
        return Map.copyOf(refused);
    }

    EpochTime time() {
        return time;
    }

    EpochFix fix() {
        return fix;
    }

    Labeller labeller() {
        return labeller;
    }

    LeapKeeper leap() {
        return leap;
    }

    /** The message in hand speaks of a new epoch: what is known of the old one is reported. */
    void beginEpoch() {
        nmea.endGsa();
        report();
        time.begin();
        burstNanos = bursts.onNewEpoch(frameNanos);
        fix.begin();
        labeller.onNewEpoch(burstNanos);
    }

    /** The message in hand speaks of the epoch that is known. */
    void stayInEpoch() {
        bursts.onKnownEpoch();
        labeller.onKnownEpoch(frameNanos);
    }

    /** The time of the epoch is known, or known better. */
    void onTime() {
        labeller.onTime(time.utcNanos(), time.leapSecond());
    }

    void onReply(ReceiverReply reply) {
        listener.onReply(reply);
    }

    void report() {
        if (fix.started()) {
            listener.onFix(fix.report(time.utcNanos(), burstNanos, leap.currentSeconds()));
            fix.reported();
        }
    }

    /** Mode and status of a UBX fixType: 0 none, 1 dead reckoning, 2 2D, 3 3D, 4 GNSS with dead reckoning, 5 time only. */
    static Mode modeOf(int fixType) {
        return switch (fixType) {
            case 1, 2 -> Mode.FIX_2D;
            case 3, 4, 5 -> Mode.FIX_3D;
            default -> Mode.NO_FIX;
        };
    }

    /** Status of an NMEA mode letter (FAA mode). */
    static Status statusOf(char mode) {
        return switch (mode) {
            case 0, 'O', 'V', 'N' -> Status.UNKNOWN;
            case 'D', 'P' -> Status.DGPS;
            case 'E' -> Status.DEAD_RECKONING;
            case 'F' -> Status.RTK_FLOAT;
            case 'M' -> Status.TIME_ONLY;
            case 'R' -> Status.RTK_FIXED;
            case 'S' -> Status.SIMULATED;
            default -> Status.GPS;
        };
    }

    /** Notices and answers come when they will, bursts or not. */
    private static boolean isAside(Sentence sentence) {
        return sentence instanceof Sentence.Txt
                || sentence instanceof Sentence.PmtkAck
                || sentence instanceof Sentence.PmtkAnswer;
    }

    private void hear(Frame frame, boolean partOfBurst) {
        if (partOfBurst) {
            bursts.onFrame(frame.firstByteNanos(), frame.lastByteNanos());
        }
    }
}
