package org.noonmark.sources;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.LeapSecondsList;

/** A clock at this machine that somebody reads for us: its readings become samples, and the line through them. Used by one thread. */
public final class ReferenceClock implements Source {
    /**
     * What is known when pulses are to be numbered and TAI is to be told as UTC.
     *
     * @param synchronised whether this machine's own clock shows the time
     * @param distanceNanos how far it may be wrong then
     * @param leapIndicator what it announces then
     * @param taiMinusUtcSeconds by a receiver that is proven; 0: it does not say
     * @param leapSeconds the owner's list
     */
    public record Surroundings(
            boolean synchronised,
            double distanceNanos,
            int leapIndicator,
            int taiMinusUtcSeconds,
            Optional<LeapSecondsList> leapSeconds) {
        /** Nothing is known. */
        public static final Surroundings NONE = new Surroundings(false, 0, 3, 0, Optional.empty());

        /** At a second of TAI; 0: nobody knows. Who says until when he is right comes first, as in the schedule of leap seconds. */
        int taiMinusUtc(long taiSeconds) {
            Optional<LeapSecondsList> valid = leapSeconds.filter(list -> !list.isExpired(taiSeconds));
            int listed = valid.flatMap(list -> list.taiMinusUtcSecondsAtTai(taiSeconds))
                    .orElse(0);
            boolean complete = valid.filter(list -> list.isComplete(taiSeconds)).isPresent();
            return taiMinusUtcSeconds == 0 || (complete && listed != 0) ? listed : taiMinusUtcSeconds;
        }
    }

    private static final long SECOND = 1_000_000_000L;
    private static final long FUTURE_NANOS = 1_000_000L;
    /** As chrony: what is older than so many polls was left behind by somebody who reads no longer. */
    private static final long OLD_POLLS = 2;

    private final ReferenceClockOptions clock;
    private final SourceOptions options;
    private final SampleFeed samples;
    private final ReadingFilter filter;
    private final LocalTrack track;
    private final long eraFloorNanos;
    private final PollInterval poll;
    private final ReachRegister reach = new ReachRegister();
    private final Function<String, Optional<ReferenceClock>> others;
    private int leapIndicator = 3;
    private ReadingFilter.@Nullable Reading last;
    private long heardRawNanos = Long.MIN_VALUE;
    private long sampledRawNanos = Long.MIN_VALUE;
    private long sampleLocalNanos;
    private long dueRawNanos;
    private String trouble = "no reading yet";
    private long unused;
    private long unusedInARow;
    private SourceTrace.@Nullable Reading told;
    private int sequence;

    /**
     * Nothing was read yet.
     *
     * @param track of this machine's clock
     * @param rate of its crystal, as far as it is known
     * @param others finds the clock that it is locked to
     */
    ReferenceClock(
            ReferenceClockOptions clock,
            LocalClock local,
            LocalTrack track,
            CrystalRate rate,
            Function<String, Optional<ReferenceClock>> others,
            long beginsRawNanos) {
        this.clock = clock;
        this.track = track;
        this.others = others;
        SourceOptions.Polling polling = new SourceOptions.Polling(
                clock.pollLog2Seconds(), clock.pollLog2Seconds(), 8, false, false, false, false);
        options = SourceOptions.DEFAULTS
                .withPolling(polling)
                .withLimits(clock.limits())
                .withChoice(clock.choice());
        samples = new SampleFeed(SourceStatistics.ofReadings(clock.limits(), local.precisionNanos(), rate));
        filter = new ReadingFilter(clock.filter());
        eraFloorNanos = local.eraFloorNanos();
        poll = new PollInterval(polling);
        dueRawNanos = beginsRawNanos + clock.pollNanos();
    }

    /** When readings are to become a sample. */
    long dueRawNanos() {
        return dueRawNanos;
    }

    /** The clock was read, and that was heard of at {@code heard}; the reading is used where it can be. */
    void onReading(ClockReading reading, Moment heard, Surroundings around) {
        heardRawNanos = heard.rawNanos();
        String found = use(reading, heard, around);
        trouble = found;
        unused += found.isEmpty() ? 0 : 1;
        unusedInARow = found.isEmpty() ? 0 : unusedInARow + 1;
    }

