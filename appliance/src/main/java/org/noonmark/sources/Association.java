package org.noonmark.sources;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;

/** One server at one address: when it is asked next, what it answered, and the line through its samples. Used by one thread. */
public final class Association {
    /** Whether it is asked. */
    public enum Mode {
        /** At its interval. */
        ONLINE,
        /** Never. */
        OFFLINE,
        /** Often for a few times, then at its interval. */
        BURST_THEN_ONLINE,
        /** Often for a few times, then never. */
        BURST_THEN_OFFLINE;

        boolean isBurst() {
            return this == BURST_THEN_ONLINE || this == BURST_THEN_OFFLINE;
        }
    }

    static final long NEVER = Long.MAX_VALUE;

    private static final int REACH_BITS = 8;
    private static final int FULL_REACH = (1 << REACH_BITS) - 1;
    private static final long FIRST_DELAY_NANOS = 200_000_000L;
    private static final long MOST_BURST_NANOS = 2_000_000_000L;
    private static final double BURST_SHARE = 0.25;
    private static final int IBURST_GOOD = 4;
    private static final int IBURST_TOTAL = 8;
    private static final int BURST_TOTAL = 4;
    /** A server may keep a request for so long; later, an answer is of no use. */
    private static final long LONGEST_RESPONSE_NANOS = 4_000_000_000L;

    /** Requests of different machines spread; a share of the interval. */
    private static final double CHANCE = 0.02;

    private static final int REFUSED_INTERVALS = 4;
    private static final double LEAP_NANOS = 0.5e9;

    private final SourceConfig config;
    private final SourceAddress address;
    private final ReplyCheck check;
    private final MacAuthenticator macs;
    private final SourceStatistics statistics;
    private final PollInterval poll;
    private final @Nullable CookieStore cookies; // null: without NTS
    private final SmearWatch smear = new SmearWatch();

    private Mode mode = Mode.OFFLINE;
    private long dueRawNanos = NEVER;
    private long hangUpRawNanos = NEVER;
    private int burstGood;
    private int burstTotal;
    private int reach;
    private int reachSize;
    private int silent;
    private int wrongs;
    private boolean answered;
    private boolean unreachable;
    private SourceAddress ntpAddress;
    private int ntpPort;
    private @Nullable Exchange exchange;
    private @Nullable Moment sent;
    private long previousReceive;
    private long previousTransmit;
    private int leapIndicator = 3;
    private boolean leapAnnounced;
    private int stratum;
    private @Nullable Reply lastReply;
    private @Nullable NtpSample lastSample;
    private @Nullable SourceAddress localAddress;
    private Set<Integer> ownReferenceIds = Set.of();
    private String refusal = "";
    private long requests;
    private long received;
    private long valid;
    private long good;
    private long kernelSent;
    private long kernelReceived;

    Association(
            SourceConfig config,
            SourceAddress address,
            MacAuthenticator macs,
            LocalClock clock,
            RandomGenerator random) {
        this.config = config;
        this.address = address;
        ntpAddress = address;
        ntpPort = config.options().port();
        this.macs = macs;
        check = new ReplyCheck(config.options(), macs, clock);
        statistics = new SourceStatistics(config.options().limits(), clock.precisionNanos());
        poll = new PollInterval(config.options().polling());
        cookies = config.options()
                .nts()
                .map(nts -> new CookieStore(nts.refreshNanos(), random))
                .orElse(null);
    }

    /** When something is to be done. */
    long dueRawNanos() {
        return Math.min(dueRawNanos, hangUpRawNanos);
    }

    /** Whether a request is due, rather than the end of waiting for an answer. */
    boolean isRequestDue(long rawNanos) {
        return dueRawNanos <= rawNanos;
    }

    /** Puts its next request off: another was just sent. */
    void waitUntil(long rawNanos) {
        dueRawNanos = Math.max(dueRawNanos, rawNanos);
    }

    /** Asks from now on, if it does not yet. */
    void goOnline(long rawNanos) {
        if (mode == Mode.ONLINE || mode == Mode.BURST_THEN_ONLINE) {
            return;
        }
        if (mode == Mode.BURST_THEN_OFFLINE) {
            mode = Mode.BURST_THEN_ONLINE;
            return;
        }
        mode = Mode.ONLINE;
        begin(rawNanos);
        if (options().polling().iburst()) {
            burst(IBURST_GOOD, IBURST_TOTAL, rawNanos);
        }
    }

    /** Asks no more; a burst comes to its end first. */
    void goOffline() {
        switch (mode) {
            case ONLINE -> {
                mode = Mode.OFFLINE;
                dueRawNanos = NEVER;
            }
            case BURST_THEN_ONLINE -> mode = Mode.BURST_THEN_OFFLINE;
            case OFFLINE, BURST_THEN_OFFLINE -> {}
        }
    }

