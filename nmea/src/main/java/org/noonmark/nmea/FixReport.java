package org.noonmark.nmea;

/**
 * Where and when the receiver says it is, for one epoch: the content of gpsd's TPV. A value that the receiver did not give is NaN
 * (doubles) or {@link #UNKNOWN} (times).
 *
 * @param utcNanos UTC of the epoch, nanoseconds since 1970, or {@link #UNKNOWN}
 * @param arrivalNanos local clock when the first byte of the epoch's burst arrived
 * @param mode what kind of fix
 * @param status what made the fix
 * @param latitudeDegrees north positive
 * @param longitudeDegrees east positive
 * @param altitudeHaeMetres above the WGS 84 ellipsoid
 * @param altitudeMslMetres above mean sea level
 * @param geoidSeparationMetres ellipsoid to mean sea level
 * @param speedMetresPerSecond over ground
 * @param trackDegrees over ground, from true north
 * @param climbMetresPerSecond positive upwards
 * @param errors estimated by the receiver
 * @param leapSeconds GPS minus UTC in seconds as the receiver last said it in this run, or {@link #NO_LEAP}
 */
public record FixReport(
        long utcNanos,
        long arrivalNanos,
        Mode mode,
        Status status,
        double latitudeDegrees,
        double longitudeDegrees,
        double altitudeHaeMetres,
        double altitudeMslMetres,
        double geoidSeparationMetres,
        double speedMetresPerSecond,
        double trackDegrees,
        double climbMetresPerSecond,
        Errors errors,
        int leapSeconds) {
    /** A time that the receiver did not give. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** No leap count was heard in this run. */
    public static final int NO_LEAP = Integer.MIN_VALUE;

    /** What kind of fix. */
    public enum Mode {
        UNKNOWN(0),
        NO_FIX(1),
        FIX_2D(2),
        FIX_3D(3);

        private final int number;

        Mode(int number) {
            this.number = number;
        }

        /** gpsd's number. */
        public int number() {
            return number;
        }
    }

    /** What made the fix. */
    public enum Status {
        UNKNOWN(0),
        GPS(1),
        DGPS(2),
        RTK_FIXED(3),
        RTK_FLOAT(4),
        DEAD_RECKONING(5),
        GNSS_DEAD_RECKONING(6),
        TIME_ONLY(7),
        SIMULATED(8),
        PPS_FIX(9);

        private final int number;

        Status(int number) {
            this.number = number;
        }

        /** gpsd's number; gpsd leaves 0 and 1 out of its reports. */
        public int number() {
            return number;
        }
    }

    /**
     * Estimated errors, each NaN when the receiver did not give it. Nothing here is computed from the geometry of the sky.
     *
     * @param timeSeconds of the time (ept)
     * @param longitudeMetres (epx)
     * @param latitudeMetres (epy)
     * @param verticalMetres (epv)
     * @param horizontalMetres (eph)
     * @param sphericalMetres (sep)
     * @param speedMetresPerSecond (eps)
     */
    public record Errors(
            double timeSeconds,
            double longitudeMetres,
            double latitudeMetres,
            double verticalMetres,
            double horizontalMetres,
            double sphericalMetres,
            double speedMetresPerSecond) {}

    /** True when the receiver had a fix, so that its time and position mean something. */
    public boolean hasFix() {
        return mode == Mode.FIX_2D || mode == Mode.FIX_3D;
    }
}