    /** Why it cannot be used; empty when it was. */
    private String use(ClockReading reading, Moment heard, Surroundings around) {
        long age = heard.localNanos() - reading.localNanos();
        long most = OLD_POLLS * clock.pollNanos();
        if (age < -FUTURE_NANOS || age > most || track.isBeforeStep(reading.localNanos(), heard, most)) {
            return "its readings bear stamps that this machine's clock did not show then";
        }
        if (reading.leapIndicator() == 3) {
            return "it says that it does not know the time";
        }
        boolean pulse = reading.pulse() || clock.pulses().always();
        // Of a pulse whole seconds say nothing.
        boolean tai = clock.tai() && !pulse;
        long corrected = reading.referenceNanos() + clock.offsetNanos();
        int ahead = tai ? around.taiMinusUtc(Math.floorDiv(corrected, SECOND)) : 0;
        if (tai && ahead == 0) {
            return withoutTai(around);
        }
        long raw = track.rawOf(reading.localNanos(), heard);
        if (last != null && raw <= last.rawNanos()) {
            return "its readings come again, or out of order";
        }
        long utc = corrected - ahead * SECOND;
        if (!pulse && utc < eraFloorNanos) {
            return "it says a date that was over when this version was made";
        }
        ReadingFilter.Reading found = new ReadingFilter.Reading(raw, utc - raw);
        ReadingFilter.Reading whole = pulse ? numbered(found, reading.localNanos(), around) : found;
        if (whole == null) {
            return trouble;
        }
        leapIndicator = pulse
                ? numbering().map(ReferenceClock::leapIndicator).orElse(around.leapIndicator())
                : reading.leapIndicator();
        last = whole;
        filter.add(whole);
        tell(reading, raw, whole, pulse);
        return "";
    }

    private static String withoutTai(Surroundings around) {
        String cure = around.leapSeconds().isEmpty()
                ? "nothing tells how many seconds that is from UTC: write 'leapseclist /usr/share/zoneinfo/leap-seconds.list'"
                : "the list of leap seconds says nothing of its date: update the list (on Debian the package tzdata), or check the clock's date";
        return "it keeps TAI, and " + cure;
    }

    private void tell(ClockReading reading, long raw, ReadingFilter.Reading whole, boolean pulse) {
        long local = reading.localNanos();
        double shown = reading.pulse()
                ? -(double) (Math.floorMod(local - reading.referenceNanos() + SECOND / 2, SECOND) - SECOND / 2)
                : reading.referenceNanos() - local;
        double cooked = whole.referenceMinusRawNanos() + raw - local;
        long count = told == null ? 1 : told.count() + 1;
        told = new SourceTrace.Reading(count, sequence++, pulse, local, shown, cooked, clock.precisionNanos());
    }

    /** This machine's clock was stepped: what was read of it while that was not known yet may be from either side. */
    void onStepped(ClockStep step) {
        if (heardRawNanos >= step.beforeRawNanos() || !votesOnLeap()) {
            filter.forget();
            last = null;
        }
        if (sampledRawNanos >= step.beforeRawNanos() || !votesOnLeap()) {
            // What this machine's clock has numbered it may have numbered wrongly.
            samples.forget();
        }
    }

    private Optional<ReferenceClock> numbering() {
        return clock.pulses().lock().flatMap(others);
    }

    /** The pulse with its second; null: it may be either of two, or nobody knows. */
    private ReadingFilter.@Nullable Reading numbered(
            ReadingFilter.Reading pulse, long localNanos, Surroundings around) {
        double most = clock.pulses().mostNanos();
        double period = clock.pulses().periodNanos();
        long expected;
        if (clock.pulses().lock().isPresent()) {
            ReadingFilter.Reading other = numbering().map(found -> found.last).orElse(null);
            double age = other == null ? 0 : Math.abs((double) (pulse.rawNanos() - other.rawNanos()));
            if (other == null || age >= clock.pulses().maxLockAge() * period) {
                trouble =
                        "its pulses find no reading of " + clock.pulses().lock().get() + " that is new enough";
                return null;
            }
            expected = other.referenceMinusRawNanos();
        } else {
            if (!around.synchronised() || around.distanceNanos() >= most) {
                trouble = "its pulses have no second yet: another source must tell the time first";
                return null;
            }
            expected = localNanos - pulse.rawNanos();
        }
        ReadingFilter.Reading found = nearest(pulse, expected, period);
        if (Math.abs((double) (expected - found.referenceMinusRawNanos())) >= most) {
            trouble = "its pulses come between two seconds of what numbers them";
            return null;
        }
        return found;
    }

