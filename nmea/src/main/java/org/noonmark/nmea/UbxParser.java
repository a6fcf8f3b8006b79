package org.noonmark.nmea;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.nmea.FixReport.Status;
import org.noonmark.nmea.ReceiverHealth.Antenna;
import org.noonmark.nmea.ReceiverHealth.Interference;
import org.noonmark.nmea.Sentence.Problem;
import org.noonmark.nmea.UbxMessage.Validity;

/** Reads one framed UBX message. Holds nothing between messages; only one thread may use it. */
final class UbxParser {
    private static final int ACK = 0x05;
    private static final int NAV = 0x01;
    private static final int MON = 0x0a;
    private static final int TIM = 0x0d;
    private static final int SEC = 0x27;
    private static final int HEADER = 6;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** A time of day that the receiver itself calls this uncertain is not valid, whatever its flags say. */
    private static final long LARGEST_TIME_ERROR_NANOS = 100_000_000;

    private byte[] bytes = new byte[0];
    private int payload;
    private int length;

    /** The message in {@code frame}; never throws. */
    UbxMessage parse(Frame frame) {
        bytes = frame.bytes();
        payload = frame.offset() + HEADER;
        length = frame.length() - HEADER - 2;
        int messageClass = bytes[frame.offset() + 2] & 0xff;
        int messageId = bytes[frame.offset() + 3] & 0xff;
        return switch (messageClass) {
            case NAV -> navigation(messageId);
            case ACK ->
                length >= 2 && messageId <= 1
                        ? new UbxMessage.Ack(messageId == 1, u1(0), u1(1))
                        : malformed(Problem.LENGTH);
            case TIM -> messageId == 0x01 ? timTp() : new UbxMessage.Opaque(messageClass, messageId);
            case MON -> monitor(messageId);
            case SEC -> messageId == 0x09 ? secSig() : new UbxMessage.Opaque(messageClass, messageId);
            default -> new UbxMessage.Opaque(messageClass, messageId);
        };
    }

    private UbxMessage navigation(int id) {
        if (length < 4) {
            // A poll request, echoed or recorded on the way to the receiver.
            return length == 0 ? new UbxMessage.Opaque(NAV, id) : malformed(Problem.LENGTH);
        }
        return switch (id) {
            case 0x01 -> length < 20 ? malformed(Problem.LENGTH) : posEcef();
            case 0x02 -> length < 28 ? malformed(Problem.LENGTH) : posLlh();
            case 0x03 -> length < 16 ? malformed(Problem.LENGTH) : status();
            case 0x04 -> length < 18 ? malformed(Problem.LENGTH) : dop();
            case 0x06 -> length < 52 ? malformed(Problem.LENGTH) : sol();
            case 0x07 -> length < 84 ? malformed(Problem.LENGTH) : pvt();
            case 0x20 -> length < 16 ? malformed(Problem.LENGTH) : timeGps();
            case 0x21 -> length < 20 ? malformed(Problem.LENGTH) : timeUtc();
            case 0x26 -> length < 24 ? malformed(Problem.LENGTH) : timeLs();
            case 0x30 -> length < 8 || length < 8 + 12 * u1(4) ? malformed(Problem.LENGTH) : svInfo();
            case 0x35 -> navSat();
            case 0x61 -> new UbxMessage.NavEndOfEpoch(u4(0));
            default -> new UbxMessage.NavOther(u4(0));
        };
    }

    private UbxMessage pvt() {
        int valid = u1(11);
        int flags = u1(21);
        int fixType = u1(20);
        Validity validity = (valid & 3) != 3 ? Validity.NONE : (valid & 4) != 0 ? Validity.RESOLVED : Validity.CLOCK;
        boolean dated = validity != Validity.NONE;
        long epochDay = dated ? CivilDate.epochDay(u2(4), u1(6), u1(7)) : FixReport.UNKNOWN;
        long timeOfDay = dated ? timeOfDay(u1(8), u1(9), u1(10), i4(16)) : FixReport.UNKNOWN;
        if (dated && (epochDay == FixReport.UNKNOWN || timeOfDay == FixReport.UNKNOWN)) {
            return malformed(Problem.DATE);
        }
        return new UbxMessage.NavPvt(
                u4(0),
                validity,
                epochDay,
                timeOfDay,
                fixType,
                (flags & 1) != 0,
                pvtStatus(fixType, flags),
                i4(28) * 1e-7,
                i4(24) * 1e-7,
                i4(32) * 1e-3,
                i4(36) * 1e-3,
                u4(40) * 1e-3,
                u4(44) * 1e-3,
                i4(60) * 1e-3,
                i4(64) * 1e-5,
                i4(56) * -1e-3,
                u4(68) * 1e-3,
                u4(12));
    }

    private static Status pvtStatus(int fixType, int flags) {
        Status plain = statusOf(fixType);
        if ((flags & 2) == 0 || plain == Status.TIME_ONLY) {
            return plain;
        }
        return switch (flags >> 6) {
            case 2 -> Status.RTK_FIXED;
            case 1 -> Status.RTK_FLOAT;
            default -> Status.DGPS;
        };
    }

