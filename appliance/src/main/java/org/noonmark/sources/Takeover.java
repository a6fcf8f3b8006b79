package org.noonmark.sources;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.NtpTime;

/**
 * Where there is no receiver, or it has been lost for long: steers the clock after the servers that agree, and says what may be served of it,
 * one stratum below them. What is told of the error is measured against the servers at each moment, whoever steers. Never steps while it
 * is served; around a leap second that anybody announces nothing is served until they have been measured anew. What was proven once is
 * not given up for one server that anybody may speak for. For the timing thread.
 */
public final class Takeover {
    /**
     * What the timing core says.
     *
     * @param proven whether the time is proven without the servers
     * @param boundNanos of the clock's error, where it is
     * @param steers whether nobody else steers the clock
     * @param leapDirection of the leap second that ends this UTC day, by its own schedule: +1, -1, or 0
     */
    public record Own(boolean proven, double boundNanos, boolean steers, int leapDirection) {}

    /** Farther off, a clock that is not served is stepped. */
    private static final long STEP_NANOS = 1_000_000L;

    /** A clock that is served and found farther off is withdrawn first; but not for less than whom it follows may be wrong by. */
    private static final long WITHDRAW_NANOS = 10_000_000L;

    /** STEPT of RFC 5905, appendix A.1.1: more takes too long to slew. */
    private static final long MOST_SLEWED_NANOS = 128_000_000L;

    /** Less is noise of reading the clocks. */
    private static final long DEAD_NANOS = 200;

    private static final double DEAD_PPB = 0.5;
    private static final double MOST_PPB = 500_000;

    /** Ticks near the servers' time before it is served. */
    private static final int NEAR_TO_SERVE = 2;

    /** Ticks in which nobody steers before a step: a receiver that was lost for a moment may be back. */
    private static final int TICKS_TO_STEP = 5;

    /** Ticks in which nobody steers, to learn how the clock runs against raw time by itself. */
    private static final int TICKS_TO_LEARN = 3;

    private static final int MOST_TO_LEARN = 16;
    private static final long LEAP_NANOS = 5_000_000_000L;
    private static final long DAY_NANOS = 86_400_000_000_000L;
    private static final int MOST_STRATUM = 15;

    /** The servers are weighed anew every 64 s; older, whoever weighs them has stopped. */
    private static final long OLDEST_NANOS = 200_000_000_000L;

    private final int precision;
    private final double maxClockErrorPpb;
    private final TimingOptions.Limits limits;
    private final ProvenTrack track;

    private @Nullable Moment last;
    private double lastFrequencyPpb;
    private boolean slewed;
    private double heldPpb = Double.NaN; // the correction that servers or a hand found right, since nobody else steers
    private double ownRatePpb; // of the clock against raw time without any correction, mean
    private int learned;
    private int near;
    private int steering; // ticks in which nobody else steered
    private boolean withheld;
    private long leapRawNanos = Long.MIN_VALUE;
    private int scheduledLeap;
    private long updateRawNanos = Long.MIN_VALUE;
    private long updates;
    private long refused;
    private long refusedRawNanos = Long.MIN_VALUE;
    private @Nullable Moment announced; // when a leap second was, by one that is followed
    private @Nullable Lead lead;
    private long offsetNanos;
    private Moment at = new Moment(0, 0);

    /**
     * Nothing is known yet.
     *
     * @param precision log2 seconds of the clock
     * @param maxClockErrorPpb how fast it may wander (maxclockerror)
     * @param limits how far and how fast it may be moved
     */
    public Takeover(int precision, double maxClockErrorPpb, TimingOptions.Limits limits) {
        this.precision = precision;
        this.maxClockErrorPpb = maxClockErrorPpb;
        this.limits = limits;
        track = new ProvenTrack(maxClockErrorPpb);
    }

    /**
     * About once a second: what is to be done to the clock.
     *
     * @param frequencyPpb correction in force
     * @param present what the servers agree on; null: nothing
     */
    public Correction onTick(Moment now, double frequencyPpb, Own own, @Nullable Lead present) {
        learn(now, frequencyPpb);
        if (own.proven()) {
            track.onProven(now, own.boundNanos());
        }
        steering = own.steers() ? Math.min(steering + 1, TICKS_TO_STEP) : 0;
        heldPpb = own.steers() ? heldPpb : Double.NaN;
        scheduledLeap = own.leapDirection();
        at = now;
        lead = present != null && isCredible(present, now) ? present : null;
        boolean atLeap = isAtLeap(lead, now, own);
        withheld = atLeap;
        // One that was heard while this machine had its own time may have followed it since, or lost its own with it.
        if (lead == null || atLeap || lead.newestRawNanos() <= track.lastRawNanos()) {
            near = 0;
            return held(frequencyPpb);
        }
        return onLead(lead, frequencyPpb, own.steers());
    }

