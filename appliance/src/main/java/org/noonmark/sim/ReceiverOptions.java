package org.noonmark.sim;

import java.util.function.LongPredicate;

/**
 * What the simulated receiver is like.
 *
 * @param dialect what it speaks
 * @param line how it is connected
 * @param delay how late its burst comes
 * @param fix tells for each UTC second whether the receiver has a fix
 * @param fixless what it does without one
 * @param lateWeeks how many weeks its date lies behind; 1024 for firmware of the last era
 * @param leapSeconds GPS minus UTC
 * @param place where its antenna is
 * @param seed of jitter and signal strengths
 */
public record ReceiverOptions(
        Dialect dialect,
        Line line,
        Delay delay,
        LongPredicate fix,
        Fixless fixless,
        int lateWeeks,
        int leapSeconds,
        Place place,
        long seed) {

    /** What a receiver speaks. */
    public enum Dialect {
        /** NMEA 4.1 as u-blox 8 sends it: talker GN, several systems, hundredths of seconds. */
        UBLOX_NMEA,
        /** NMEA 3.01 as MT3339 sends it: talker GP, thousandths of seconds. */
        MTK_NMEA,
        /** u-blox binary: NAV-PVT, NAV-TIMEUTC, NAV-SAT, NAV-TIMELS, TIM-TP. */
        UBX
    }

    /**
     * Its line.
     *
     * @param baud bits per second; 0 for USB
     * @param outputHz reports a second, 1, 2, 5 or 10
     */
    public record Line(int baud, int outputHz) {
        public Line {
            if (outputHz < 1 || outputHz > 10 || 10 % outputHz != 0) {
                throw new IllegalArgumentException("outputHz " + outputHz + ", need 1, 2, 5 or 10");
            }
        }
    }

    /**
     * From the second to the first bit of its burst.
     *
     * @param meanNanos on average
     * @param jitterNanos one sigma; it never makes the delay negative
     */
    public record Delay(long meanNanos, long jitterNanos) {}

    /**
     * Without a fix.
     *
     * @param pulses whether it pulses all the same, as some do
     * @param rtcErrorSeconds error of its own clock, which it tells then
     */
    public record Fixless(boolean pulses, int rtcErrorSeconds) {}

    /**
     * A position.
     *
     * @param latitudeDegrees north positive
     * @param longitudeDegrees east positive
     * @param altitudeMetres above mean sea level
     */
    public record Place(double latitudeDegrees, double longitudeDegrees, double altitudeMetres) {}

    /** A u-blox at the Royal Observatory, Greenwich, at 115 200 baud, with a fix at all times. */
    public static final ReceiverOptions DEFAULT = new ReceiverOptions(
            Dialect.UBLOX_NMEA,
            new Line(115_200, 1),
            new Delay(60_000_000, 3_000_000),
            _ -> true,
            new Fixless(false, 0),
            0,
            18,
            new Place(51.477_811, -0.001_475, 46.9),
            1);

    /** Another dialect. */
    public ReceiverOptions withDialect(Dialect other) {
        return new ReceiverOptions(other, line, delay, fix, fixless, lateWeeks, leapSeconds, place, seed);
    }

    /** Another line and rate of reports. */
    public ReceiverOptions withLine(int baud, int outputHz) {
        Line other = new Line(baud, outputHz);
        return new ReceiverOptions(dialect, other, delay, fix, fixless, lateWeeks, leapSeconds, place, seed);
    }

    /** Another delay after the second, and its one-sigma jitter. */
    public ReceiverOptions withDelay(long meanNanos, long jitterNanos) {
        Delay other = new Delay(meanNanos, jitterNanos);
        return new ReceiverOptions(dialect, line, other, fix, fixless, lateWeeks, leapSeconds, place, seed);
    }

    /** Other times of fix. */
    public ReceiverOptions withFix(LongPredicate other) {
        return new ReceiverOptions(dialect, line, delay, other, fixless, lateWeeks, leapSeconds, place, seed);
    }

    /** What it does without a fix: whether it pulses, and how wrong its own clock is. */
    public ReceiverOptions withoutFix(boolean pulses, int rtcErrorSeconds) {
        Fixless other = new Fixless(pulses, rtcErrorSeconds);
        return new ReceiverOptions(dialect, line, delay, fix, other, lateWeeks, leapSeconds, place, seed);
    }

    /** Dates that lie {@code weeks} behind. */
    public ReceiverOptions withLateWeeks(int weeks) {
        return new ReceiverOptions(dialect, line, delay, fix, fixless, weeks, leapSeconds, place, seed);
    }

    /** Other chances. */
    public ReceiverOptions withSeed(long other) {
        return new ReceiverOptions(dialect, line, delay, fix, fixless, lateWeeks, leapSeconds, place, other);
    }
}
