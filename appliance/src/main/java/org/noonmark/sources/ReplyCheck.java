package org.noonmark.sources;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/**
 * Judges the answer of a server: the packet tests of RFC 5905, section 8, and of chrony, in chrony's numbering. Test 4 (access) has no
 * meaning for a client. Any octets are judged; nothing is thrown.
 */
final class ReplyCheck {
    /**
     * What is known when an answer has come.
     *
     * @param exchange the request under way
     * @param past the exchange before, which an answer in interleaved mode measures once more; null: there is none
     * @param previousReceive receive timestamp of the last valid answer; 0: none yet
     * @param previousTransmit transmit timestamp of the last valid answer; 0: none yet
     * @param arrivalNanos local clock when it came
     * @param byKernel whether the kernel took that stamp
     * @param sent a moment right before the request left
     * @param now a moment at or right after the arrival
     * @param ntsAuthentic whether it is authentic by NTS, where that is configured
     * @param ownReferenceIds what servers that follow this machine may call their reference
     * @param own what this machine serves
     */
    record Arrival(
            Exchange exchange,
            @Nullable PastExchange past,
            long previousReceive,
            long previousTransmit,
            long arrivalNanos,
            boolean byKernel,
            Moment sent,
            Moment now,
            boolean ntsAuthentic,
            Set<Integer> ownReferenceIds,
            SystemVariables own) {
        /** Whether an answer speaks of the exchange before. */
        boolean isInterleaved(NtpPacket packet) {
            return past != null && exchange.receiveStamp() != 0 && packet.originTimestamp() == exchange.receiveStamp();
        }

        /** What the answer measures: by its own stamps, or the exchange before with the stamp of when that answer left. */
        Measured measured(NtpPacket packet) {
            PastExchange before = past;
            return before != null && isInterleaved(packet)
                    ? new Measured(
                            before.exchange(),
                            before.receiveTimestamp(),
                            before.arrivalNanos(),
                            before.byKernel(),
                            before.sent(),
                            before.now())
                    : new Measured(exchange, packet.receiveTimestamp(), arrivalNanos, byKernel, sent, now);
        }
    }

    /**
     * The stamps of one exchange, but that of when the answer left: that is the packet's.
     *
     * @param exchange the request
     * @param receiveTimestamp when the server had it
     * @param arrivalNanos local clock when its answer came
     * @param byKernel whether the kernel took that stamp
     * @param sent a moment right before the request left
     * @param now a moment at or right after the arrival
     */
    record Measured(
            Exchange exchange, long receiveTimestamp, long arrivalNanos, boolean byKernel, Moment sent, Moment now) {}

    private static final double NANOS = 1e9;
    private static final int UNSYNCHRONISED = 3;
    private static final int MOST_STRATUM = 15;
    /** MAXDISP of RFC 5905, figure 5. */
    private static final long MOST_ROOT_DISTANCE_NANOS = 16_000_000_000L;

    /** chrony's: a server that keeps a request longer was asleep, and its crystal's error counts. */
    private static final long LONGEST_RESPONSE_NANOS = 4_000_000_000L;

    /** Beyond, half a century of difference would no longer be told from its opposite (era arithmetic). */
    private static final long LARGEST_OFFSET_NANOS = 2_000_000_000_000_000_000L;

    private static final int LEAST_FOR_RATIOS = 6;

    /** More than two readings of the clocks ever differ by, on a machine that is not starved. */
    private static final double STEP_NANOS = 100_000;

    /** Crystal, steering and slew together: the kernel takes 500 ppm of each. */
    private static final double MOST_STEERING = 1_100e-6;

    private final SourceOptions options;
    private final MacAuthenticator macs;
    private final double ownPrecisionNanos;
    private final double maxClockErrorPpb;
    private final long eraFloorNanos;
    private final @Nullable DelayQuantile shortest; // null: the length of round trips does not decide by their share

    /**
     * @param macs knows the association's key
     * @param own how well this machine's clock is known
     */
    ReplyCheck(SourceOptions options, MacAuthenticator macs, LocalClock own) {
        this.options = options;
        this.macs = macs;
        ownPrecisionNanos = own.precisionNanos();
        maxClockErrorPpb = own.maxErrorPpb();
        eraFloorNanos = own.eraFloorNanos();
        double quantile = options.limits().maxDelayQuantile();
        shortest = quantile == 0 ? null : new DelayQuantile(quantile);
    }

