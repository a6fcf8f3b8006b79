package org.noonmark.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A made-up sky: fixed places, signals that flicker from second to second. */
final class SimulatedSky {
    /** A system, with its talker and its number in NMEA 4.1 and UBX. */
    enum Gnss {
        GPS("GP", 0, 0),
        GLONASS("GL", 6, 64),
        GALILEO("GA", 2, 0);

        final String talker;
        final int ubxId;
        /** Added to the satellite's own number in NMEA sentences. */
        final int nmeaOffset;

        Gnss(String talker, int ubxId, int nmeaOffset) {
            this.talker = talker;
            this.ubxId = ubxId;
            this.nmeaOffset = nmeaOffset;
        }
    }

    /** One satellite now. */
    record Satellite(Gnss gnss, int id, int elevationDegrees, int azimuthDegrees, int signal, boolean used) {
        int nmeaId() {
            return id + gnss.nmeaOffset;
        }
    }

    private static final Satellite[] PLACES = {
        new Satellite(Gnss.GPS, 2, 5, 307, 18, false),
        new Satellite(Gnss.GPS, 3, 21, 174, 33, true),
        new Satellite(Gnss.GPS, 7, 46, 259, 41, true),
        new Satellite(Gnss.GPS, 9, 67, 312, 45, true),
        new Satellite(Gnss.GPS, 16, 47, 64, 42, true),
        new Satellite(Gnss.GPS, 23, 68, 103, 46, true),
        new Satellite(Gnss.GPS, 26, 23, 45, 34, true),
        new Satellite(Gnss.GPS, 27, 12, 109, 29, true),
        new Satellite(Gnss.GPS, 30, 8, 249, 20, false),
        new Satellite(Gnss.GLONASS, 5, 40, 156, 36, true),
        new Satellite(Gnss.GLONASS, 6, 76, 297, 43, true),
        new Satellite(Gnss.GLONASS, 9, 33, 233, 35, true),
        new Satellite(Gnss.GLONASS, 15, 7, 38, 17, false),
        new Satellite(Gnss.GALILEO, 4, 51, 88, 40, true),
        new Satellite(Gnss.GALILEO, 11, 30, 201, 34, true),
        new Satellite(Gnss.GALILEO, 19, 9, 340, 19, false)
    };

    private SimulatedSky() {}

    /** The satellites at {@code utcSecond}; without a fix they are seen faintly and none is used. */
    static List<Satellite> at(long utcSecond, boolean fix, long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ utcSecond * 0x9e37_79b9_7f4a_7c15L);
        List<Satellite> sky = new ArrayList<>(PLACES.length);
        for (Satellite place : PLACES) {
            int signal = Math.max(0, place.signal + random.nextInt(-2, 3) - (fix ? 0 : 15));
            sky.add(new Satellite(
                    place.gnss, place.id, place.elevationDegrees, place.azimuthDegrees, signal, fix && place.used));
        }
        return sky;
    }
}
