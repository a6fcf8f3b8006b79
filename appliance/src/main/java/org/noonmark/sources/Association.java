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
public final class Association implements Source {
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

    private final SourceConfig config;
    private final SourceAddress address;
    private final ReplyCheck check;
    private final MacAuthenticator macs;
    private final AskingSchedule schedule;
    private final OpenExchange open;
    private final SampleFeed samples;
    private final MedianOfPolls filter;
    private final ReachRegister reach = new ReachRegister();
    private final PacketCounts counts = new PacketCounts();
    private final @Nullable CookieStore cookies; // null: without NTS

    private int wrongs;
    private boolean unreachable;
    private SourceAddress ntpAddress;
    private int ntpPort;
    private int leapIndicator = 3;
    private int stratum;
    private @Nullable Reply lastReply;
    private @Nullable Reply heard; // the last one in form, whatever the tests say
    private long answers;
    private @Nullable SourceAddress localAddress;
    private Set<Integer> ownReferenceIds = Set.of();
    private String refusal = "";

    Association(
            SourceConfig config,
            SourceAddress address,
            MacAuthenticator macs,
            LocalClock clock,
            CrystalRate rate,
            RandomGenerator random) {
        this.config = config;
        this.address = address;
        ntpAddress = address;
        ntpPort = config.options().port();
        this.macs = macs;
        check = new ReplyCheck(config.options(), macs, clock);
        samples = new SampleFeed(new SourceStatistics(config.options().limits(), clock.precisionNanos(), rate));
        schedule = new AskingSchedule(config.options().polling());
        open = new OpenExchange(
                config.options().limits().maxDelayNanos(),
                config.options().manner().interleaved());
        filter = new MedianOfPolls(config.options().limits().filterPolls());
        cookies = config.options()
                .nts()
                .map(nts -> new CookieStore(nts.refreshNanos(), random))
                .orElse(null);
    }

    /** When something is to be done. */
    long dueRawNanos() {
        return Math.min(schedule.dueRawNanos(), open.endRawNanos());
    }

    /** Whether a request is due, rather than the end of waiting for an answer. */
    boolean isRequestDue(long rawNanos) {
        return schedule.dueRawNanos() <= rawNanos;
    }

    /** Puts its next request off: another was just sent. */
    void waitUntil(long rawNanos) {
        schedule.waitUntil(rawNanos);
    }

    /** Asks from now on, if it does not yet. */
    void goOnline(long rawNanos) {
        schedule.goOnline(rawNanos);
    }

    /** Asks no more; a burst comes to its end first. */
    void goOffline() {
        schedule.goOffline();
    }

    /** Asks often, until {@code goodSamples} are had or {@code requestsAtMost} were sent; then does as before. */
    void burst(int goodSamples, int requestsAtMost, long rawNanos) {
        schedule.burst(goodSamples, requestsAtMost, rawNanos);
    }

    /** Sends the request that is due. */
    void ask(Moment now, boolean best, Outside outside) {
        if (!schedule.isAsking(now.rawNanos())) {
            return;
        }
        hangUp(outside);
        if (schedule.warmsUp(options().manner().presendLog2())) {
            warmUp(now, outside);
            return;
        }
        if (cookies != null && !cookies.isReady(now.rawNanos())) {
            awaitKeys(cookies, now.rawNanos(), outside);
            return;
        }
        boolean left = send(now, outside);
        boolean silent = reach.onRequest();
        if (silent && left) {
            schedule.poll().onSilence(best);
        }
        if (left || !schedule.stopsUnsent()) {
            schedule.onAsked(now.rawNanos(), left, reach.bits() != 0, outside);
        }
    }

    private boolean send(Moment now, Outside outside) {
        RequestStamps stamps = RequestStamps.bringing(open.originForNext(), outside);
        boolean left = outside.send(this, request(stamps));
        filter.onPoll();
        if (left) {
            counts.onRequest();
            open.begin(stamps, now);
            schedule.onSent(now.rawNanos());
        } else {
            unreachable = true;
            outside.hangUp(this);
        }
        return left;
    }

