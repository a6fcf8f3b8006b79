package org.noonmark.sim;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.SentenceFramer;

/**
 * Finds the epochs in a recorded byte stream: where each report begins, and what time it tells. Looks at nothing but times: NMEA RMC,
 * ZDA, GGA, GLL, GNS, GST, GBS and UBX NAV messages.
 */
final class CaptureEpochs {
    /** The reports of one instant. {@code utcCentis}: hundredths of a second since 1970. */
    record Epoch(int start, long utcCentis) {}

    private static final long UNKNOWN = FixReport.UNKNOWN;
    private static final long DAY_CENTIS = 86_400L * 100;
    private static final int UBX_NAV = 0x01;
    private static final int NAV_PVT = 0x07;
    private static final int NAV_TIMEUTC = 0x21;
    private static final int UBX_HEADER = 6;

    /**
     * What one frame tells of time.
     *
     * @param start its first byte
     * @param kind what message it is
     * @param dayCentis time of day in hundredths of a second, or {@link #UNKNOWN}
     * @param weekCentis GPS time of week in hundredths of a second, or {@link #UNKNOWN}
     * @param epochDay day since 1970, or {@link #UNKNOWN}
     */
    private record Told(int start, String kind, long dayCentis, long weekCentis, long epochDay) {}

    private final GpsEra era;
    private final List<Told> frames = new ArrayList<>();

    private CaptureEpochs(GpsEra era) {
        this.era = era;
    }

    /** The epochs in {@code stream}, in order of its bytes; the first one starts at byte 0. Empty when no frame tells time and date. */
    static List<Epoch> of(byte[] stream, GpsEra era) {
        CaptureEpochs epochs = new CaptureEpochs(era);
        SentenceFramer framer = new SentenceFramer(epochs::onFrame);
        // The framer tells when each frame's bytes arrived; here byte n arrives at n, so a time is a place.
        framer.setNanosPerByte(1);
        framer.accept(stream, 0, stream.length, stream.length - 1L);
        framer.endOfInput();
        return epochs.epochs();
    }

    private void onFrame(Frame frame) {
        Told told = switch (frame.protocol()) {
            case NMEA -> sentence(frame);
            case UBX -> ubx(frame);
            case RTCM3 -> untimed(frame, "RTCM3");
        };
        frames.add(told);
    }

    private static Told untimed(Frame frame, String kind) {
        return new Told((int) frame.firstByteNanos(), kind, UNKNOWN, UNKNOWN, UNKNOWN);
    }

    private Told sentence(Frame frame) {
        StringBuilder text = new StringBuilder(frame.length());
        for (int i = 0; i < frame.length() - 3; i++) {
            text.append((char) frame.bytes()[frame.offset() + i]);
        }
        String[] fields = text.toString().split(",", -1);
        String kind = fields[0];
        if (kind.length() != 6) {
            return untimed(frame, kind);
        }
        return switch (kind.substring(3)) {
            case "RMC" -> timed(frame, kind, field(fields, 1), shortDate(field(fields, 9)));
            case "ZDA" -> timed(frame, kind, field(fields, 1), longDate(fields));
            case "GGA", "GNS", "GST", "GBS" -> timed(frame, kind, field(fields, 1), UNKNOWN);
            case "GLL" -> timed(frame, kind, field(fields, 5), UNKNOWN);
            default -> untimed(frame, kind);
        };
    }

    private static Told timed(Frame frame, String kind, String time, long epochDay) {
        return new Told((int) frame.firstByteNanos(), kind, timeOfDayCentis(time), UNKNOWN, epochDay);
    }

    private static String field(String[] fields, int index) {
        return index < fields.length ? fields[index] : "";
    }

    /** {@code hhmmss} with or without decimals. */
    private static long timeOfDayCentis(String time) {
        if (!time.matches("\\d{6}(\\.\\d*)?")) {
            return UNKNOWN;
        }
        String padded = time.length() > 7 ? time.substring(7) + "00" : "00";
        long hours = Long.parseLong(time, 0, 2, 10);
        long minutes = Long.parseLong(time, 2, 4, 10);
        long seconds = Long.parseLong(time, 4, 6, 10);
        return ((hours * 60 + minutes) * 60 + seconds) * 100 + Long.parseLong(padded, 0, 2, 10);
    }

    private long shortDate(String date) {
        return date.matches("\\d{6}")
                ? era.epochDayOf(
                        Integer.parseInt(date, 4, 6, 10),
                        Integer.parseInt(date, 2, 4, 10),
                        Integer.parseInt(date, 0, 2, 10))
                : UNKNOWN;
    }

