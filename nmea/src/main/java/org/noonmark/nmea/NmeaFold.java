package org.noonmark.nmea;

import org.noonmark.nmea.FixReport.Mode;
import org.noonmark.nmea.FixReport.Status;

/** What each NMEA sentence adds to its epoch. */
final class NmeaFold {
    private static final int SATELLITES_FOR_3D = 4;

    private final GpsEra era;
    private final FixTracker tracker;
    private final SkyAccumulator sky;

    NmeaFold(GpsEra era, FixTracker tracker, SkyAccumulator sky) {
        this.era = era;
        this.tracker = tracker;
        this.sky = sky;
    }

    void fold(Sentence sentence) {
        if (!(sentence instanceof Sentence.Gsv)) {
            sky.endGsv();
        }
        if (!(sentence instanceof Sentence.Gsa)) {
            endGsa();
        }
        switch (sentence) {
            case Sentence.Rmc rmc -> onRmc(rmc);
            case Sentence.Zda zda -> onZda(zda);
            case Sentence.Gga gga -> onGga(gga);
            case Sentence.Gll gll -> onGll(gll);
            case Sentence.Gns gns -> onGns(gns);
            case Sentence.PubxTime pubx -> onPubx(pubx);
            case Sentence.Gsa gsa -> sky.onGsa(gsa);
            case Sentence.Gsv gsv -> sky.onGsv(gsv, tracker.time().utcNanos());
            case Sentence.Gst gst ->
                tracker.fix().onAxisErrors(gst.latitudeMetres(), gst.longitudeMetres(), gst.altitudeMetres());
            case Sentence.Gbs gbs ->
                tracker.fix().onAxisErrors(gbs.latitudeMetres(), gbs.longitudeMetres(), gbs.altitudeMetres());
            case Sentence.Vtg vtg -> tracker.fix().onMotion(vtg.speedMetresPerSecond(), vtg.trackDegrees());
            case Sentence.PmtkAck ack -> tracker.onReply(new ReceiverReply(ack.command(), ack.flag() == 3, false));
            case Sentence.Txt _, Sentence.PmtkAnswer _, Sentence.Other _, Sentence.Malformed _ -> {}
        }
    }

    private void onRmc(Sentence.Rmc rmc) {
        if (!rmc.active()) {
            onClockOfNoFix(rmc);
            return;
        }
        enterEpoch(rmc.timeOfDayNanos());
        onDate(era.epochDayOf(rmc.year(), rmc.month(), rmc.day()), rmc.timeOfDayNanos());
        EpochFix fix = tracker.fix();
        fix.onPosition(rmc.latitudeDegrees(), rmc.longitudeDegrees());
        fix.onMotion(rmc.speedMetresPerSecond(), rmc.trackDegrees());
        // Without GGA or GSA, RMC alone has to do: it does not tell 2D from 3D.
        fixWithoutMode(Double.isNaN(rmc.latitudeDegrees()), rmc.mode());
        judge(satelliteFix(rmc.mode()), "RMC");
    }

    /** RMC V: its time is the receiver's own clock. */
    private void onClockOfNoFix(Sentence.Rmc rmc) {
        long day = era.epochDayOf(rmc.year(), rmc.month(), rmc.day());
        if (rmc.timeOfDayNanos() == FixReport.UNKNOWN) {
            // Not even a clock: an epoch without a name, so that the no-fix does not fall on the second before.
            tracker.beginEpoch();
        }
        enterEpoch(rmc.timeOfDayNanos());
        onDate(day, rmc.timeOfDayNanos());
        tracker.fix().onMode(Mode.NO_FIX, Status.UNKNOWN);
        tracker.labeller().deny("RMC");
    }

    private void onZda(Sentence.Zda zda) {
        if (zda.timeOfDayNanos() == FixReport.UNKNOWN || zda.day() == 0) {
            return;
        }
        enterEpoch(zda.timeOfDayNanos());
        onDate(era.epochDayOfFullYear(zda.year(), zda.month(), zda.day()), zda.timeOfDayNanos());
        tracker.labeller().consider("ZDA");
    }

    private void onGga(Sentence.Gga gga) {
        if (gga.timeOfDayNanos() == FixReport.UNKNOWN && !tracker.time().isUnnamed()) {
            tracker.beginEpoch();
        }
        enterEpoch(gga.timeOfDayNanos());
        EpochFix fix = tracker.fix();
        boolean position = !Double.isNaN(gga.latitudeDegrees()) && !Double.isNaN(gga.longitudeDegrees());
        boolean altitude = !Double.isNaN(gga.altitudeMslMetres());
        fix.onPosition(gga.latitudeDegrees(), gga.longitudeDegrees());
        if (altitude) {
            fix.onAltitudeMsl(gga.altitudeMslMetres(), gga.geoidSeparationMetres());
        }
        Status status = statusOfQuality(gga.quality());
        if (!position || gga.quality() <= 0) {
            fix.onMode(Mode.NO_FIX, status);
        } else if (gga.satellitesUsed() >= 3) {
            boolean three = altitude && gga.satellitesUsed() >= SATELLITES_FOR_3D;
            fix.onMode(three ? Mode.FIX_3D : Mode.FIX_2D, status);
        } else {
            // A timing receiver that knows its place, one that counts a single constellation, or one that does not
            // count.
            fix.onMode(fix.dimension() == Mode.FIX_3D ? Mode.FIX_3D : Mode.FIX_2D, status);
        }
        sky.onHorizontalDilution(gga.horizontalDilution());
        if (gga.quality() < 1 || gga.quality() > 7 || gga.quality() == 6 || !position) {
            tracker.labeller().deny("GGA");
        } else if (gga.satellitesUsed() > 0) {
            judge(true, "GGA");
        }
    }

