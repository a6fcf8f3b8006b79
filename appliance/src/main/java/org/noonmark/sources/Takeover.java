package org.noonmark.sources;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.Correction;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.NtpTime;

/**
 * Where there is no receiver, or it has been lost for long: steers the clock after the servers that agree, and says what may be served of it,
 * one stratum below them. What is told of the error is measured against the servers at each moment, whoever steers. Never steps while it
 * is served; around a leap second that they announce nothing is served until they have been measured anew. For the timing thread.
 */
public final class Takeover {
    /** Farther off, a clock that is not served is stepped. */
    private static final long STEP_NANOS = 1_000_000L;

    /** A clock that is served and found farther off is withdrawn first. */
    private static final long WITHDRAW_NANOS = 10_000_000L;

    /** Less is noise of reading the clocks. */
    private static final long DEAD_NANOS = 200;

    private static final double DEAD_PPB = 0.5;
    private static final double MOST_PPB = 500_000;

    /** Ticks near the servers' time before it is served. */
    private static final int NEAR_TO_SERVE = 2;

    /** Ticks in which nobody steers, to learn how the clock runs against raw time by itself. */
    private static final int TICKS_TO_LEARN = 3;

    private static final int MOST_TO_LEARN = 16;
    private static final long LEAP_NANOS = 5_000_000_000L;
    private static final int MOST_STRATUM = 15;

    private final int precision;
    private final double maxClockErrorPpb;

    private @Nullable Moment last;
    private double lastFrequencyPpb;
    private boolean slewed;
    private double ownRatePpb; // of the clock against raw time without any correction, mean
    private int learned;
    private int near;
    private long leapRawNanos = Long.MIN_VALUE;
    private long provenRawNanos = Long.MIN_VALUE;
    private @Nullable Lead lead;
    private long offsetNanos;
    private Moment at = new Moment(0, 0);

    /**
     * Nothing is known yet.
     *
     * @param precision log2 seconds of the clock
     * @param maxClockErrorPpb how fast it may wander (maxclockerror)
     */
    public Takeover(int precision, double maxClockErrorPpb) {
        this.precision = precision;
        this.maxClockErrorPpb = maxClockErrorPpb;
    }

    /**
     * About once a second: what is to be done to the clock.
     *
     * @param frequencyPpb correction in force
     * @param proven whether the time is proven without the servers
     * @param steers whether nobody else steers the clock
     * @param present what the servers agree on; null: nothing
     */
    public Correction onTick(Moment now, double frequencyPpb, boolean proven, boolean steers, @Nullable Lead present) {
        learn(now, frequencyPpb);
        provenRawNanos = proven ? now.rawNanos() : provenRawNanos;
        lead = present;
        at = now;
        if (present == null || isAtLeap(present, now)) {
            near = 0;
            return Correction.HOLD;
        }
        boolean wasServed = isServed();
        offsetNanos = present.offsetNanos(now);
        double off = Math.abs((double) offsetNanos);
        if (off > (wasServed ? WITHDRAW_NANOS : STEP_NANOS)) {
            near = 0;
            return steers && !wasServed ? new Correction.Step(offsetNanos) : Correction.HOLD;
        }
        near = Math.min(near + 1, NEAR_TO_SERVE);
        return steers && learned >= TICKS_TO_LEARN ? steered(present, frequencyPpb) : Correction.HOLD;
    }

    private Correction steered(Lead present, double frequencyPpb) {
        double wanted = Math.clamp(present.slope() * 1e9 - ownRatePpb, -MOST_PPB, MOST_PPB);
        boolean quiet = Math.abs(offsetNanos) < DEAD_NANOS && Math.abs(wanted - frequencyPpb) < DEAD_PPB;
        if (quiet && !slewed) {
            return Correction.HOLD;
        }
        long slew = Math.abs(offsetNanos) < DEAD_NANOS ? 0 : offsetNanos;
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
    }

    /** Around a leap second, until the best server was heard after it. */
    private boolean isAtLeap(Lead present, Moment now) {
        if (present.leapDirection() != 0) {
            LocalDate today = Instant.ofEpochSecond(0, now.localNanos())
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate();
            long midnight = today.plusDays(1).toEpochDay() * 86_400_000_000_000L;
            boolean lastOfMonth = today.plusDays(1).getDayOfMonth() == 1;
            if (lastOfMonth && midnight - now.localNanos() < LEAP_NANOS) {
                leapRawNanos = now.rawOf(midnight) + LEAP_NANOS;
            }
        }
        // One that was heard since has forgotten what it said before, if there was a leap second.
        return leapRawNanos != Long.MIN_VALUE
                && (now.rawNanos() < leapRawNanos || present.newestRawNanos() < leapRawNanos);
    }

    private boolean isServed() {
        return near >= NEAR_TO_SERVE;
    }

    /** What answers may say by the servers' word; empty while there is nothing to say. */
    public Optional<SystemVariables> served() {
        Lead followed = lead;
        if (!isServed() || followed == null || followed.stratum() >= MOST_STRATUM) {
            return Optional.empty();
        }
        // A server that was heard while this machine had its own time may have followed it since, or lost its own with
        // it.
        if (followed.newestRawNanos() <= provenRawNanos) {
            return Optional.empty();
        }
        double growthPpb = followed.skew() * 1e9 + maxClockErrorPpb;
        double aged = (at.rawNanos() - followed.atRawNanos()) * growthPpb * 1e-9;
        double dispersion =
                followed.rootDispersionNanos() + aged + Math.abs((double) offsetNanos) + Math.scalb(1e9, precision);
        long sampleNanos = at.localNanos() - (at.rawNanos() - followed.newestRawNanos());
        return Optional.of(new SystemVariables(
                followed.leapDirection() > 0 ? 1 : followed.leapDirection() < 0 ? 2 : 0,
                followed.stratum() + 1,
                precision,
                followed.referenceId(),
                NtpTime.ofUnixNanos(sampleNanos),
                followed.rootDelayNanos(),
                (long) Math.ceil(dispersion),
                at.localNanos(),
                growthPpb));
    }

    /** Whom the clock follows now; empty while nobody. */
    public Optional<Lead> followed() {
        return served().isPresent() ? Optional.ofNullable(lead) : Optional.empty();
    }
}