    /** Asks often, until {@code goodSamples} are had or {@code requestsAtMost} were sent; then does as before. */
    void burst(int goodSamples, int requestsAtMost, long rawNanos) {
        if (!mode.isBurst()) {
            mode = mode == Mode.ONLINE ? Mode.BURST_THEN_ONLINE : Mode.BURST_THEN_OFFLINE;
            burstGood = goodSamples;
            burstTotal = requestsAtMost;
            begin(rawNanos);
        }
    }

    private void begin(long rawNanos) {
        long delay = sent == null ? 0 : delayNanos(rawNanos);
        dueRawNanos = rawNanos + Math.max(FIRST_DELAY_NANOS, delay);
    }

    /** Sends the request that is due. */
    void ask(Moment now, boolean best, Outside outside) {
        beginOrEndBurst(now.rawNanos());
        if (mode == Mode.OFFLINE) {
            return;
        }
        hangUp(outside);
        answered = false;
        if (cookies != null && !cookies.isReady(now.rawNanos())) {
            awaitKeys(cookies, now.rawNanos(), outside);
            return;
        }
        long stamp = randomStamp(outside);
        boolean left = outside.send(this, request(stamp));
        silent++;
        if (left) {
            requests++;
            exchange = new Exchange(stamp, now.localNanos(), false);
            sent = now;
            hangUpRawNanos = now.rawNanos() + options().limits().maxDelayNanos() + LONGEST_RESPONSE_NANOS;
        } else {
            unreachable = true;
            outside.hangUp(this);
        }
        if (silent > 1) {
            markReach(false);
            if (left) {
                poll.onSilence(best);
            }
        }
        if (!left && options().polling().autoOffline()) {
            mode = Mode.OFFLINE;
            dueRawNanos = NEVER;
            return;
        }
        countBurst(left);
        dueRawNanos = now.rawNanos() + spread(intervalNanos(), outside);
    }

    private void countBurst(boolean left) {
        burstTotal -=
                mode == Mode.BURST_THEN_OFFLINE || (mode == Mode.BURST_THEN_ONLINE && (left || reach != 0)) ? 1 : 0;
    }

    /** Without keys there is no request; with them it is sent at once. */
    private void awaitKeys(CookieStore store, long rawNanos, Outside outside) {
        if (store.begins(rawNanos)) {
            outside.establish(this, store.distrustsGcmSiv());
        }
        silent++;
        if (silent > 1) {
            markReach(false);
        }
        countBurst(false);
        dueRawNanos = rawNanos + spread(intervalNanos(), outside);
    }

    /** Keys were established; they are of an earlier run when {@code restored}. */
    void onKeys(NtsKeys keys, boolean restored, long rawNanos) {
        if (cookies == null) {
            return;
        }
        if (restored) {
            cookies.restore(keys, rawNanos);
        } else {
            cookies.onKeys(keys, rawNanos);
        }
        ntpAddress = keys.ntpAddress().orElse(address);
        ntpPort = keys.ntpPort() == 0 ? options().port() : keys.ntpPort();
        if (mode != Mode.OFFLINE) {
            dueRawNanos = rawNanos;
        }
    }

    /** Keys could not be established. */
    void onNoKeys(boolean connected, String why, long rawNanos) {
        if (cookies != null) {
            cookies.onFailure(connected, why, rawNanos);
        }
    }

    @Nullable CookieStore cookies() {
        return cookies;
    }

    private void beginOrEndBurst(long rawNanos) {
        switch (mode) {
            case BURST_THEN_ONLINE -> mode = burstTotal <= 1 ? Mode.ONLINE : mode;
            case BURST_THEN_OFFLINE -> {
                if (burstTotal <= 0) {
                    mode = Mode.OFFLINE;
                    dueRawNanos = NEVER;
                }
            }
            case ONLINE -> {
                int longer = poll.log2Seconds() - options().polling().minLog2Seconds();
                if (options().polling().burst() && longer > 0) {
                    burst(1, Math.min(1 << Math.min(longer, REACH_BITS), BURST_TOTAL), rawNanos);
                }
            }
            case OFFLINE -> {}
        }
    }

    private byte[] request(long stamp) {
        if (cookies != null) {
            return cookies.request(stamp);
        }
        int keyId = options().keyId();
        int version = options().version();
        byte[] octets = new byte[NtpPacket.HEADER_LENGTH + (keyId == 0 ? 0 : macs.macLength(keyId, version))];
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        packet.setLeapVersionMode(0, version, NtpPacket.MODE_CLIENT);
        packet.setTransmitTimestamp(stamp);
        if (keyId != 0) {
            macs.sign(packet, keyId);
        }
        return octets;
    }