    /** A request whose answer nobody looks at, shortly before the one that is measured: tables of addresses on the way are filled by it. */
    private void warmUp(Moment now, Outside outside) {
        byte[] octets = new byte[NtpPacket.HEADER_LENGTH];
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        packet.setLeapVersionMode(0, options().version(), NtpPacket.MODE_CLIENT);
        RequestStamps.bringing(0, outside).writeTo(packet);
        if (outside.send(this, octets)) {
            counts.onRequest();
            open.beginUnused(now);
        } else {
            outside.hangUp(this);
        }
        schedule.onWarmUp(now.rawNanos());
    }

    /** Without keys there is no request; with them it is sent at once. */
    private void awaitKeys(CookieStore store, long rawNanos, Outside outside) {
        if (store.begins(rawNanos)) {
            outside.establish(this, store.distrustsGcmSiv());
        }
        reach.onRequest();
        schedule.onAsked(rawNanos, false, reach.bits() != 0, outside);
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
        schedule.askNow(rawNanos);
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

    private byte[] request(RequestStamps stamps) {
        if (cookies != null) {
            return cookies.request(stamps);
        }
        int keyId = options().keyId();
        int version = options().version();
        byte[] octets = new byte[NtpPacket.HEADER_LENGTH + (keyId == 0 ? 0 : macs.macLength(keyId, version))];
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        boolean peer = options().manner().peer();
        packet.setLeapVersionMode(0, version, peer ? NtpPacket.MODE_SYMMETRIC_ACTIVE : NtpPacket.MODE_CLIENT);
        stamps.writeTo(packet);
        if (keyId != 0) {
            macs.sign(packet, keyId);
        }
        return octets;
    }

    /** No answer is expected any more. */
    void hangUp(Outside outside) {
        if (open.isOpen()) {
            open.end();
            outside.hangUp(this);
        }
    }

    /** The kernel has stamped the leaving of the datagram that carried {@code transmitStamp}: {@code localNanos} of the local clock. */
    public void onDeparture(long transmitStamp, long localNanos) {
        if (open.takesDeparture(transmitStamp, localNanos)) {
            counts.onDeparture();
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
        counts.onReceived(byKernel);
        Exchange underWay = open.awaited();
        Moment departure = open.sent();
        if (underWay == null || departure == null || !check.isAnswer(packet)) {
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
                        open.past(),
                        open.previousReceive(),
                        open.previousTransmit(),
                        arrivalNanos,
                        byKernel,
                        departure,
                        now,
                        ntsAuthentic,
                        ownIds,
                        own),
                statistics());
        heard = reply;
        answers++;
        if (!reply.isValid()) {
            return;
        }
        open.onAnswer(packet, underWay, departure, arrivalNanos, byKernel, now, reply.isMeasurable());
        localAddress = local;
        ownReferenceIds = ownIds;
        take(reply, now, outside);
    }

    private void take(Reply reply, Moment now, Outside outside) {
        lastReply = reply;
        counts.onValid();
        reach.onAnswer(reply.isSynchronised());
        if (reply.isSynchronised()) {
            leapIndicator = reply.leapIndicator();
            stratum = Math.max(reply.stratum(), options().minStratum());
        }
        if (reply.isGood() && reply.sample() != null) {
            counts.onGood();
            NtpSample middle = filter.add(reply.sample(), statistics().slope());
            if (middle != null && samples.use(middle, leapIndicator, schedule.poll())) {
                filter.forget();
                open.forget();
            }
            schedule.onSample();
        } else {
            schedule.poll().onUnusable(reply.isNoLoop());
            if (reply.isSynchronised() && reply.stratum() > 1 && ownReferenceIds.contains(reply.referenceId())) {
                // It follows this machine now: what it said before may already have been an echo.
                forget();
            }
        }
        refusal = reply.refusal();
        hangUp(outside);
        schedule.onAnswered(now.rawNanos(), !refusal.isEmpty(), outside);
    }

    /** Forgets what was measured: over a leap second, or a sleep of the machine. */
    void forget() {
        samples.forget();
        filter.forget();
        open.forget();
        check.forget();
    }

    /**
     * Watches for one that smears: {@code announced} by another at least, {@code localRatePpb} is the rate of a clock that follows UTC
     * against raw time, NaN where none does.
     */
    void watchSmear(long rawNanos, long leapRawNanos, boolean announced, double localRatePpb) {
        Reply synchronised = lastReply != null && lastReply.isSynchronised() ? lastReply : null;
        samples.watchSmear(synchronised, rawNanos, leapRawNanos, announced, localRatePpb);
    }

    @Override
    public String smear(long rawNanos) {
        return samples.smear(rawNanos);
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
        return reach.isDead();
    }

    /** Whether it has ever answered. */
    boolean wasHeard() {
        return counts.valid() != 0;
    }

    /** The network says that there is no way to it, or that nobody listens there. */
    void onUnreachable() {
        unreachable = true;
    }

    /** Whether there never was a way to it, as far as is known. */
    boolean isUnreachable() {
        return unreachable && counts.valid() == 0;
    }

    @Override
    public boolean isReachFull() {
        return reach.isFull();
    }

    @Override
    public boolean isSynchronised() {
        return leapIndicator != 3;
    }

    @Override
    public SourceStatistics statistics() {
        return samples.statistics();
    }

    /** As configured. */
    public SourceConfig config() {
        return config;
    }

    /** How it is asked. */
    @Override
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
    @Override
    public String shownName() {
        return config.pool() ? address.text() + " of " + config.name() : config.name();
    }

    /** The last eight requests, newest in the lowest bit: 1 where an answer came that was synchronised. */
    @Override
    public int reach() {
        return reach.bits();
    }

    /** 1 to 15; 0 before the first useful answer. */
    @Override
    public int stratum() {
        return stratum;
    }

    @Override
    public int leapIndicator() {
        return leapIndicator;
    }

    /** What one that follows it is one stratum below: its own stratum, or one less where it is copied; 0 before the first useful answer. */
    @Override
    public int stratumToFollow() {
        return options().manner().copy() ? Math.max(0, stratum - 1) : stratum;
    }

    @Override
    public int referenceIdToFollow() {
        Reply reply = lastReply;
        return options().manner().copy() && reply != null ? reply.referenceId() : ntpAddress.referenceId();
    }

    /** Whether it is asked. */
    public Mode mode() {
        return schedule.mode();
    }

    /** log2 seconds. */
    public int pollLog2Seconds() {
        return schedule.poll().log2Seconds();
    }

    /** What it counted. */
    SourceStatus.Counts counts() {
        return counts.view();
    }

    /** Answers that were used so far. */
    public long goodAnswers() {
        return counts.good();
    }

    @Nullable Reply lastReply() {
        return lastReply;
    }

    SourceTrace trace() {
        return statistics().trace(schedule.poll().score(), heard, answers, null, 0);
    }

    @Nullable NtpSample lastSample() {
        return samples.last();
    }

    @Nullable SourceAddress localAddress() {
        return localAddress;
    }

    /** Whether its reference id is less than any of this machine's own; not before it has answered. */
    boolean isLessThanThisMachine() {
        return !ownReferenceIds.isEmpty()
                && ownReferenceIds.stream().allMatch(own -> Integer.compareUnsigned(ntpAddress.referenceId(), own) < 0);
    }

    @Override
    public String kind() {
        return "server";
    }

    @Override
    public boolean isWeighty() {
        SourceOptions.Choice choice = options().choice();
        return options().isAuthenticated() || choice.trust() || choice.require();
    }

    String refusal() {
        return refusal;
    }
}
