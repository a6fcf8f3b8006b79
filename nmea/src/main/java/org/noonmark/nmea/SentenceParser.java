package org.noonmark.nmea;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Sentence.Problem;
import org.noonmark.nmea.Sentence.Talker;

/** Reads one framed sentence. Holds nothing between sentences; only one thread may use it. */
final class SentenceParser {
    private static final double METRES_PER_SECOND_PER_KNOT = 1852.0 / 3600.0;
    private static final double METRES_PER_SECOND_PER_KMH = 1 / 3.6;
    /** Receivers fill in 99.99, 99.00 or 0.00 when a dilution is not known. */
    private static final double SMALLEST_DILUTION = 0.01;

    private static final double LARGEST_DILUTION = 89.99;

    private static final int GSA = 'G' << 16 | 'S' << 8 | 'A';

    private final Fields fields = new Fields();

    /** The sentence in {@code frame}; never throws. */
    Sentence parse(Frame frame) {
        // Without the leading $ and the trailing *hh.
        fields.split(frame.bytes(), frame.offset() + 1, frame.length() - 4);
        return switch (fields.length(0)) {
            case 5 -> standard();
            case 4 -> fields.equalsText(0, "PUBX") ? pubx() : Sentence.Other.INSTANCE;
            case 7 -> proprietary();
            default -> Sentence.Other.INSTANCE;
        };
    }

    /** PMTK and a number answers a command; PMTKCHN comes with each burst. */
    private Sentence proprietary() {
        if (fields.equalsText(0, "PMTK001")) {
            return pmtkAck();
        }
        boolean pmtk = fields.charAt(0, 0) == 'P'
                && fields.charAt(0, 1) == 'M'
                && fields.charAt(0, 2) == 'T'
                && fields.charAt(0, 3) == 'K';
        return pmtk && Character.isDigit(fields.charAt(0, 4)) ? Sentence.PmtkAnswer.INSTANCE : Sentence.Other.INSTANCE;
    }

    private Sentence standard() {
        Talker talker = talker(fields.charAt(0, 0), fields.charAt(0, 1));
        int type = fields.charAt(0, 2) << 16 | fields.charAt(0, 3) << 8 | fields.charAt(0, 4);
        if (talker == Talker.OTHER) {
            // IMES and others unknown: time and position only from those who are satellite receivers.
            return type == GSA && fields.charAt(0, 0) != 'P' ? gsa(talker) : Sentence.Other.INSTANCE;
        }
        return switch (type) {
            case 'R' << 16 | 'M' << 8 | 'C' -> rmc();
            case 'Z' << 16 | 'D' << 8 | 'A' -> zda();
            case 'G' << 16 | 'G' << 8 | 'A' -> gga(talker);
            case 'G' << 16 | 'L' << 8 | 'L' -> gll();
            case 'G' << 16 | 'N' << 8 | 'S' -> gns();
            case GSA -> gsa(talker);
            case 'G' << 16 | 'S' << 8 | 'V' -> gsv(talker);
            case 'G' << 16 | 'S' << 8 | 'T' -> gst();
            case 'G' << 16 | 'B' << 8 | 'S' -> gbs();
            case 'V' << 16 | 'T' << 8 | 'G' -> vtg();
            case 'T' << 16 | 'X' << 8 | 'T' -> txt();
            default -> Sentence.Other.INSTANCE;
        };
    }

    private static Talker talker(char first, char second) {
        return switch (first << 8 | second) {
            case 'G' << 8 | 'P' -> Talker.GPS;
            case 'G' << 8 | 'N' -> Talker.COMBINED;
            case 'G' << 8 | 'L' -> Talker.GLONASS;
            case 'G' << 8 | 'A' -> Talker.GALILEO;
            case 'G' << 8 | 'B', 'B' << 8 | 'D' -> Talker.BEIDOU;
            case 'G' << 8 | 'Q', 'Q' << 8 | 'Z' -> Talker.QZSS;
            case 'G' << 8 | 'I' -> Talker.NAVIC;
            case 'P' << 8 | 'Q' -> Talker.QUECTEL;
            default -> Talker.OTHER;
        };
    }

    private Sentence rmc() {
        if (fields.count() < 10) {
            return malformed(Problem.MISSING_FIELD);
        }
        boolean active = fields.letter(2) == 'A';
        int date = fields.date(9);
        return checked(new Sentence.Rmc(
                fields.timeOfDayNanos(1),
                active,
                latitude(3),
                longitude(5),
                fields.decimal(7) * METRES_PER_SECOND_PER_KNOT,
                fields.decimal(8),
                date / 10_000,
                date / 100 % 100,
                date % 100,
                fields.letter(12),
                fields.letter(13)));
    }