    /** Zero would mean that there is no stamp. */
    private static long randomStamp(Outside outside) {
        long stamp = outside.random();
        while (stamp == 0) {
            stamp = outside.random();
        }
        return stamp;
    }

    /** No answer is expected any more. */
    void hangUp(Outside outside) {
        if (hangUpRawNanos != NEVER) {
            hangUpRawNanos = NEVER;
            exchange = null;
            outside.hangUp(this);
        }
    }

    /** The kernel has stamped the leaving of the datagram that carried {@code transmitStamp}: {@code localNanos} of the local clock. */
    public void onDeparture(long transmitStamp, long localNanos) {
        Exchange underWay = exchange;
        if (underWay != null && underWay.transmitStamp() == transmitStamp && !underWay.byKernel()) {
            kernelSent++;
            exchange = underWay.stampedByKernel(localNanos);
        }
    }

    /**
     * A datagram has come from the server to the port of the request. Any octets will do.
     *
     * @param packet of at least no octets
     * @param arrivalNanos local clock when it came
     * @param byKernel whether the kernel took that stamp
     * @param own what this machine serves
     * @param local the address that it came to
     */
    public void onReply(
            NtpPacket packet,
            long arrivalNanos,
            boolean byKernel,
            SystemVariables own,
            SourceAddress local,
            Outside outside) {
        received++;
        kernelReceived += byKernel ? 1 : 0;
        Exchange underWay = exchange;
        Moment departure = sent;
        if (underWay == null || departure == null || answered || !ReplyCheck.isServers(packet)) {
            return;
        }
        Moment now = outside.now();
        Set<Integer> ownIds = new HashSet<>(outside.ownReferenceIds());
        ownIds.add(local.referenceId());
        boolean ntsAuthentic = cookies != null && cookies.accepts(packet);
        Reply reply = check.judge(
                packet,
                new ReplyCheck.Arrival(
                        underWay,
                        previousReceive,
                        previousTransmit,
                        arrivalNanos,
                        byKernel,
                        departure,
                        now,
                        ntsAuthentic,
                        ownIds,
                        own),
                statistics);
        if (!reply.isValid()) {
            return;
        }
        answered = true;
        localAddress = local;
        ownReferenceIds = ownIds;
        previousReceive = packet.receiveTimestamp();
        previousTransmit = packet.transmitTimestamp();
        take(reply, now, outside);
    }

    private void take(Reply reply, Moment now, Outside outside) {
        lastReply = reply;
        valid++;
        silent = 0;
        markReach(reply.isSynchronised());
        if (reply.isSynchronised()) {
            leapIndicator = reply.leapIndicator();
            stratum = Math.max(reply.stratum(), options().minStratum());
        }
        if (reply.isGood() && reply.sample() != null) {
            use(reply.sample());
        } else {
            poll.onUnusable(reply.isNoLoop());
            if (reply.isSynchronised() && reply.stratum() > 1 && ownReferenceIds.contains(reply.referenceId())) {
                // It follows this machine now: what it said before may already have been an echo.
                statistics.forget();
            }
        }
        refusal = reply.refusal();
        hangUp(outside);
        if (mode != Mode.OFFLINE) {
            long delay = spread(delayNanos(now.rawNanos()), outside);
            if (!refusal.isEmpty()) {
                // RFC 5905, section 7.4: ask less; a burst is over.
                delay += REFUSED_INTERVALS * poll.nanos();
                burstGood = 0;
                burstTotal = 0;
            }
            dueRawNanos = now.rawNanos() + delay;
        }
    }

    private void use(NtpSample sample) {
        good++;
        lastSample = sample;
        double surprise = statistics.surpriseNanos(sample);
        if (leapAnnounced && Math.abs(surprise) > LEAP_NANOS) {
            // The leap second has passed: samples from before it are a second off.
            statistics.forget();
            leapAnnounced = false;
        }
        leapAnnounced |= leapIndicator == 1 || leapIndicator == 2;
        statistics.add(sample);
        poll.onSample(surprise, sample, statistics.samples(), statistics.leastDelayNanos());
        if (mode.isBurst()) {
            burstGood--;
            if (burstGood <= 0) {
                if (mode == Mode.BURST_THEN_OFFLINE) {
                    dueRawNanos = NEVER;
                }
                mode = mode == Mode.BURST_THEN_ONLINE ? Mode.ONLINE : Mode.OFFLINE;
            }
        }
    }

    private void markReach(boolean heard) {
        reach = (reach << 1 | (heard ? 1 : 0)) & FULL_REACH;
        reachSize = Math.min(reachSize + 1, REACH_BITS);
    }

