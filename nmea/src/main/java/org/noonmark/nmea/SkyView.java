package org.noonmark.nmea;

import java.util.List;

/**
 * The satellites over the antenna as one sky report of the receiver tells them: the content of gpsd's SKY.
 *
 * @param utcNanos UTC of the epoch, nanoseconds since 1970, or {@link FixReport#UNKNOWN}
 * @param dilutions of precision as the receiver gave them
 * @param satellites in the order of the receiver's report; at most {@link #MAX_SATELLITES}
 */
public record SkyView(long utcNanos, Dilutions dilutions, List<Satellite> satellites) {
    /** As many channels as gpsd tracks; a report that names more is cut here. */
    public static final int MAX_SATELLITES = 184;

    public SkyView {
        satellites = List.copyOf(satellites);
    }

    /** How many satellites the receiver sees (gpsd's nSat). */
    public int seen() {
        return satellites.size();
    }

    /** How many of them are used in the fix (gpsd's uSat). */
    public int used() {
        int used = 0;
        for (Satellite satellite : satellites) {
            used += satellite.used() ? 1 : 0;
        }
        return used;
    }

    /**
     * One satellite, or one signal of it where the receiver reports signals apart.
     *
     * @param prn number in gpsd's (NMEA 2.x to 4.0) scheme: GPS 1-32, SBAS 33-64 or 120-158, GLONASS 65-96, QZSS 193-, BeiDou 401-, Galileo 301-
     * @param gnss constellation
     * @param svId number within its constellation, 0 when unknown
     * @param signalId NMEA 4.11 / UBX signal, 0 when not said
     * @param elevationDegrees above the horizon, NaN when unknown
     * @param azimuthDegrees from true north, NaN when unknown
     * @param signalDbHz carrier to noise density, NaN when not tracked
     * @param used in the fix
     */
    public record Satellite(
            int prn,
            Gnss gnss,
            int svId,
            int signalId,
            double elevationDegrees,
            double azimuthDegrees,
            double signalDbHz,
            boolean used) {}

    /** Dilutions of precision, each NaN when the receiver did not give it. */
    public record Dilutions(
            double horizontal,
            double vertical,
            double position,
            double time,
            double geometric,
            double east,
            double north) {
        /** Nothing known. */
        public static final Dilutions NONE =
                new Dilutions(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /** Constellation. */
    public enum Gnss {
        GPS(0),
        SBAS(1),
        GALILEO(2),
        BEIDOU(3),
        IMES(4),
        QZSS(5),
        GLONASS(6),
        NAVIC(7);

        private static final Gnss[] BY_ID = values();

        private final int id;

        Gnss(int id) {
            this.id = id;
        }

        /** The gnssId of UBX and gpsd. */
        public int id() {
            return id;
        }

        /** True for a gnssId that is one of these. */
        static boolean isKnown(int gnssId) {
            return gnssId >= 0 && gnssId < BY_ID.length;
        }

        static Gnss of(int gnssId) {
            return BY_ID[gnssId];
        }
    }
}