    /** Status of a UBX fixType: 0 none, 1 dead reckoning, 2 2D, 3 3D, 4 GNSS and dead reckoning, 5 time only. */
    static Status statusOf(int fixType) {
        return switch (fixType) {
            case 1 -> Status.DEAD_RECKONING;
            case 2, 3 -> Status.GPS;
            case 4 -> Status.GNSS_DEAD_RECKONING;
            case 5 -> Status.TIME_ONLY;
            default -> Status.UNKNOWN;
        };
    }

    private UbxMessage timeUtc() {
        long timeError = u4(4);
        int valid = u1(19) & 7;
        boolean sane = timeError <= LARGEST_TIME_ERROR_NANOS;
        Validity validity = valid == 7 && sane ? Validity.RESOLVED : (valid & 3) == 3 ? Validity.CLOCK : Validity.NONE;
        if (validity == Validity.NONE) {
            return new UbxMessage.NavTimeUtc(u4(0), validity, FixReport.UNKNOWN, FixReport.UNKNOWN, timeError);
        }
        long epochDay = CivilDate.epochDay(u2(12), u1(14), u1(15));
        long timeOfDay = timeOfDay(u1(16), u1(17), u1(18), i4(8));
        return epochDay == FixReport.UNKNOWN || timeOfDay == FixReport.UNKNOWN
                ? malformed(Problem.DATE)
                : new UbxMessage.NavTimeUtc(u4(0), validity, epochDay, timeOfDay, timeError);
    }

    /** Nanoseconds since 00:00:00; may be slightly negative, as u-blox rounds the second and gives a signed rest. */
    private static long timeOfDay(int hour, int minute, int second, int nanos) {
        return hour > 23 || minute > 59 || second > 60 || Math.abs((long) nanos) >= NANOS_PER_SECOND
                ? FixReport.UNKNOWN
                : (hour * 3600L + minute * 60L + second) * NANOS_PER_SECOND + nanos;
    }

    private UbxMessage timeGps() {
        int valid = u1(11);
        return new UbxMessage.NavTimeGps(
                u4(0), i4(4), u2(8), (valid & 3) == 3, (valid & 4) != 0 ? i1(10) : FixReport.NO_LEAP, u4(12));
    }

    private UbxMessage timeLs() {
        int valid = u1(23);
        return u1(4) != 0
                ? malformed(Problem.VERSION)
                : new UbxMessage.NavTimeLs(
                        u4(0), u1(8), i1(9), (valid & 1) != 0, i1(11), i4(12), (valid & 2) != 0 && u1(10) != 0);
    }

    private UbxMessage sol() {
        int flags = u1(11);
        int pdop = u2(44);
        return new UbxMessage.NavSol(
                u4(0),
                i4(4),
                u2(8),
                (flags & 0x0c) == 0x0c,
                u1(10),
                (flags & 1) != 0,
                (flags & 2) != 0,
                i4(12) * 1e-2,
                i4(16) * 1e-2,
                i4(20) * 1e-2,
                dilution(pdop),
                u1(47));
    }

    private UbxMessage posEcef() {
        return new UbxMessage.NavPosEcef(u4(0), i4(4) * 1e-2, i4(8) * 1e-2, i4(12) * 1e-2);
    }

    private UbxMessage posLlh() {
        return new UbxMessage.NavPosLlh(
                u4(0), i4(8) * 1e-7, i4(4) * 1e-7, i4(12) * 1e-3, i4(16) * 1e-3, u4(20) * 1e-3, u4(24) * 1e-3);
    }

    private UbxMessage status() {
        return new UbxMessage.NavStatus(u4(0), u1(4), (u1(5) & 1) != 0, (u1(6) & 1) != 0, u1(7) >> 3 & 3);
    }

    private UbxMessage dop() {
        return new UbxMessage.NavDop(
                u4(0),
                new SkyView.Dilutions(
                        dilution(u2(12)),
                        dilution(u2(10)),
                        dilution(u2(6)),
                        dilution(u2(8)),
                        dilution(u2(4)),
                        dilution(u2(16)),
                        dilution(u2(14))));
    }

    /** Hundredths; 9999 stands for "not known". */
    private static double dilution(int hundredths) {
        return hundredths >= 9999 ? Double.NaN : hundredths * 1e-2;
    }

    private UbxMessage navSat() {
        if (length < 8 || length < 8 + 12 * u1(5)) {
            return malformed(Problem.LENGTH);
        }
        if (u1(4) != 1) {
            return malformed(Problem.VERSION);
        }
        int count = u1(5);
        List<SkyView.Satellite> satellites = new ArrayList<>(count);
        for (int at = 8; at < 8 + 12 * count; at += 12) {
            add(
                    satellites,
                    SatelliteNumbers.ofUbx(u1(at), u1(at + 1)),
                    i1(at + 3),
                    i2(at + 4),
                    u1(at + 2),
                    (u1(at + 8) & 8) != 0);
        }
        return new UbxMessage.NavSatellites(u4(0), satellites);
    }