    private long intervalNanos() {
        return mode.isBurst() ? Math.min(MOST_BURST_NANOS, Math.round(poll.nanos() * BURST_SHARE)) : poll.nanos();
    }

    /** What is left of the interval since the last request. */
    private long delayNanos(long rawNanos) {
        Moment last = sent;
        long since = last == null ? 0 : rawNanos - last.rawNanos();
        return Math.max(0, intervalNanos() - since);
    }

    private static long spread(long nanos, Outside outside) {
        double share = (outside.random() >>> 11) * 0x1p-53;
        return nanos + Math.round(nanos * CHANCE * share);
    }

    /** Forgets what was measured: over a leap second, or a sleep of the machine. */
    void forget() {
        statistics.forget();
        exchange = null;
    }

    /** Whether it says that a leap second ends this day. */
    boolean announcesLeap() {
        return leapIndicator == 1 || leapIndicator == 2;
    }

    /** Watches for one that smears: {@code announced} by another at least, {@code localRatePpb} is the rate of a clock that follows UTC against raw time, NaN where none does. */
    void watchSmear(long rawNanos, long leapRawNanos, boolean announced, double localRatePpb) {
        if (lastReply != null && lastReply.isSynchronised()) {
            smear.onReply(lastReply, rawNanos, leapRawNanos, announced);
        }
        if (statistics.isFitted() && !Double.isNaN(localRatePpb)) {
            smear.onRate(statistics.slope() * 1e9 - localRatePpb, statistics.skew() * 1e9, rawNanos, leapRawNanos);
        }
    }

    /** Why it is taken for one that smears a leap second; empty when it is not. */
    String smear(long rawNanos) {
        return smear.reason(rawNanos);
    }

    /** Counts selections that found it wrong; how many there were in a row. */
    int onVerdict(Verdict verdict) {
        wrongs = verdict == Verdict.FALSETICKER || verdict == Verdict.TOO_DISTANT || verdict == Verdict.JITTERY
                ? wrongs + 1
                : 0;
        return wrongs;
    }

    /** Whether it has been asked for long, and did not answer once in the last eight times. */
    boolean isDead() {
        return reach == 0 && reachSize == REACH_BITS;
    }

    /** Whether it has ever answered. */
    boolean wasHeard() {
        return valid != 0;
    }

    /** The network says that there is no way to it, or that nobody listens there. */
    void onUnreachable() {
        unreachable = true;
    }

    /** Whether there never was a way to it, as far as is known. */
    boolean isUnreachable() {
        return unreachable && valid == 0;
    }

    boolean isReachFull() {
        return reachSize == REACH_BITS;
    }

    /** Whether its last useful answer said that it knows the time. */
    boolean isSynchronised() {
        return leapIndicator != 3;
    }

    SourceStatistics statistics() {
        return statistics;
    }

    /** As configured. */
    public SourceConfig config() {
        return config;
    }

    /** How it is asked. */
    public SourceOptions options() {
        return config.options();
    }

    /** The address that its name was found to have; with NTS keys are established there. */
    public SourceAddress address() {
        return address;
    }

    /** Where it is asked: there, or where it has said when keys were established. */
    public SourceAddress ntpAddress() {
        return ntpAddress;
    }

    /** UDP port that it is asked at. */
    public int ntpPort() {
        return ntpPort;
    }

    /** Its name, and its address where that says more. */
    String shownName() {
        return config.pool() ? address.text() + " of " + config.name() : config.name();
    }

    /** The last eight requests, newest in the lowest bit: 1 where an answer came that was synchronised. */
    public int reach() {
        return reach;
    }

    /** 1 to 15; 0 before the first useful answer. */
    public int stratum() {
        return stratum;
    }

    int leapIndicator() {
        return leapIndicator;
    }

    /** Whether it is asked. */
    public Mode mode() {
        return mode;
    }

    /** log2 seconds. */
    public int pollLog2Seconds() {
        return poll.log2Seconds();
    }

    /** What it counted. */
    SourceStatus.Counts counts() {
        return new SourceStatus.Counts(requests, received, valid, good, kernelSent, kernelReceived);
    }

    /** Answers that were used so far. */
    public long goodAnswers() {
        return good;
    }

    @Nullable Reply lastReply() {
        return lastReply;
    }

    @Nullable NtpSample lastSample() {
        return lastSample;
    }

    @Nullable SourceAddress localAddress() {
        return localAddress;
    }

    /** Whether its reference id is less than any of this machine's own; not before it has answered. */
    boolean isLessThanThisMachine() {
        return !ownReferenceIds.isEmpty()
                && ownReferenceIds.stream().allMatch(own -> Integer.compareUnsigned(ntpAddress.referenceId(), own) < 0);
    }

    String refusal() {
        return refusal;
    }
}
