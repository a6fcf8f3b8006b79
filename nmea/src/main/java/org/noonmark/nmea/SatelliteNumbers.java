package org.noonmark.nmea;

import org.noonmark.nmea.Sentence.Talker;
import org.noonmark.nmea.SkyView.Gnss;

/**
 * Translates the many numbering schemes of satellites into gpsd's: PRN of NMEA 2.x to 4.0 (extended), gnssId and svId of UBX. The
 * ranges beside the standard's are vendors' habits seen in captures.
 */
final class SatelliteNumbers {
    /** NMEA 4.10 system ids. */
    static final int SYSTEM_UNKNOWN = 0;

    static final int SYSTEM_GPS = 1;
    static final int SYSTEM_GLONASS = 2;
    static final int SYSTEM_GALILEO = 3;
    static final int SYSTEM_BEIDOU = 4;
    static final int SYSTEM_QZSS = 5;
    static final int SYSTEM_NAVIC = 6;

    private SatelliteNumbers() {}

    /** @param prn 0 when the number means nothing */
    record Id(int prn, Gnss gnss, int svId) {
        static final Id NONE = new Id(0, Gnss.GPS, 0);
    }

    /** The system that a talker speaks of, or {@link #SYSTEM_UNKNOWN} for a combined or unknown one. */
    static int systemOf(Talker talker) {
        return switch (talker) {
            case GPS -> SYSTEM_GPS;
            case GLONASS -> SYSTEM_GLONASS;
            case GALILEO -> SYSTEM_GALILEO;
            case BEIDOU -> SYSTEM_BEIDOU;
            case QZSS -> SYSTEM_QZSS;
            case NAVIC -> SYSTEM_NAVIC;
            case COMBINED, QUECTEL, OTHER -> SYSTEM_UNKNOWN;
        };
    }

    /** A number that NMEA gave, with the system it belongs to when that is known. */
    static Id ofNmea(int number, int system) {
        if (number < 1) {
            return Id.NONE;
        }
        return switch (system) {
            case SYSTEM_UNKNOWN -> ofExtendedRange(number);
            case SYSTEM_GPS -> ofGpsRange(number);
            case SYSTEM_GLONASS -> glonass(number < 64 ? number : number - 64);
            case SYSTEM_GALILEO -> galileo(number < 100 ? number : number % 100);
            case SYSTEM_BEIDOU -> beidou(number < 100 ? number : number % 100);
            case SYSTEM_QZSS -> qzss(number < 100 ? number : number - 192);
            case SYSTEM_NAVIC -> new Id(500 + number, Gnss.NAVIC, number);
            default -> Id.NONE;
        };
    }

    /** gnssId and svId of UBX. */
    static Id ofUbx(int gnssId, int svId) {
        if (svId < 1 || !Gnss.isKnown(gnssId)) {
            return Id.NONE;
        }
        return switch (Gnss.of(gnssId)) {
            case GPS -> svId <= 32 ? new Id(svId, Gnss.GPS, svId) : Id.NONE;
            case SBAS -> sbas(svId);
            case GALILEO -> galileo(svId);
            case BEIDOU -> beidou(svId);
            case IMES -> svId <= 10 ? new Id(172 + svId, Gnss.IMES, svId) : Id.NONE;
            case QZSS -> qzss(svId);
            case GLONASS -> svId <= 32 ? glonass(svId) : Id.NONE;
            case NAVIC -> new Id(500 + svId, Gnss.NAVIC, svId);
        };
    }

    /** The single number of u-blox NAV-SVINFO. */
    static Id ofUbxSingle(int number) {
        if (number >= 1 && number <= 32) {
            return new Id(number, Gnss.GPS, number);
        }
        if (number >= 33 && number <= 64) {
            return beidou(number - 27);
        }
        if (number >= 159 && number <= 163) {
            return beidou(number - 158);
        }
        if (number >= 211 && number <= 246) {
            return galileo(number - 210);
        }
        return number <= 199 ? ofExtendedRange(number) : Id.NONE;
    }

    private static Id ofExtendedRange(int number) {
        if (number <= 32) {
            return new Id(number, Gnss.GPS, number);
        }
        if (number <= 64) {
            return new Id(number, Gnss.SBAS, number + 87);
        }
        if (number <= 96) {
            return glonass(number - 64);
        }
        if (number >= 120 && number <= 158) {
            return sbas(number);
        }
        if (number >= 173 && number <= 182) {
            return new Id(number, Gnss.IMES, number - 172);
        }
        if (number >= 193 && number <= 199) {
            return qzss(number - 192);
        }
        if (number >= 201 && number <= 237) {
            return beidou(number - 200);
        }
        if (number >= 301 && number <= 356) {
            return galileo(number - 300);
        }
        if (number >= 401 && number <= 437) {
            return beidou(number - 400);
        }
        if (number >= 500 && number <= 518) {
            return new Id(number, Gnss.NAVIC, number - 500);
        }
        return number > 900 && number <= 918 ? new Id(number, Gnss.NAVIC, number - 900) : Id.NONE;
    }

    /** System 1 should mean 1 to 64 only; Quectel puts Galileo at 101 and BeiDou at 201. */
    private static Id ofGpsRange(int number) {
        if (number > 96 && number <= 136) {
            return new Id(number, Gnss.GALILEO, number - 100);
        }
        if (number > 200 && number <= 264) {
            return new Id(number, Gnss.BEIDOU, number - 200);
        }
        return ofExtendedRange(number);
    }

    private static Id glonass(int svId) {
        return new Id(64 + svId, Gnss.GLONASS, svId);
    }

    private static Id galileo(int svId) {
        return new Id(300 + svId, Gnss.GALILEO, svId);
    }

    private static Id beidou(int svId) {
        return new Id(400 + svId, Gnss.BEIDOU, svId);
    }

    private static Id qzss(int svId) {
        return svId >= 1 && svId <= 10 ? new Id(192 + svId, Gnss.QZSS, svId) : Id.NONE;
    }

    private static Id sbas(int svId) {
        if (svId < 120 || svId > 158) {
            return Id.NONE;
        }
        return svId <= 151 ? new Id(svId - 87, Gnss.SBAS, svId) : new Id(svId, Gnss.SBAS, svId);
    }
}