    private Sentence zda() {
        if (fields.count() < 5) {
            return malformed(Problem.MISSING_FIELD);
        }
        long timeOfDay = fields.timeOfDayNanos(1);
        if (fields.isEmpty(2) || fields.isEmpty(3) || fields.isEmpty(4)) {
            return checked(new Sentence.Zda(timeOfDay, 0, 0, 0));
        }
        return checked(new Sentence.Zda(timeOfDay, fields.integer(2, 0), fields.integer(3, 0), fields.integer(4, 0)));
    }

    private Sentence gga(Talker talker) {
        if (fields.count() < 8) {
            return malformed(Problem.MISSING_FIELD);
        }
        return checked(new Sentence.Gga(
                fields.timeOfDayNanos(1),
                talker,
                latitude(2),
                longitude(4),
                fields.integer(6, -1),
                fields.integer(7, 0),
                dilution(8),
                fields.decimal(9),
                fields.decimal(11)));
    }

    private Sentence gll() {
        if (fields.count() < 7) {
            return malformed(Problem.MISSING_FIELD);
        }
        return checked(new Sentence.Gll(
                fields.timeOfDayNanos(5), latitude(1), longitude(3), fields.letter(6) == 'A', fields.letter(7)));
    }

    private Sentence gns() {
        if (fields.count() < 11) {
            return malformed(Problem.MISSING_FIELD);
        }
        return checked(new Sentence.Gns(
                fields.timeOfDayNanos(1),
                latitude(2),
                longitude(4),
                bestMode(6),
                fields.integer(7, 0),
                dilution(8),
                fields.decimal(9),
                fields.decimal(10),
                fields.letter(13)));
    }

    /** The first constellation's mode unless that one has no fix and another has. */
    private char bestMode(int field) {
        char best = 'N';
        for (int i = 0; i < fields.length(field) && best == 'N'; i++) {
            best = fields.charAt(field, i);
        }
        return best;
    }

    private Sentence gsa(Talker talker) {
        int count = fields.count();
        if (count < 17) {
            // A mode without its dilutions ("$GPGSA,A,1,,,,") is how some receivers say that there is no fix.
            return count < 3 ? malformed(Problem.MISSING_FIELD) : gsaOf(talker, count, count);
        }
        return gsaOf(talker, 3, count);
    }

    private Sentence gsaOf(Talker talker, int firstSatellite, int count) {
        // name, two modes, satellites (12 by the standard, 24 by some), three dilutions, system id since 4.10
        boolean withSystem = count >= 19 && count % 6 == 1 && !fields.contains(count - 1, '.');
        int firstDilution = count - (withSystem || count == 19 ? 4 : 3);
        int system = talkerSystem(talker, withSystem ? fields.hexDigit(count - 1, 0) : 0);
        List<Integer> prns = new ArrayList<>(firstDilution - 3 > 0 ? 12 : 0);
        for (int i = firstSatellite; i < firstDilution; i++) {
            int prn = SatelliteNumbers.ofNmea(fields.integer(i, 0), system).prn();
            if (prn > 0) {
                prns.add(prn);
            }
        }
        int mode = fields.letter(2) - '0';
        boolean full = firstSatellite == 3;
        return checked(new Sentence.Gsa(
                talker,
                mode >= 1 && mode <= 3 ? mode : 0,
                prns,
                full ? dilution(firstDilution) : Double.NaN,
                full ? dilution(firstDilution + 1) : Double.NaN,
                full ? dilution(firstDilution + 2) : Double.NaN));
    }

    private Sentence gsv(Talker talker) {
        int count = fields.count();
        if (count < 4) {
            return malformed(Problem.MISSING_FIELD);
        }
        int total = fields.integer(1, 0);
        int number = fields.integer(2, 0);
        int extra = count % 4;
        if (total < 1 || total > 16 || number < 1 || number > total || extra == 3) {
            return malformed(Problem.NUMBER);
        }
        int signal = extra == 0 ? 0 : fields.hexDigit(count - extra, 0);
        // In GSV, GP is no system of its own: it may carry SBAS and QZSS too.
        int system = talker == Talker.GPS ? 0 : talkerSystem(talker, extra == 2 ? fields.hexDigit(count - 1, 0) : 0);
        List<SkyView.Satellite> satellites = new ArrayList<>(4);
        for (int at = 4; at + 3 < count; at += 4) {
            SkyView.Satellite satellite = satellite(at, system, signal);
            if (satellite != null) {
                satellites.add(satellite);
            }
        }
        return checked(new Sentence.Gsv(talker, total, number, satellites));
    }

