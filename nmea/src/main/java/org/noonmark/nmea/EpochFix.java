package org.noonmark.nmea;

import org.noonmark.nmea.FixReport.Errors;
import org.noonmark.nmea.FixReport.Mode;
import org.noonmark.nmea.FixReport.Status;

/** Collects one epoch's fix from its messages; a later message of the epoch overrides an earlier one. */
final class EpochFix {
    /** True once a message of the epoch said anything about the fix. */
    private boolean started;

    private Mode mode = Mode.UNKNOWN;
    private Mode previousMode = Mode.UNKNOWN;
    private Mode dimension = Mode.UNKNOWN;
    private Status status = Status.UNKNOWN;
    private double latitude;
    private double longitude;
    private double altitudeHae;
    private double altitudeMsl;
    private double geoidSeparation;
    private double speed;
    private double track;
    private double climb;
    private double timeError;
    private double longitudeError;
    private double latitudeError;
    private double verticalError;
    private double horizontalError;
    private double speedError;

    EpochFix() {
        begin();
    }

    void begin() {
        started = false;
        previousMode = mode;
        mode = Mode.UNKNOWN;
        status = Status.UNKNOWN;
        latitude = Double.NaN;
        longitude = Double.NaN;
        altitudeHae = Double.NaN;
        altitudeMsl = Double.NaN;
        geoidSeparation = Double.NaN;
        speed = Double.NaN;
        track = Double.NaN;
        climb = Double.NaN;
        timeError = Double.NaN;
        longitudeError = Double.NaN;
        latitudeError = Double.NaN;
        verticalError = Double.NaN;
        horizontalError = Double.NaN;
        speedError = Double.NaN;
    }

    /** The epoch was reported; only a further message makes it worth a report again. */
    void reported() {
        started = false;
    }

    boolean started() {
        return started;
    }

    void onMode(Mode mode, Status status) {
        started = true;
        if (mode == Mode.NO_FIX) {
            dimension = Mode.UNKNOWN;
        }
        this.mode = mode;
        this.status = status;
    }

    /** GSA speaks of the dimension only: it makes no fix where no other message claimed one. */
    void onDimension(Mode mode) {
        dimension = mode;
        if (this.mode == Mode.FIX_2D || this.mode == Mode.FIX_3D) {
            this.mode = mode;
        }
    }

    Mode mode() {
        return mode;
    }

    /** What GSA last said, or else the mode of the epoch before: 2D or 3D for a message that claims a fix and does not say. */
    Mode dimension() {
        return dimension == Mode.UNKNOWN ? previousMode : dimension;
    }

    void onPosition(double latitude, double longitude) {
        if (!Double.isNaN(latitude) && !Double.isNaN(longitude)) {
            this.latitude = latitude;
            this.longitude = longitude;
        }
    }

    boolean hasPosition() {
        return !Double.isNaN(latitude);
    }

    void onAltitudeMsl(double altitudeMsl, double geoidSeparation) {
        this.altitudeMsl = altitudeMsl;
        this.geoidSeparation = geoidSeparation;
        altitudeHae = altitudeMsl + geoidSeparation;
    }

    void onAltitudes(double altitudeHae, double altitudeMsl) {
        this.altitudeHae = altitudeHae;
        this.altitudeMsl = altitudeMsl;
        geoidSeparation = altitudeHae - altitudeMsl;
    }

    void onAltitudeHae(double altitudeHae) {
        if (Double.isNaN(this.altitudeHae)) {
            this.altitudeHae = altitudeHae;
        }
    }

    void onMotion(double speed, double track) {
        if (!Double.isNaN(speed)) {
            this.speed = speed;
        }
        if (!Double.isNaN(track)) {
            this.track = track;
        }
    }

    void onClimb(double climb, double speedError) {
        this.climb = climb;
        this.speedError = speedError;
    }

    void onAxisErrors(double latitudeError, double longitudeError, double verticalError) {
        this.latitudeError = latitudeError;
        this.longitudeError = longitudeError;
        this.verticalError = verticalError;
    }

    void onErrors(double horizontalError, double verticalError) {
        this.horizontalError = horizontalError;
        this.verticalError = verticalError;
    }

    void onTimeError(double seconds) {
        timeError = seconds;
    }

    FixReport report(long utcNanos, long arrivalNanos, int leapSeconds) {
        boolean fix = mode == Mode.FIX_2D || mode == Mode.FIX_3D;
        double spherical = Math.hypot(horizontalError, verticalError);
        return new FixReport(
                utcNanos,
                arrivalNanos,
                mode,
                status,
                fix ? latitude : Double.NaN,
                fix ? longitude : Double.NaN,
                fix ? altitudeHae : Double.NaN,
                fix ? altitudeMsl : Double.NaN,
                fix ? geoidSeparation : Double.NaN,
                fix ? speed : Double.NaN,
                fix ? track : Double.NaN,
                fix ? climb : Double.NaN,
                new Errors(
                        timeError,
                        longitudeError,
                        latitudeError,
                        verticalError,
                        horizontalError,
                        spherical,
                        speedError),
                leapSeconds);
    }
}
