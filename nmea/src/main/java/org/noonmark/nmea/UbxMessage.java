package org.noonmark.nmea;

import java.util.List;

/**
 * A UBX message of u-blox receivers, generations 4 to 10 and X20. Times of week are GPS, milliseconds. Widths and scales follow
 * the interface descriptions of u-blox 8 / M8 (UBX-13003221) and F9 (UBX-22008968).
 */
public sealed interface UbxMessage {
    /** A message of the navigation epoch: it belongs to the burst that starts at its time of week. */
    sealed interface Navigation extends UbxMessage {
        long towMillis();
    }

    /** What a receiver stands behind when it names a date and time. */
    enum Validity {
        /** Nothing: the fields are filling. */
        NONE,
        /** Date and time of day are there, but the whole second or the leap count may be wrong. */
        CLOCK,
        /** Date, time of day and leap count are right. */
        RESOLVED
    }

    /**
     * Navigation position velocity time. Day and time of day are {@link FixReport#UNKNOWN} unless the receiver calls both valid.
     * {@code fixOk} is the flag gnssFixOK.
     */
    record NavPvt(
            long towMillis,
            Validity validity,
            long epochDay,
            long timeOfDayNanos,
            int fixType,
            boolean fixOk,
            FixReport.Status status,
            double latitudeDegrees,
            double longitudeDegrees,
            double altitudeHaeMetres,
            double altitudeMslMetres,
            double horizontalErrorMetres,
            double verticalErrorMetres,
            double speedMetresPerSecond,
            double trackDegrees,
            double climbMetresPerSecond,
            double speedErrorMetresPerSecond,
            long timeErrorNanos)
            implements Navigation {}

    /** UTC time solution. */
    record NavTimeUtc(long towMillis, Validity validity, long epochDay, long timeOfDayNanos, long timeErrorNanos)
            implements Navigation {}

    /** GPS time solution. {@code week} is as sent; {@code leapSeconds} is {@link FixReport#NO_LEAP} when not valid. */
    record NavTimeGps(
            long towMillis, int fractionNanos, int week, boolean timeValid, int leapSeconds, long timeErrorNanos)
            implements Navigation {}

    /**
     * Leap second event. {@code changeInSeconds} counts to the event (negative: past); {@code change} is +1, 0 or -1.
     * {@code currentSource} 0 is the firmware's own.
     */
    record NavTimeLs(
            long towMillis,
            int currentSource,
            int currentSeconds,
            boolean currentValid,
            int change,
            int changeInSeconds,
            boolean changeValid)
            implements Navigation {}

    /** Navigation solution of generations 4 to 8. Position is ECEF. */
    record NavSol(
            long towMillis,
            int fractionNanos,
            int week,
            boolean timeValid,
            int fixType,
            boolean fixOk,
            boolean differential,
            double xMetres,
            double yMetres,
            double zMetres,
            double positionDilution,
            int satellitesUsed)
            implements Navigation {}

    /** Geodetic position. */
    record NavPosLlh(
            long towMillis,
            double latitudeDegrees,
            double longitudeDegrees,
            double altitudeHaeMetres,
            double altitudeMslMetres,
            double horizontalErrorMetres,
            double verticalErrorMetres)
            implements Navigation {}

    /** ECEF position. */
    record NavPosEcef(long towMillis, double xMetres, double yMetres, double zMetres) implements Navigation {}

    /** Receiver status. */
    record NavStatus(long towMillis, int fixType, boolean fixOk, boolean differential, int spoofing)
            implements Navigation {}

    /** Dilutions of precision. */
    record NavDop(long towMillis, SkyView.Dilutions dilutions) implements Navigation {}

    /** Satellites, of NAV-SAT or the older NAV-SVINFO. */
    record NavSatellites(long towMillis, List<SkyView.Satellite> satellites) implements Navigation {}

    /** End of epoch: no navigation message of this time of week follows. */
    record NavEndOfEpoch(long towMillis) implements Navigation {}

    /** A navigation message whose content is not used. */
    record NavOther(long towMillis) implements Navigation {}

    /** Time pulse to come. */
    record TimTp(long towMillis, int week, int quantizationErrorPicos, boolean quantizationValid, boolean utcBase)
            implements UbxMessage {}

    /** Hardware status, of MON-HW or the worst block of MON-RF. */
    record Hardware(ReceiverHealth.Antenna antenna, ReceiverHealth.Interference jamming, int jammingIndicator)
            implements UbxMessage {}

    /** Signal security, SEC-SIG. */
    record Security(ReceiverHealth.Interference jamming, ReceiverHealth.Interference spoofing) implements UbxMessage {}

    /** ACK-ACK or ACK-NAK for the message of that class and id. */
    record Ack(boolean accepted, int messageClass, int messageId) implements UbxMessage {}

    /** Any other message: raw measurements, configuration, logs. */
    record Opaque(int messageClass, int messageId) implements UbxMessage {}

    /** Framed and checked, but too short, or of a version not known. */
    record Malformed(Sentence.Problem problem) implements UbxMessage {}
}