    /** Whether a datagram can be an answer at all: a server's, or an equal's where it was asked as one, in a version that there is. */
    boolean isAnswer(NtpPacket packet) {
        boolean peer = options.manner().peer();
        return packet.length() >= NtpPacket.HEADER_LENGTH
                && (peer
                        ? packet.mode() == NtpPacket.MODE_SYMMETRIC_PASSIVE
                                || packet.mode() == NtpPacket.MODE_SYMMETRIC_ACTIVE
                        : packet.mode() == NtpPacket.MODE_SERVER)
                && packet.version() >= 1
                && packet.version() <= 4;
    }

    /** The verdict on a packet that {@link #isAnswer}. */
    Reply judge(NtpPacket packet, Arrival arrival, SourceStatistics known) {
        int tests = headerTests(packet, arrival);
        Measured stamps = arrival.measured(packet);
        NtpSample sample = null;
        long responseNanos = 0;
        int upTo7 = Reply.TEST_1 | Reply.TEST_2 | Reply.TEST_3 | Reply.TEST_5 | Reply.TEST_6 | Reply.TEST_7;
        if (tests == upTo7) {
            responseNanos = NtpTime.differenceNanos(packet.transmitTimestamp(), stamps.receiveTimestamp());
            sample = measure(packet, stamps, known);
            tests |= sampleTests(packet, arrival, stamps, known, sample, responseNanos);
        }
        return new Reply(
                packet.leapIndicator(),
                packet.version(),
                packet.mode(),
                packet.stratum(),
                packet.poll(),
                packet.precision(),
                NtpShort.toNanos(packet.rootDelay()),
                NtpShort.toNanos(packet.rootDispersion()),
                packet.referenceId(),
                packet.referenceTimestamp() == 0
                        ? 0
                        : NtpTime.toUnixNanos(packet.referenceTimestamp(), near(arrival.arrivalNanos())),
                responseNanos,
                tests,
                refusal(packet, tests),
                arrival.isInterleaved(packet),
                stamps.byKernel(),
                stamps.exchange().byKernel(),
                sample);
    }

    private int headerTests(NtpPacket packet, Arrival arrival) {
        boolean fresh = packet.receiveTimestamp() != arrival.previousReceive()
                || packet.transmitTimestamp() != arrival.previousTransmit();
        boolean complete =
                packet.originTimestamp() != 0 && packet.receiveTimestamp() != 0 && packet.transmitTimestamp() != 0;
        boolean synchronised =
                packet.leapIndicator() != UNSYNCHRONISED && packet.stratum() >= 1 && packet.stratum() <= MOST_STRATUM;
        long rootDistance = NtpShort.toNanos(packet.rootDelay()) / 2 + NtpShort.toNanos(packet.rootDispersion());
        return bit(fresh, Reply.TEST_1)
                | bit(
                        packet.originTimestamp() == arrival.exchange().transmitStamp() || arrival.isInterleaved(packet),
                        Reply.TEST_2)
                | bit(complete, Reply.TEST_3)
                | bit(isAuthentic(packet, arrival), Reply.TEST_5)
                | bit(synchronised, Reply.TEST_6)
                | bit(rootDistance < MOST_ROOT_DISTANCE_NANOS, Reply.TEST_7);
    }

    /** A server that was asked with a MAC answers with one; else with the bare header. */
    private boolean isAuthentic(NtpPacket packet, Arrival arrival) {
        if (options.nts().isPresent()) {
            return arrival.ntsAuthentic();
        }
        return options.keyId() == 0
                ? packet.length() == NtpPacket.HEADER_LENGTH
                : macs.isSignedWith(packet, options.keyId());
    }

    private NtpSample measure(NtpPacket packet, Measured stamps, SourceStatistics known) {
        long sent = stamps.exchange().sentNanos();
        long back = stamps.arrivalNanos();
        long near = near(back);
        long received = NtpTime.toUnixNanos(stamps.receiveTimestamp(), near);
        long answered = NtpTime.toUnixNanos(packet.transmitTimestamp(), near);
        long localInterval = back - sent;
        double precision = ownPrecisionNanos + Math.scalb(NANOS, Math.clamp(packet.precision(), -32, 32));
        double delay = Math.max(precision, Math.abs((double) localInterval - (answered - received)));
        double dispersion =
                precision + known.skew() * Math.abs((double) localInterval) + Math.abs(steeredNanos(stamps));
        long local = sent + localInterval / 2;
        long offset = received + (answered - received) / 2 - local + options.offsetNanos();
        long raw = stamps.now().rawOf(local);
        return new NtpSample(
                raw,
                offset,
                offset + local - raw,
                delay,
                dispersion,
                NtpShort.toNanos(packet.rootDelay()) + delay,
                NtpShort.toNanos(packet.rootDispersion()) + dispersion);
    }

