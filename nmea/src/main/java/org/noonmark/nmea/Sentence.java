package org.noonmark.nmea;

import java.util.List;

/**
 * An NMEA 0183 sentence, versions 2.x to 4.11. Times of day are nanoseconds since 00:00:00 UTC, 86 400 s during a leap second,
 * {@link FixReport#UNKNOWN} when the field is empty; empty numbers are NaN; empty one-letter fields are 0.
 */
public sealed interface Sentence {
    /** Recommended minimum: the only common sentence with date and validity together. {@code year} has two digits. */
    record Rmc(
            long timeOfDayNanos,
            boolean active,
            double latitudeDegrees,
            double longitudeDegrees,
            double speedMetresPerSecond,
            double trackDegrees,
            int day,
            int month,
            int year,
            char mode,
            char navigationStatus)
            implements Sentence {}

    /** Time and date, with no word on validity. {@code day} is 0 when the date is empty; {@code year} has four digits. */
    record Zda(long timeOfDayNanos, int day, int month, int year) implements Sentence {}

    /** Fix. {@code quality} is -1 when empty. */
    record Gga(
            long timeOfDayNanos,
            Talker talker,
            double latitudeDegrees,
            double longitudeDegrees,
            int quality,
            int satellitesUsed,
            double horizontalDilution,
            double altitudeMslMetres,
            double geoidSeparationMetres)
            implements Sentence {}

    /** Position. */
    record Gll(long timeOfDayNanos, double latitudeDegrees, double longitudeDegrees, boolean active, char mode)
            implements Sentence {}

    /** Fix of several constellations; {@code mode} is the best of the one-letter modes, {@code N} when none has a fix. */
    record Gns(
            long timeOfDayNanos,
            double latitudeDegrees,
            double longitudeDegrees,
            char mode,
            int satellitesUsed,
            double horizontalDilution,
            double altitudeMslMetres,
            double geoidSeparationMetres,
            char navigationStatus)
            implements Sentence {}

    /** u-blox PUBX,04: time, date and leap count. {@code leapProven} is false while the count is the firmware's own. */
    record PubxTime(long timeOfDayNanos, int day, int month, int year, int leapSeconds, boolean leapProven)
            implements Sentence {}

    /** Satellites used, in gpsd's numbers. {@code mode} is 1 to 3, or 0 when it is none of these. */
    record Gsa(
            Talker talker,
            int mode,
            List<Integer> prns,
            double positionDilution,
            double horizontalDilution,
            double verticalDilution)
            implements Sentence {}

    /** Satellites seen: sentence {@code number} of {@code total}. The satellites are not yet marked as used. */
    record Gsv(Talker talker, int total, int number, List<SkyView.Satellite> satellites) implements Sentence {}

    /** Standard deviations of the fix. */
    record Gst(double latitudeMetres, double longitudeMetres, double altitudeMetres) implements Sentence {}

    /** Expected errors of the fix. */
    record Gbs(double latitudeMetres, double longitudeMetres, double altitudeMetres) implements Sentence {}

    /** Course and speed. */
    record Vtg(double trackDegrees, double speedMetresPerSecond, char mode) implements Sentence {}

    /** A text; u-blox severities are 00 error, 01 warning, 02 notice, 07 user. */
    record Txt(int severity, String text) implements Sentence {}

    /** MediaTek acknowledgement: flag 0 invalid, 1 unsupported, 2 failed, 3 done. */
    record PmtkAck(int command, int flag) implements Sentence {}

    /** What else a receiver of MediaTek says to a command: no part of its bursts. */
    record PmtkAnswer() implements Sentence {
        static final PmtkAnswer INSTANCE = new PmtkAnswer();
    }

    /** Framed and checked, but of a kind that is not used here. */
    record Other() implements Sentence {
        static final Other INSTANCE = new Other();
    }

    /** Framed and checked, but a field says something impossible. */
    record Malformed(Problem problem) implements Sentence {}

    /** Why a sentence or a UBX message with a right checksum is refused. */
    enum Problem {
        TIME,
        DATE,
        POSITION,
        NUMBER,
        MISSING_FIELD,
        LENGTH,
        VERSION
    }

    /** Who speaks. */
    enum Talker {
        GPS,
        GLONASS,
        GALILEO,
        BEIDOU,
        QZSS,
        NAVIC,
        COMBINED,
        /** Quectel's PQGSA and PQGSV: BeiDou or QZSS, as the system id says. */
        QUECTEL,
        OTHER
    }
}
