package org.noonmark.nmea;

import org.noonmark.nmea.FixReport.Mode;
import org.noonmark.nmea.FixReport.Status;
import org.noonmark.nmea.ReceiverHealth.Interference;
import org.noonmark.nmea.UbxMessage.Validity;

/** What each UBX message adds to its epoch, and what it says of the receiver itself. */
final class UbxFold {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long MILLIS_PER_WEEK = 604_800_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_DAY = SECONDS_PER_DAY * NANOS_PER_SECOND;

    private final GpsEra era;
    private final FixTracker tracker;
    private final SkyAccumulator sky;
    private final FixListener listener;
    private ReceiverHealth health = ReceiverHealth.UNKNOWN;

    UbxFold(GpsEra era, FixTracker tracker, SkyAccumulator sky, FixListener listener) {
        this.era = era;
        this.tracker = tracker;
        this.sky = sky;
        this.listener = listener;
    }

    void fold(UbxMessage message, long frameNanos) {
        switch (message) {
            case UbxMessage.Navigation navigation -> onNavigation(navigation);
            case UbxMessage.TimTp tp ->
                listener.onPulse(new PulseNotice(
                        tp.towMillis(),
                        tp.week(),
                        tp.quantizationErrorPicos(),
                        tp.quantizationValid(),
                        tp.utcBase(),
                        frameNanos));
            case UbxMessage.Hardware h ->
                onHealth(new ReceiverHealth(h.antenna(), h.jamming(), health.spoofing(), h.jammingIndicator()));
            case UbxMessage.Security s ->
                onHealth(new ReceiverHealth(health.antenna(), s.jamming(), s.spoofing(), health.jammingIndicator()));
            case UbxMessage.Ack ack ->
                listener.onReply(new ReceiverReply(ack.messageClass() << 8 | ack.messageId(), ack.accepted(), true));
            case UbxMessage.Opaque _, UbxMessage.Malformed _ -> {}
        }
    }

    private void onNavigation(UbxMessage.Navigation message) {
        EpochTime time = tracker.time();
        if (message instanceof UbxMessage.NavPvt pvt && pvt.validity() != Validity.NONE) {
            time.learnLeap(pvt.towMillis(), pvt.timeOfDayNanos());
        }
        if (message instanceof UbxMessage.NavTimeUtc utc && utc.validity() != Validity.NONE) {
            time.learnLeap(utc.towMillis(), utc.timeOfDayNanos());
        }
        if (time.differsTow(message.towMillis())) {
            if (message instanceof UbxMessage.NavEndOfEpoch) {
                return;
            }
            tracker.beginEpoch();
        } else {
            tracker.stayInEpoch();
        }
        time.onTow(message.towMillis());
        tracker.onTime();
        switch (message) {
            case UbxMessage.NavPvt pvt -> onPvt(pvt);
            case UbxMessage.NavTimeUtc utc -> onTimeUtc(utc);
            case UbxMessage.NavTimeGps gps -> onTimeGps(gps);
            case UbxMessage.NavTimeLs ls -> onTimeLs(ls);
            case UbxMessage.NavSol sol -> onSol(sol);
            case UbxMessage.NavPosLlh llh -> onPosLlh(llh);
            case UbxMessage.NavPosEcef ecef -> onEcef(ecef.xMetres(), ecef.yMetres(), ecef.zMetres());
            case UbxMessage.NavStatus status -> onStatus(status);
            case UbxMessage.NavDop dop -> sky.onDilutions(dop.dilutions());
            case UbxMessage.NavSatellites all -> sky.onSatellites(time.utcNanos(), all.satellites());
            case UbxMessage.NavEndOfEpoch _ -> tracker.report();
            case UbxMessage.NavOther _ -> {}
        }
    }

    private void onPvt(UbxMessage.NavPvt pvt) {
        onUtc(pvt.epochDay(), pvt.timeOfDayNanos());
        EpochFix fix = tracker.fix();
        fix.onMode(FixTracker.modeOf(pvt.fixType()), pvt.status());
        fix.onPosition(pvt.latitudeDegrees(), pvt.longitudeDegrees());
        fix.onAltitudes(pvt.altitudeHaeMetres(), pvt.altitudeMslMetres());
        fix.onMotion(pvt.speedMetresPerSecond(), pvt.trackDegrees());
        fix.onClimb(pvt.climbMetresPerSecond(), pvt.speedErrorMetresPerSecond());
        fix.onErrors(pvt.horizontalErrorMetres(), pvt.verticalErrorMetres());
        if (!pvt.fixOk() || pvt.fixType() < 2) {
            tracker.labeller().deny("NAV-PVT");
        } else if (pvt.validity() == Validity.RESOLVED) {
            // fullyResolved speaks of the seconds, not of where their leap count comes from.
            tracker.labeller().affirm(!tracker.leap().firmwares(), "NAV-PVT");
        }
    }

    private void onTimeUtc(UbxMessage.NavTimeUtc utc) {
        if (utc.validity() != Validity.NONE) {
            onUtc(utc.epochDay(), utc.timeOfDayNanos());
            tracker.fix().onTimeError(utc.timeErrorNanos() * 1e-9);
        }
        if (utc.validity() == Validity.RESOLVED) {
            tracker.labeller().affirm(true, "NAV-TIMEUTC");
        }
    }