    private long longDate(String[] fields) {
        String date = field(fields, 2) + field(fields, 3) + field(fields, 4);
        return date.matches("\\d{8}")
                ? era.epochDayOfFullYear(
                        Integer.parseInt(date, 4, 8, 10),
                        Integer.parseInt(date, 2, 4, 10),
                        Integer.parseInt(date, 0, 2, 10))
                : UNKNOWN;
    }

    /** Nearly every NAV message begins with the time of week in milliseconds; HPPOS messages have it behind a version. */
    private Told ubx(Frame frame) {
        int id = frame.bytes()[frame.offset() + 3] & 0xff;
        int messageClass = frame.bytes()[frame.offset() + 2] & 0xff;
        String kind = "UBX " + messageClass + " " + id;
        int payload = frame.length() - 8;
        if (messageClass != UBX_NAV || payload < 16) {
            return untimed(frame, kind);
        }
        if (id == NAV_PVT && payload >= 20) {
            return named(frame, kind, 4, 16);
        }
        if (id == NAV_TIMEUTC && payload >= 20) {
            return named(frame, kind, 12, 8);
        }
        return id == 0x13 || id == 0x14
                ? untimed(frame, kind)
                : new Told((int) frame.firstByteNanos(), kind, UNKNOWN, week(frame), UNKNOWN);
    }

    /** A message with year, month, day, hour, minute, second from {@code dateAt} on and nanoseconds at {@code nanosAt}. */
    private Told named(Frame frame, String kind, int dateAt, int nanosAt) {
        int year = (int) number(frame, dateAt, 2);
        long day = era.epochDayOfFullYear(year, (int) number(frame, dateAt + 2, 1), (int) number(frame, dateAt + 3, 1));
        long seconds =
                (number(frame, dateAt + 4, 1) * 60 + number(frame, dateAt + 5, 1)) * 60 + number(frame, dateAt + 6, 1);
        long centis = seconds * 100 + Math.round((int) number(frame, nanosAt, 4) / 1e7);
        return new Told((int) frame.firstByteNanos(), kind, centis, week(frame), day);
    }

    private static long week(Frame frame) {
        return Math.round(number(frame, 0, 4) / 10.0);
    }

    /** Little-endian, unsigned, {@code at} bytes into the payload. */
    private static long number(Frame frame, int at, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | (frame.bytes()[frame.offset() + UBX_HEADER + at + i] & 0xff);
        }
        return value;
    }

    private List<Epoch> epochs() {
        long weekMinusDay = weekMinusDayCentis();
        String leader = leader();
        List<Epoch> epochs = new ArrayList<>();
        long day = firstDay();
        long now = UNKNOWN;
        int begin = 0;
        for (Told told : frames) {
            if (told.kind.equals(leader) && begin < 0) {
                begin = told.start;
            }
            long dayCentis = timeOfDay(told, weekMinusDay);
            if (dayCentis == UNKNOWN || day == UNKNOWN) {
                continue;
            }
            if (now != UNKNOWN && dayCentis != now) {
                day += told.epochDay == UNKNOWN && now - dayCentis > DAY_CENTIS / 2 ? 1 : 0;
            }
            day = told.epochDay == UNKNOWN ? day : told.epochDay;
            if (dayCentis != now) {
                epochs.add(new Epoch(begin < 0 ? told.start : begin, day * DAY_CENTIS + dayCentis));
                now = dayCentis;
            }
            begin = -1;
        }
        return epochs;
    }

    /**
     * A binary message without a time that opens the capture opens every burst (TIM-TP does). NMEA has none such: a capture that opens
     * with GSV only begins in the middle of a burst.
     */
    private String leader() {
        return frames.isEmpty() || !frames.getFirst().kind.startsWith("UBX") ? "" : frames.getFirst().kind;
    }

    private long firstDay() {
        return frames.stream()
                .mapToLong(Told::epochDay)
                .filter(day -> day != UNKNOWN)
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** GPS week time less UTC time of day, from the first message that tells both: leap seconds and whole days. */
    private long weekMinusDayCentis() {
        return frames.stream()
                .filter(told -> told.dayCentis != UNKNOWN && told.weekCentis != UNKNOWN)
                .mapToLong(told -> told.weekCentis - told.dayCentis)
                .findFirst()
                .orElse(UNKNOWN);
    }

    private static long timeOfDay(Told told, long weekMinusDay) {
        if (told.dayCentis != UNKNOWN || told.weekCentis == UNKNOWN || weekMinusDay == UNKNOWN) {
            return told.dayCentis;
        }
        return Math.floorMod(told.weekCentis - weekMinusDay, DAY_CENTIS);
    }
}