    /** The pulse moved by whole periods. Far from 0 a double is no exact number of nanoseconds: whole seconds are taken first. */
    private static ReadingFilter.Reading nearest(ReadingFilter.Reading pulse, long expected, double period) {
        long apart = expected - pulse.referenceMinusRawNanos();
        long seconds = Math.floorDiv(apart, SECOND);
        double periods = Math.rint((apart - seconds * SECOND) / period);
        return new ReadingFilter.Reading(
                pulse.rawNanos(), pulse.referenceMinusRawNanos() + seconds * SECOND + Math.round(periods * period));
    }

    /** It is time for a sample; whether there is one. */
    boolean onPoll(Moment now) {
        dueRawNanos += clock.pollNanos();
        if (dueRawNanos <= now.rawNanos()) {
            dueRawNanos = now.rawNanos() + clock.pollNanos();
        }
        ReadingFilter.Middle middle = filter.take(statistics().slope());
        sequence = middle == null ? sequence : 0;
        double dispersion = middle == null ? 0 : Math.max(clock.precisionNanos(), middle.deviationNanos());
        boolean used = middle != null && (clock.maxDispersionNanos() == 0 || dispersion <= clock.maxDispersionNanos());
        if (!used || middle == null) {
            reach.onSilence();
            return false;
        }
        reach.onAnswer(true);
        long local = track.localOf(middle.rawNanos(), now);
        sampleLocalNanos = local;
        sampledRawNanos = now.rawNanos();
        NtpSample sample = new NtpSample(
                middle.rawNanos(),
                middle.referenceMinusRawNanos() + middle.rawNanos() - local,
                middle.referenceMinusRawNanos(),
                clock.delayNanos(),
                dispersion,
                clock.delayNanos(),
                dispersion);
        if (samples.use(sample, leapIndicator, poll)) {
            filter.forget();
        }
        return true;
    }

    /** What was measured says nothing of the time to come. */
    void forget() {
        samples.forget();
        filter.forget();
        last = null;
    }

    /** As {@link SampleFeed#watchSmear}. */
    void watchSmear(long rawNanos, long leapRawNanos, boolean announced, double localRatePpb) {
        samples.watchSmear(null, rawNanos, leapRawNanos, announced, localRatePpb);
    }

    /** As configured. */
    public ReferenceClockOptions clock() {
        return clock;
    }

    SourceTrace trace() {
        return statistics().trace(0, null, 0, told, sampleLocalNanos);
    }

    @Nullable NtpSample lastSample() {
        return samples.last();
    }

    /** Why its last reading was not used, one phrase; empty when it was. */
    public String trouble() {
        return trouble;
    }

    /** So many readings in a row were not used, up to the last one. */
    public long unusedInARow() {
        return unusedInARow;
    }

    /** So many readings were not used so far. */
    long unused() {
        return unused;
    }

    @Override
    public SourceOptions options() {
        return options;
    }

    @Override
    public SourceStatistics statistics() {
        return samples.statistics();
    }

    @Override
    public int reach() {
        return reach.bits();
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
    public int stratum() {
        return clock.stratum();
    }

    @Override
    public int leapIndicator() {
        return leapIndicator;
    }

    /** Pulses that this machine's clock numbers know of no leap second but what they are told by it. */
    @Override
    public boolean votesOnLeap() {
        SourceTrace.Reading reading = told;
        return reading == null || !reading.pulse() || clock.pulses().lock().isPresent();
    }

    @Override
    public String smear(long rawNanos) {
        return samples.smear(rawNanos);
    }

    @Override
    public String shownName() {
        return clock.referenceId();
    }

    @Override
    public String kind() {
        return "reference clock";
    }

    @Override
    public int stratumToFollow() {
        return clock.stratum();
    }

    @Override
    public int referenceIdToFollow() {
        return clock.id();
    }

    /** One that nobody vouches for may be off by a week, or by TAI: alone it stops no proven receiver. */
    @Override
    public boolean isWeighty() {
        return clock.choice().trust() || clock.choice().require();
    }
}