    /** A clock without battery begins in 1970; the server's era is that of what was certainly over when this was built. */
    private long near(long localNanos) {
        return Math.max(localNanos, eraFloorNanos);
    }

    private int sampleTests(
            NtpPacket packet,
            Arrival arrival,
            Measured stamps,
            SourceStatistics known,
            NtpSample sample,
            long responseNanos) {
        boolean plausible = sample.delayNanos() - sample.dispersionNanos()
                        <= options.limits().maxDelayNanos()
                && sample.dispersionNanos() <= options.limits().maxDelayNanos()
                && Math.abs((double) responseNanos) <= LONGEST_RESPONSE_NANOS
                && Math.abs((double) sample.offsetNanos()) < LARGEST_OFFSET_NANOS
                && stamps.arrivalNanos() - stamps.exchange().sentNanos() >= 0
                && !isStepped(stamps)
                // A server without battery, or a liar: its time was over when this program was made.
                && arrival.arrivalNanos() + sample.offsetNanos() - options.offsetNanos() >= eraFloorNanos;
        return bit(plausible, Reply.TEST_A)
                | bit(isWithinRatio(known, sample) && (!plausible || isShort(sample)), Reply.TEST_B)
                | bit(isWithinScatter(known, sample), Reply.TEST_C)
                | bit(!isLoop(packet, arrival), Reply.TEST_D);
    }

    /** By how much the local clock was moved, against a clock that nobody steers, while the answer was awaited. */
    private static double steeredNanos(Measured stamps) {
        return (double) (stamps.now().localNanos() - stamps.sent().localNanos())
                - (stamps.now().rawNanos() - stamps.sent().rawNanos());
    }

    /** Stamps on both sides of a step measure nothing. */
    private static boolean isStepped(Measured stamps) {
        double waited = stamps.now().rawNanos() - stamps.sent().rawNanos();
        return Math.abs(steeredNanos(stamps)) > STEP_NANOS + waited * MOST_STEERING;
    }

    private boolean isWithinRatio(SourceStatistics known, NtpSample sample) {
        double ratio = options.limits().maxDelayRatio();
        return ratio < 1
                || known.samples() < LEAST_FOR_RATIOS
                || sample.delayNanos() <= known.leastDelayNanos() * ratio + allowance(known, sample);
    }

    /** What was measured of the way says nothing any more. */
    void forget() {
        if (shortest != null) {
            shortest.forget();
        }
    }

    /** Counts its round trip besides. */
    private boolean isShort(NtpSample sample) {
        return shortest == null || shortest.accepts(sample.delayNanos());
    }

    /** A long round trip is no harm when the offset lies off by more than that explains: then the clock has moved. */
    private boolean isWithinScatter(SourceStatistics known, NtpSample sample) {
        if (known.samples() < LEAST_FOR_RATIOS || shortest != null) {
            return true;
        }
        double most = known.scatterOfAllNanos() * options.limits().maxDelayDevRatio() + allowance(known, sample);
        double excess = (sample.delayNanos() - known.leastDelayNanos()) / 2;
        double surprise = Math.abs(known.surpriseNanos(sample));
        return excess <= most || surprise - excess > most;
    }

    /** What both clocks may have drifted since the last sample. */
    private double allowance(SourceStatistics known, NtpSample sample) {
        return (sample.rawNanos() - known.newestRawNanos()) * (known.skew() + maxClockErrorPpb * 1e-9);
    }

    /** Whether the server follows this machine, or is this machine: its word would be an echo of ours. */
    private static boolean isLoop(NtpPacket packet, Arrival arrival) {
        if (packet.stratum() > 1 && arrival.ownReferenceIds().contains(packet.referenceId())) {
            return true;
        }
        SystemVariables own = arrival.own();
        return own.isSynchronised()
                && packet.stratum() == own.stratum()
                && packet.referenceId() == own.referenceId()
                && packet.referenceTimestamp() == own.referenceTimestamp()
                && packet.rootDelay() == NtpShort.ceilOfNanos(own.rootDelayNanos());
    }

    /** A refusal is obeyed only when it answers our request, for anybody can send one. */
    private static String refusal(NtpPacket packet, int tests) {
        int needed = Reply.TEST_1 | Reply.TEST_2 | Reply.TEST_5;
        if ((tests & needed) != needed || packet.leapIndicator() != UNSYNCHRONISED || packet.stratum() != 0) {
            return "";
        }
        StringBuilder code = new StringBuilder(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            char c = (char) (packet.referenceId() >>> shift & 0xff);
            if (c < 'A' || c > 'Z') {
                return "";
            }
            code.append(c);
        }
        return code.toString();
    }

    private static int bit(boolean passed, int test) {
        return passed ? test : 0;
    }
}
