package org.noonmark.status;

import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.SkyView;

/** Fixes and sky views as JSON objects with the names and units of gpsd's TPV and SKY (gpsd_json(5)). What is not known is left out. */
public final class GpsdJson {
    private static final int DEGREE_DIGITS = 9;
    private static final int METRE_DIGITS = 3;

    private GpsdJson() {}

    /** A time-position-velocity report. */
    public static String tpv(FixReport fix) {
        JsonWriter json = new JsonWriter().beginObject().field("class", "TPV");
        if (fix.status().number() > FixReport.Status.GPS.number()) {
            json.field("status", fix.status().number());
        }
        json.field("mode", fix.mode().number());
        time(json, fix.utcNanos());
        if (fix.leapSeconds() != FixReport.NO_LEAP) {
            json.field("leapseconds", fix.leapSeconds());
        }
        FixReport.Errors errors = fix.errors();
        return json.field("ept", errors.timeSeconds(), DEGREE_DIGITS)
                .field("lat", fix.latitudeDegrees(), DEGREE_DIGITS)
                .field("lon", fix.longitudeDegrees(), DEGREE_DIGITS)
                .field("altHAE", fix.altitudeHaeMetres(), METRE_DIGITS)
                .field("altMSL", fix.altitudeMslMetres(), METRE_DIGITS)
                .field("epx", errors.longitudeMetres(), METRE_DIGITS)
                .field("epy", errors.latitudeMetres(), METRE_DIGITS)
                .field("epv", errors.verticalMetres(), METRE_DIGITS)
                .field("track", fix.trackDegrees(), 4)
                .field("speed", fix.speedMetresPerSecond(), METRE_DIGITS)
                .field("climb", fix.climbMetresPerSecond(), METRE_DIGITS)
                .field("eps", errors.speedMetresPerSecond(), METRE_DIGITS)
                .field("geoidSep", fix.geoidSeparationMetres(), METRE_DIGITS)
                .field("eph", errors.horizontalMetres(), METRE_DIGITS)
                .field("sep", errors.sphericalMetres(), METRE_DIGITS)
                .endObject()
                .toString();
    }

    /** A sky view report. */
    public static String sky(SkyView sky) {
        JsonWriter json = new JsonWriter().beginObject().field("class", "SKY");
        time(json, sky.utcNanos());
        SkyView.Dilutions dilutions = sky.dilutions();
        json.field("gdop", dilutions.geometric(), 2)
                .field("hdop", dilutions.horizontal(), 2)
                .field("pdop", dilutions.position(), 2)
                .field("tdop", dilutions.time(), 2)
                .field("xdop", dilutions.east(), 2)
                .field("ydop", dilutions.north(), 2)
                .field("vdop", dilutions.vertical(), 2)
                .field("nSat", sky.seen())
                .field("uSat", sky.used())
                .beginArray("satellites");
        for (SkyView.Satellite satellite : sky.satellites()) {
            json.beginObject()
                    .field("PRN", satellite.prn())
                    .field("gnssid", satellite.gnss().id())
                    .field("svid", satellite.svId())
                    .field("az", satellite.azimuthDegrees(), 1)
                    .field("el", satellite.elevationDegrees(), 1)
                    .field("ss", satellite.signalDbHz(), 1)
                    .field("used", satellite.used())
                    .endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static void time(JsonWriter json, long utcNanos) {
        if (utcNanos != FixReport.UNKNOWN) {
            json.field("time", UtcText.millis(utcNanos));
        }
    }
}