    private UbxMessage svInfo() {
        int count = u1(4);
        List<SkyView.Satellite> satellites = new ArrayList<>(count);
        for (int at = 8; at < 8 + 12 * count; at += 12) {
            add(
                    satellites,
                    SatelliteNumbers.ofUbxSingle(u1(at + 1)),
                    i1(at + 5),
                    i2(at + 6),
                    u1(at + 4),
                    (u1(at + 2) & 1) != 0);
        }
        return new UbxMessage.NavSatellites(u4(0), satellites);
    }

    private static void add(
            List<SkyView.Satellite> satellites,
            SatelliteNumbers.Id id,
            int elevation,
            int azimuth,
            int signalDbHz,
            boolean used) {
        if (id.prn() > 0) {
            satellites.add(new SkyView.Satellite(
                    id.prn(),
                    id.gnss(),
                    id.svId(),
                    0,
                    Math.abs(elevation) <= 90 ? elevation : Double.NaN,
                    azimuth >= 0 && azimuth <= 360 ? azimuth % 360 : Double.NaN,
                    signalDbHz,
                    used));
        }
    }

    private UbxMessage timTp() {
        if (length < 16) {
            return malformed(Problem.LENGTH);
        }
        int flags = u1(14);
        return new UbxMessage.TimTp(u4(0), u2(12), i4(8), (flags & 0x10) == 0, (flags & 1) != 0);
    }

    private UbxMessage monitor(int id) {
        return switch (id) {
            case 0x09 -> monHw();
            case 0x38 -> monRf();
            default -> new UbxMessage.Opaque(MON, id);
        };
    }

    private UbxMessage monHw() {
        // 60 bytes since generation 7; 68 in generations 5 and 6, whose pin table is longer and moves the indicator.
        if (length != 60 && length != 68) {
            return length == 0 ? new UbxMessage.Opaque(MON, 0x09) : malformed(Problem.LENGTH);
        }
        return new UbxMessage.Hardware(antenna(u1(20)), interference(u1(22) >> 2 & 3), u1(length == 60 ? 45 : 53));
    }

    private UbxMessage monRf() {
        if (length < 4 || length < 4 + 24 * u1(1)) {
            return length == 0 ? new UbxMessage.Opaque(MON, 0x38) : malformed(Problem.LENGTH);
        }
        UbxMessage.Hardware worst = new UbxMessage.Hardware(Antenna.UNKNOWN, Interference.UNKNOWN, -1);
        for (int at = 4; at < 4 + 24 * u1(1); at += 24) {
            worst = new UbxMessage.Hardware(
                    worse(worst.antenna(), antenna(u1(at + 2))),
                    worse(worst.jamming(), interference(u1(at + 1) & 3)),
                    Math.max(worst.jammingIndicator(), u1(at + 16)));
        }
        return worst;
    }

    private UbxMessage secSig() {
        if (length < 4) {
            return malformed(Problem.LENGTH);
        }
        // Version 1 has both states in bytes of their own, version 2 both in one; bit 0 of the flags says that
        // detection is on.
        return switch (u1(0)) {
            case 1 ->
                length < 9
                        ? malformed(Problem.LENGTH)
                        : new UbxMessage.Security(enabled(u1(4), 0, u1(4) >> 1 & 3), enabled(u1(8), 0, u1(8) >> 1 & 7));
            case 2 -> new UbxMessage.Security(enabled(u1(1), 0, u1(1) >> 1 & 3), enabled(u1(1), 3, u1(1) >> 4 & 7));
            default -> malformed(Problem.VERSION);
        };
    }

    private static Interference enabled(int flags, int bit, int state) {
        return (flags >> bit & 1) == 0 ? Interference.UNKNOWN : interference(state);
    }

    private static Antenna antenna(int code) {
        return switch (code) {
            case 0 -> Antenna.INITIALISING;
            case 2 -> Antenna.OK;
            case 3 -> Antenna.SHORT;
            case 4 -> Antenna.OPEN;
            default -> Antenna.UNKNOWN;
        };
    }

    static Interference interference(int code) {
        return switch (code) {
            case 1 -> Interference.NONE;
            case 2 -> Interference.INDICATED;
            case 0 -> Interference.UNKNOWN;
            default -> Interference.SEVERE;
        };
    }

    private static <E extends Enum<E>> E worse(E a, E b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static UbxMessage malformed(Problem problem) {
        return new UbxMessage.Malformed(problem);
    }

    private int u1(int at) {
        return bytes[payload + at] & 0xff;
    }

    private int i1(int at) {
        return bytes[payload + at];
    }

    private int u2(int at) {
        return u1(at) | u1(at + 1) << 8;
    }

    private int i2(int at) {
        return (short) u2(at);
    }

    private int i4(int at) {
        return u2(at) | u2(at + 2) << 16;
    }

    private long u4(int at) {
        return i4(at) & 0xffffffffL;
    }
}