    private void onTimeGps(UbxMessage.NavTimeGps gps) {
        tracker.leap().onCount(gps.leapSeconds(), true, "NAV-TIMEGPS");
        if (gps.timeValid()) {
            onGpsTime(gps.week(), gps.towMillis(), gps.fractionNanos());
            tracker.fix().onTimeError(gps.timeErrorNanos() * 1e-9);
            tracker.labeller().consider("NAV-TIMEGPS");
        }
    }

    private void onTimeLs(UbxMessage.NavTimeLs ls) {
        if (!ls.currentValid()) {
            return;
        }
        long utc = tracker.time().utcNanos();
        boolean announced =
                ls.changeValid() && ls.change() != 0 && ls.changeInSeconds() > 0 && utc != FixReport.UNKNOWN;
        // The distance is counted in whole seconds from an epoch near the second: the change itself is at midnight.
        long change = Math.floorDiv(utc, NANOS_PER_SECOND) + ls.changeInSeconds();
        long midnight = Math.round(change / (double) SECONDS_PER_DAY) * SECONDS_PER_DAY;
        tracker.leap()
                .onAnnouncement(new LeapNotice(
                        ls.currentSeconds(),
                        ls.currentSource() != 0,
                        announced ? Integer.signum(ls.change()) : 0,
                        announced ? midnight : FixReport.UNKNOWN,
                        "NAV-TIMELS"));
    }

    private void onSol(UbxMessage.NavSol sol) {
        if (sol.timeValid()) {
            onGpsTime(sol.week(), sol.towMillis(), sol.fractionNanos());
        }
        Status status = sol.differential() ? Status.DGPS : UbxParser.statusOf(sol.fixType());
        tracker.fix().onMode(FixTracker.modeOf(sol.fixType()), status);
        onEcef(sol.xMetres(), sol.yMetres(), sol.zMetres());
        if (!sol.fixOk() || sol.fixType() < 2) {
            tracker.labeller().deny("NAV-SOL");
        } else if (sol.timeValid() && tracker.leap().proven()) {
            tracker.labeller().affirm(true, "NAV-SOL");
        }
    }

    private void onPosLlh(UbxMessage.NavPosLlh llh) {
        EpochFix fix = tracker.fix();
        fix.onPosition(llh.latitudeDegrees(), llh.longitudeDegrees());
        fix.onAltitudes(llh.altitudeHaeMetres(), llh.altitudeMslMetres());
        fix.onErrors(llh.horizontalErrorMetres(), llh.verticalErrorMetres());
    }

    private void onEcef(double x, double y, double z) {
        EpochFix fix = tracker.fix();
        // The centre of the Earth is what a receiver without a fix fills in.
        if (Math.abs(x) + Math.abs(y) + Math.abs(z) > 1e6 && !fix.hasPosition()) {
            fix.onPosition(Wgs84.latitudeDegrees(x, y, z), Wgs84.longitudeDegrees(x, y));
            fix.onAltitudeHae(Wgs84.heightMetres(x, y, z));
        }
    }

    private void onStatus(UbxMessage.NavStatus status) {
        Mode mode = status.fixOk() ? FixTracker.modeOf(status.fixType()) : Mode.NO_FIX;
        boolean plainDifferential = status.differential() && status.fixType() != 5;
        tracker.fix().onMode(mode, plainDifferential ? Status.DGPS : UbxParser.statusOf(status.fixType()));
        if (!status.fixOk() || status.fixType() < 2) {
            tracker.labeller().deny("NAV-STATUS");
        }
        onHealth(new ReceiverHealth(
                health.antenna(),
                health.jamming(),
                UbxParser.interference(status.spoofing()),
                health.jammingIndicator()));
    }

    private void onUtc(long epochDay, long timeOfDayNanos) {
        if (epochDay != FixReport.UNKNOWN) {
            tracker.time().onDate(era.repair(epochDay), timeOfDayNanos);
            tracker.onTime();
        }
    }

    /** GPS week and time of week make UTC only with a leap count. */
    private void onGpsTime(int week, long towMillis, int fractionNanos) {
        int leap = tracker.leap().currentSeconds();
        if (leap == FixReport.NO_LEAP || week < 0 || towMillis < 0 || towMillis >= MILLIS_PER_WEEK) {
            return;
        }
        long sinceSunday = towMillis * NANOS_PER_MILLI + fractionNanos - leap * NANOS_PER_SECOND;
        long day = GpsEra.GPS_EPOCH_DAY + 7L * week + Math.floorDiv(sinceSunday, NANOS_PER_DAY);
        onUtc(day, Math.floorMod(sinceSunday, NANOS_PER_DAY));
        tracker.time().learnLeap(towMillis, Math.floorMod(sinceSunday - fractionNanos, NANOS_PER_DAY));
    }

    private void onHealth(ReceiverHealth now) {
        boolean news = now.antenna() != health.antenna()
                || now.jamming() != health.jamming()
                || now.spoofing() != health.spoofing();
        boolean bad =
                now.jamming().compareTo(Interference.NONE) > 0 || now.spoofing().compareTo(Interference.NONE) > 0;
        health = now;
        if (news || bad) {
            listener.onHealth(now);
        }
    }
}