    private SkyView.@Nullable Satellite satellite(int at, int system, int signal) {
        int number = fields.integer(at, 0);
        if (number == 0) {
            return null;
        }
        double elevation = fields.decimal(at + 1);
        double azimuth = fields.decimal(at + 2);
        // Only a pair means a direction.
        boolean direction = Math.abs(elevation) <= 90 && azimuth >= 0 && azimuth <= 360;
        SatelliteNumbers.Id id = SatelliteNumbers.ofNmea(number, system);
        return new SkyView.Satellite(
                id.prn(),
                id.gnss(),
                id.svId(),
                signal,
                direction ? elevation : Double.NaN,
                direction ? azimuth % 360 : Double.NaN,
                fields.decimal(at + 3),
                false);
    }

    private Sentence gst() {
        return fields.count() < 9
                ? malformed(Problem.MISSING_FIELD)
                : checked(new Sentence.Gst(fields.decimal(6), fields.decimal(7), fields.decimal(8)));
    }

    private Sentence gbs() {
        return fields.count() < 5
                ? malformed(Problem.MISSING_FIELD)
                : checked(new Sentence.Gbs(fields.decimal(2), fields.decimal(3), fields.decimal(4)));
    }

    private Sentence vtg() {
        if (fields.count() < 5) {
            return malformed(Problem.MISSING_FIELD);
        }
        if (fields.letter(2) != 'T') {
            // Before NMEA 2.0 the units had no fields of their own: track, magnetic track, knots, km/h.
            return checked(new Sentence.Vtg(
                    fields.decimal(1), fields.decimal(3) * METRES_PER_SECOND_PER_KNOT, fields.letter(5)));
        }
        double knots = fields.decimal(5) * METRES_PER_SECOND_PER_KNOT;
        double kmh = fields.decimal(7) * METRES_PER_SECOND_PER_KMH;
        return checked(new Sentence.Vtg(fields.decimal(1), Double.isNaN(knots) ? kmh : knots, fields.letter(9)));
    }

    private Sentence txt() {
        return fields.count() < 5
                ? malformed(Problem.MISSING_FIELD)
                : checked(new Sentence.Txt(fields.integer(3, -1), fields.text(4)));
    }

    private Sentence pubx() {
        if (!fields.equalsText(1, "04")) {
            return Sentence.Other.INSTANCE;
        }
        if (fields.count() < 7) {
            return malformed(Problem.MISSING_FIELD);
        }
        int date = fields.date(3);
        // The leap field is "18" when decoded, "16D" when it is the firmware's own.
        int length = fields.length(6);
        boolean own = length > 0 && fields.charAt(6, length - 1) == 'D';
        int digits = own ? length - 1 : length;
        int leap = 0;
        for (int i = 0; i < digits; i++) {
            int digit = fields.charAt(6, i) - '0';
            if (digit < 0 || digit > 9 || digits > 2) {
                return malformed(Problem.NUMBER);
            }
            leap = leap * 10 + digit;
        }
        return checked(new Sentence.PubxTime(
                fields.timeOfDayNanos(2),
                date / 10_000,
                date / 100 % 100,
                date % 100,
                digits == 0 ? FixReport.NO_LEAP : leap,
                digits > 0 && !own));
    }

    private Sentence pmtkAck() {
        return fields.count() < 3
                ? malformed(Problem.MISSING_FIELD)
                : checked(new Sentence.PmtkAck(fields.integer(1, -1), fields.integer(2, -1)));
    }

    private Sentence checked(Sentence sentence) {
        Problem problem = fields.problem();
        return problem == null ? sentence : malformed(problem);
    }

    private static Sentence malformed(Problem problem) {
        return new Sentence.Malformed(problem);
    }

    private static int talkerSystem(Talker talker, int said) {
        int system = SatelliteNumbers.systemOf(talker);
        return system == SatelliteNumbers.SYSTEM_UNKNOWN ? said : system;
    }

    private double dilution(int field) {
        double value = fields.decimal(field);
        return value >= SMALLEST_DILUTION && value <= LARGEST_DILUTION ? value : Double.NaN;
    }

    private double latitude(int field) {
        return fields.coordinate(field, 'S', 'N', 90);
    }

    private double longitude(int field) {
        return fields.coordinate(field, 'W', 'E', 180);
    }
}