    private void onGll(Sentence.Gll gll) {
        enterEpoch(gll.timeOfDayNanos());
        if (gll.active()) {
            tracker.fix().onPosition(gll.latitudeDegrees(), gll.longitudeDegrees());
            fixWithoutMode(Double.isNaN(gll.latitudeDegrees()), gll.mode());
            judge(satelliteFix(gll.mode()), "GLL");
        } else {
            tracker.fix().onMode(Mode.NO_FIX, Status.UNKNOWN);
            tracker.labeller().deny("GLL");
        }
    }

    private void onGns(Sentence.Gns gns) {
        enterEpoch(gns.timeOfDayNanos());
        boolean fixed = gns.mode() != 'N'
                && gns.mode() != 0
                && gns.navigationStatus() != 'U'
                && !Double.isNaN(gns.latitudeDegrees());
        EpochFix fix = tracker.fix();
        boolean altitude = !Double.isNaN(gns.altitudeMslMetres());
        fix.onPosition(gns.latitudeDegrees(), gns.longitudeDegrees());
        if (altitude) {
            fix.onAltitudeMsl(gns.altitudeMslMetres(), gns.geoidSeparationMetres());
        }
        Mode mode = altitude && gns.satellitesUsed() >= SATELLITES_FOR_3D ? Mode.FIX_3D : Mode.FIX_2D;
        fix.onMode(fixed ? mode : Mode.NO_FIX, fixed ? FixTracker.statusOf(gns.mode()) : Status.UNKNOWN);
        sky.onHorizontalDilution(gns.horizontalDilution());
        judge(fixed && satelliteFix(gns.mode()), "GNS");
    }

    private void onPubx(Sentence.PubxTime pubx) {
        enterEpoch(pubx.timeOfDayNanos());
        onDate(era.epochDayOf(pubx.year(), pubx.month(), pubx.day()), pubx.timeOfDayNanos());
        tracker.leap().onCount(pubx.leapSeconds(), pubx.leapProven(), "PUBX,04");
        tracker.labeller().consider("PUBX,04");
    }

    /** The report of the satellites used is complete: its mode counts, the best of all constellations. */
    void endGsa() {
        switch (sky.endGsa()) {
            case 1 -> {
                tracker.fix().onMode(Mode.NO_FIX, Status.UNKNOWN);
                tracker.labeller().deny("GSA");
            }
            case 2 -> tracker.fix().onDimension(Mode.FIX_2D);
            case 3 -> tracker.fix().onDimension(Mode.FIX_3D);
            default -> {}
        }
    }

    private void fixWithoutMode(boolean noPosition, char faaMode) {
        EpochFix fix = tracker.fix();
        if (noPosition || faaMode == 'N') {
            fix.onMode(Mode.NO_FIX, Status.UNKNOWN);
            return;
        }
        boolean known = fix.mode() == Mode.FIX_2D || fix.mode() == Mode.FIX_3D;
        Mode held = known ? fix.mode() : fix.dimension();
        Status status = faaMode == 0 ? Status.GPS : FixTracker.statusOf(faaMode);
        fix.onMode(held == Mode.FIX_3D ? Mode.FIX_3D : Mode.FIX_2D, status);
    }

    private void enterEpoch(long timeOfDayNanos) {
        if (timeOfDayNanos == FixReport.UNKNOWN) {
            return;
        }
        if (tracker.time().differs(timeOfDayNanos)) {
            tracker.beginEpoch();
        } else {
            tracker.stayInEpoch();
        }
        tracker.time().onTimeOfDay(timeOfDayNanos);
        tracker.onTime();
    }

    private void onDate(long epochDay, long timeOfDayNanos) {
        if (epochDay != FixReport.UNKNOWN && timeOfDayNanos != FixReport.UNKNOWN) {
            tracker.time().onDate(epochDay, timeOfDayNanos);
            tracker.onTime();
        }
    }

    private void judge(boolean satelliteFix, String source) {
        if (satelliteFix) {
            tracker.labeller().affirm(tracker.leap().proven(), source);
        } else {
            tracker.labeller().deny(source);
        }
    }

    /** Dead reckoning and simulation know no time from satellites; an empty mode (before NMEA 2.3) leaves it to the status. */
    private static boolean satelliteFix(char faaMode) {
        return faaMode != 'N' && faaMode != 'E' && faaMode != 'S' && faaMode != 'V';
    }

    private static Status statusOfQuality(int quality) {
        return switch (quality) {
            case 1 -> Status.GPS;
            case 2 -> Status.DGPS;
            case 3 -> Status.PPS_FIX;
            case 4 -> Status.RTK_FIXED;
            case 5 -> Status.RTK_FLOAT;
            case 6 -> Status.DEAD_RECKONING;
            case 7 -> Status.TIME_ONLY;
            case 8 -> Status.SIMULATED;
            default -> Status.UNKNOWN;
        };
    }
}