    private Correction onLead(Lead present, double frequencyPpb, boolean steers) {
        countUpdate(present);
        boolean wasServed = isServed();
        offsetNanos = present.offsetNanos(at);
        if (Math.abs((double) offsetNanos) > (wasServed ? withdrawNanos(present) : STEP_NANOS)) {
            near = 0;
            withheld = true;
            return steers && !wasServed && steering >= TICKS_TO_STEP ? stepped(frequencyPpb) : Correction.HOLD;
        }
        near = Math.min(near + 1, NEAR_TO_SERVE);
        return steers && learned >= TICKS_TO_LEARN ? steered(present, frequencyPpb) : Correction.HOLD;
    }

    /** What is served by a hand's word, or by that of servers that are silent now, counts on the rate that they found. */
    private Correction held(double frequencyPpb) {
        if (Double.isNaN(heldPpb) || (!slewed && Math.abs(heldPpb - frequencyPpb) < DEAD_PPB)) {
            return Correction.HOLD;
        }
        slewed = false;
        return new Correction.Slew(heldPpb, 0);
    }

    /** A receiver's sentences scatter by tens of milliseconds, and are told so. */
    private static double withdrawNanos(Lead present) {
        double bound = present.rootDelayNanos() / 2.0 + present.rootDispersionNanos();
        return Math.clamp(bound, (double) WITHDRAW_NANOS, (double) MOST_SLEWED_NANOS);
    }

    private boolean isCredible(Lead present, Moment now) {
        return now.rawNanos() - present.atRawNanos() <= OLDEST_NANOS
                && (present.weighty() || track.allows(present.referenceMinusRawNanos(now.rawNanos()), now.rawNanos()));
    }

    private void countUpdate(Lead present) {
        updates += present.newestRawNanos() != updateRawNanos ? 1 : 0;
        updateRawNanos = present.newestRawNanos();
    }

    private Correction stepped(double frequencyPpb) {
        if (allows(offsetNanos, updates)) {
            return new Correction.Step(offsetNanos);
        }
        refused += updateRawNanos != refusedRawNanos ? 1 : 0;
        refusedRawNanos = updateRawNanos;
        int ignore = limits.maxChange().ignore();
        return new Correction.Refuse(frequencyPpb, offsetNanos, ignore >= 0 && refused > ignore);
    }

    /** Not further than the owner allows (chrony's maxchange), but for the first updates of a clock that was never proven. */
    private boolean allows(long deltaNanos, long update) {
        TimingOptions.MaxChange change = limits.maxChange();
        boolean free = change.start() < 0 || (!track.isKnown() && update <= change.start());
        return free || Math.abs((double) deltaNanos) <= change.offsetNanos();
    }

    /** Whether the owner lets a hand move the clock so far, now. */
    public boolean allows(long deltaNanos) {
        return allows(deltaNanos, updates + 1);
    }

    /** How fast the clock runs against raw time, as far as was learned, with a correction of {@code frequencyPpb}. */
    public double ratePpb(double frequencyPpb) {
        return ownRatePpb + frequencyPpb;
    }

    /**
     * A hand has found how the clock runs, {@code slope} away from its reference: that stays in force while nobody else steers.
     *
     * @param frequencyPpb correction in force, which stays where it is not known yet how the clock runs by itself
     * @return the correction, ppb
     */
    public double hold(double slope, double frequencyPpb) {
        heldPpb = wantedPpb(slope, frequencyPpb);
        return heldPpb;
    }

    /** The correction with which the clock runs as a reference of that {@code slope} does. */
    private double wantedPpb(double slope, double frequencyPpb) {
        double mostPpb = Math.min(MOST_PPB, limits.maxDriftPpb());
        return learned < TICKS_TO_LEARN ? frequencyPpb : Math.clamp(slope * 1e9 - ownRatePpb, -mostPpb, mostPpb);
    }

    private Correction steered(Lead present, double frequencyPpb) {
        double wanted = wantedPpb(present.slope(), frequencyPpb);
        heldPpb = wanted;
        boolean quiet = Math.abs(offsetNanos) < DEAD_NANOS && Math.abs(wanted - frequencyPpb) < DEAD_PPB;
        if (quiet && !slewed) {
            return Correction.HOLD;
        }
        // The clock's own pace is 500 ppm: where less is wanted, it gets one second's worth at a time.
        double most = limits.maxSlewPpb() < MOST_PPB ? limits.maxSlewPpb() : WITHDRAW_NANOS;
        long slew = Math.abs(offsetNanos) < DEAD_NANOS ? 0 : Math.round(Math.clamp((double) offsetNanos, -most, most));
        slewed = slew != 0;
        return new Correction.Slew(wanted, slew);
    }

