package org.noonmark.sim;

import java.util.function.LongPredicate;

/**
 * What the simulated receiver is like.
 *
 * @param dialect what it speaks
 * @param baud bits per second of its line; 0 for USB
 * @param outputHz reports a second, 1, 2, 5 or 10
 * @param delayNanos from the second to the first bit of its burst
 * @param jitterNanos one sigma of that delay; it never makes the delay negative
 * @param fix tells for each UTC second whether the receiver has a fix
 * @param pulsesWithoutFix whether it pulses without a fix too, as some do
 * @param rtcErrorSeconds error of its own clock, which it tells while it has no fix
 * @param lateWeeks how many weeks its date lies behind; 1024 for firmware of the last era
 * @param leapSeconds GPS minus UTC
 * @param latitudeDegrees where it is, north positive
 * @param longitudeDegrees east positive
 * @param altitudeMetres above mean sea level
 * @param seed of jitter and signal strengths
 */
public record ReceiverOptions(
        Dialect dialect,
        int baud,
        int outputHz,
        long delayNanos,
        long jitterNanos,
        LongPredicate fix,
        boolean pulsesWithoutFix,
        int rtcErrorSeconds,
        int lateWeeks,
        int leapSeconds,
        double latitudeDegrees,
        double longitudeDegrees,
        double altitudeMetres,
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

    /** A u-blox at the Royal Observatory, Greenwich, at 115 200 baud, with a fix at all times. */
    public static final ReceiverOptions DEFAULT = new ReceiverOptions(
            Dialect.UBLOX_NMEA,
            115_200,
            1,
            60_000_000,
            3_000_000,
            _ -> true,
            false,
            0,
            0,
            18,
            51.477_811,
            -0.001_475,
            46.9,
            1);

    public ReceiverOptions {
        if (outputHz < 1 || outputHz > 10 || 10 % outputHz != 0) {
            throw new IllegalArgumentException("outputHz " + outputHz + ", need 1, 2, 5 or 10");
        }
    }

    /** Another dialect. */
    public ReceiverOptions withDialect(Dialect other) {
        return new ReceiverOptions(
                other,
                baud,
                outputHz,
                delayNanos,
                jitterNanos,
                fix,
                pulsesWithoutFix,
                rtcErrorSeconds,
                lateWeeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                seed);
    }

    /** Another line and rate of reports. */
    public ReceiverOptions withLine(int otherBaud, int otherHz) {
        return new ReceiverOptions(
                dialect,
                otherBaud,
                otherHz,
                delayNanos,
                jitterNanos,
                fix,
                pulsesWithoutFix,
                rtcErrorSeconds,
                lateWeeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                seed);
    }

    /** Another delay after the second, and its one-sigma jitter. */
    public ReceiverOptions withDelay(long otherDelayNanos, long otherJitterNanos) {
        return new ReceiverOptions(
                dialect,
                baud,
                outputHz,
                otherDelayNanos,
                otherJitterNanos,
                fix,
                pulsesWithoutFix,
                rtcErrorSeconds,
                lateWeeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                seed);
    }

    /** Other times of fix. */
    public ReceiverOptions withFix(LongPredicate otherFix) {
        return new ReceiverOptions(
                dialect,
                baud,
                outputHz,
                delayNanos,
                jitterNanos,
                otherFix,
                pulsesWithoutFix,
                rtcErrorSeconds,
                lateWeeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                seed);
    }

    /** What it does without a fix: whether it pulses, and how wrong its own clock is. */
    public ReceiverOptions withoutFix(boolean pulses, int otherRtcErrorSeconds) {
        return new ReceiverOptions(
                dialect,
                baud,
                outputHz,
                delayNanos,
                jitterNanos,
                fix,
                pulses,
                otherRtcErrorSeconds,
                lateWeeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                seed);
    }

    /** Dates that lie {@code weeks} behind. */
    public ReceiverOptions withLateWeeks(int weeks) {
        return new ReceiverOptions(
                dialect,
                baud,
                outputHz,
                delayNanos,
                jitterNanos,
                fix,
                pulsesWithoutFix,
                rtcErrorSeconds,
                weeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                seed);
    }

    /** Other chances. */
    public ReceiverOptions withSeed(long otherSeed) {
        return new ReceiverOptions(
                dialect,
                baud,
                outputHz,
                delayNanos,
                jitterNanos,
                fix,
                pulsesWithoutFix,
                rtcErrorSeconds,
                lateWeeks,
                leapSeconds,
                latitudeDegrees,
                longitudeDegrees,
                altitudeMetres,
                otherSeed);
    }
}