    /** How the clock runs when it is left alone: the kernel's raw clock has the same crystal, a simulated one another. */
    private void learn(Moment now, double frequencyPpb) {
        Moment before = last;
        last = now;
        if (before != null && !slewed && frequencyPpb == lastFrequencyPpb && learned < MOST_TO_LEARN) {
            double raw = now.rawNanos() - before.rawNanos();
            double rate = (now.localNanos() - before.localNanos() - raw) / raw * 1e9 - frequencyPpb;
            if (raw > 0 && Math.abs(rate) < MOST_PPB) {
                learned++;
                ownRatePpb += (rate - ownRatePpb) / learned;
            }
        }
        lastFrequencyPpb = frequencyPpb;
    }

    /** The clock was stepped, by whomever: it is held against the servers anew before it is served. */
    public void onStepped() {
        last = null;
        near = 0;
        slewed = false;
        track.onStepped();
    }

    /** Around a leap second, until the best server was heard after it. */
    private boolean isAtLeap(@Nullable Lead present, Moment now, Own own) {
        if (present != null && (present.leapAnnounced() || own.leapDirection() != 0)) {
            announced = now;
        }
        Moment heard = announced;
        if (heard != null && now.rawNanos() - heard.rawNanos() < DAY_NANOS) {
            LocalDate today = Instant.ofEpochSecond(0, now.localNanos())
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate();
            long midnight = today.plusDays(1).toEpochDay() * DAY_NANOS;
            boolean lastOfMonth = today.plusDays(1).getDayOfMonth() == 1;
            if (lastOfMonth && midnight - now.localNanos() < LEAP_NANOS) {
                leapRawNanos = now.rawOf(midnight) + LEAP_NANOS;
            }
        }
        if (leapRawNanos == Long.MIN_VALUE || now.rawNanos() < leapRawNanos) {
            return leapRawNanos != Long.MIN_VALUE;
        }
        // One that was heard since has forgotten what it said before, if there was a leap second.
        if (own.proven() || (present != null && present.newestRawNanos() >= leapRawNanos)) {
            leapRawNanos = Long.MIN_VALUE;
        }
        return leapRawNanos != Long.MIN_VALUE;
    }

    private boolean isServed() {
        return near >= NEAR_TO_SERVE && learned >= TICKS_TO_LEARN;
    }

    /** Whether servers are followed at all. */
    public boolean hasLead() {
        return lead != null;
    }

    /** Whether the clock goes as servers or a hand have it, as far as nobody else steers. */
    public boolean isInCharge() {
        return lead != null || !Double.isNaN(heldPpb);
    }

    /** Whether the clock is known to be wrong, or may be after a leap second: then nothing may be served of it by {@code local} either. */
    public boolean isWithheld() {
        return withheld;
    }

    /** What answers may say by the servers' word; empty while there is nothing to say. */
    public Optional<SystemVariables> served() {
        Lead followed = lead;
        if (!isServed() || followed == null || followed.stratum() >= MOST_STRATUM) {
            return Optional.empty();
        }
        // Since the last sample both clocks may have wandered, whenever the servers were weighed.
        double aged = (at.rawNanos() - followed.newestRawNanos()) * maxClockErrorPpb * 1e-9
                + (at.rawNanos() - followed.atRawNanos()) * followed.skew();
        double othersPpb = steering == 0 ? Math.min(limits.maxSlewPpb(), MOST_PPB) : 0;
        double dispersion =
                followed.rootDispersionNanos() + aged + Math.abs((double) offsetNanos) + Math.scalb(1e9, precision);
        long sampleNanos = at.localNanos() - (at.rawNanos() - followed.newestRawNanos());
        int leap = scheduledLeap != 0 ? scheduledLeap : followed.leapDirection();
        return Optional.of(new SystemVariables(
                leap > 0 ? 1 : leap < 0 ? 2 : 0,
                followed.stratum() + 1,
                precision,
                followed.referenceId(),
                NtpTime.ofUnixNanos(sampleNanos),
                followed.rootDelayNanos(),
                (long) Math.ceil(dispersion),
                at.localNanos(),
                followed.skew() * 1e9 + maxClockErrorPpb + othersPpb,
                true));
    }

    /** Whom the clock follows now; empty while nobody. */
    public Optional<Lead> followed() {
        return served().isPresent() ? Optional.ofNullable(lead) : Optional.empty();
    }
}
