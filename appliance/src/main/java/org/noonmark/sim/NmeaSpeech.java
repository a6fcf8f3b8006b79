package org.noonmark.sim;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.noonmark.sim.SimulatedReceiver.Epoch;
import org.noonmark.sim.SimulatedSky.Gnss;
import org.noonmark.sim.SimulatedSky.Satellite;

/** NMEA 0183 sentences. */
final class NmeaSpeech implements SimulatedReceiver.Speech {
    private static final int UBX_CLASS_OF_SENTENCES = 0xf0;
    private static final int CHANNELS_PER_GSA = 12;
    private static final int SATELLITES_PER_GSV = 4;
    private static final DateTimeFormatter SHORT_DATE = DateTimeFormatter.ofPattern("ddMMyy", Locale.ROOT);
    private static final DateTimeFormatter LONG_DATE = DateTimeFormatter.ofPattern("dd,MM,yyyy", Locale.ROOT);

    private final ReceiverOptions options;
    private final String talker;
    private final DateTimeFormatter time;
    private final int minuteDigits;
    private final List<Gnss> systems;
    /** NMEA 4.1 and later: RMC ends with a navigational status, GSA with a system number. */
    private final boolean modern;

    private final ReceiverEars told;

    private NmeaSpeech(
            ReceiverOptions options,
            ReceiverEars told,
            String talker,
            String time,
            int minuteDigits,
            List<Gnss> systems,
            boolean modern) {
        this.options = options;
        this.told = told;
        this.talker = talker;
        this.time = DateTimeFormatter.ofPattern(time, Locale.ROOT);
        this.minuteDigits = minuteDigits;
        this.systems = systems;
        this.modern = modern;
    }

    /** As a u-blox 8 speaks. */
    static NmeaSpeech ublox(ReceiverOptions options, ReceiverEars told) {
        return new NmeaSpeech(options, told, "GN", "HHmmss.SS", 5, List.of(Gnss.values()), true);
    }

    /** As an MT3339 speaks. */
    static NmeaSpeech mtk(ReceiverOptions options, ReceiverEars told) {
        return new NmeaSpeech(options, told, "GP", "HHmmss.SSS", 4, List.of(Gnss.GPS), false);
    }

    @Override
    public byte[] burst(Epoch epoch) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(
                Math.floorDiv(epoch.utcMillis(), 1_000),
                Math.floorMod(epoch.utcMillis(), 1_000) * 1_000_000,
                ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(1_024);
        rmc(out, epoch, utc);
        gga(out, epoch, utc);
        if (epoch.isWholeSecond()) {
            if (told.sends(UBX_CLASS_OF_SENTENCES, 0x02)) {
                gsa(out, epoch);
            }
            if (told.sends(UBX_CLASS_OF_SENTENCES, 0x03)) {
                gsv(out, epoch);
            }
            if (told.sends(UBX_CLASS_OF_SENTENCES, 0x08)) {
                zda(out, utc);
            }
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void zda(StringBuilder out, LocalDateTime utc) {
        sentence(out, talker + "ZDA," + time.format(utc) + "," + LONG_DATE.format(utc) + (modern ? ",00,00" : ",,"));
    }

    private void rmc(StringBuilder out, Epoch epoch, LocalDateTime utc) {
        String body = epoch.fix() ? ",A," + place() + ",0.021,," : ",V,,,,,,,";
        String mode = epoch.fix() ? "A" : "N";
        sentence(
                out,
                talker + "RMC," + time.format(utc) + body + SHORT_DATE.format(utc) + ",,," + mode
                        + (modern ? ",V" : ""));
    }

    private void gga(StringBuilder out, Epoch epoch, LocalDateTime utc) {
        String body = epoch.fix()
                ? String.format(
                        Locale.ROOT,
                        ",%s,1,%02d,0.84,%.1f,M,45.4,M,,",
                        place(),
                        Math.min(CHANNELS_PER_GSA, used(epoch).size()),
                        options.place().altitudeMetres())
                : ",,,,,0,00,99.99,,,,,,";
        sentence(out, talker + "GGA," + time.format(utc) + body);
    }

    private void gsa(StringBuilder out, Epoch epoch) {
        for (Gnss gnss : systems) {
            String ids = used(epoch).stream()
                    .filter(satellite -> satellite.gnss() == gnss)
                    .limit(CHANNELS_PER_GSA)
                    .map(satellite -> String.format(Locale.ROOT, "%02d,", satellite.nmeaId()))
                    .collect(Collectors.joining());
            String padded = ids + ",".repeat(CHANNELS_PER_GSA - ids.length() / 3);
            String dilutions = epoch.fix() ? "1.51,0.84,1.26" : "99.99,99.99,99.99";
            sentence(out, talker + "GSA,A," + (epoch.fix() ? 3 : 1) + "," + padded + dilutions);
        }
    }

    private void gsv(StringBuilder out, Epoch epoch) {
        for (Gnss gnss : systems) {
            List<Satellite> seen = epoch.sky().stream()
                    .filter(satellite -> satellite.gnss() == gnss)
                    .toList();
            int parts = (seen.size() + SATELLITES_PER_GSV - 1) / SATELLITES_PER_GSV;
            for (int part = 0; part < parts; part++) {
                String listed = seen.stream()
                        .skip((long) part * SATELLITES_PER_GSV)
                        .limit(SATELLITES_PER_GSV)
                        .map(NmeaSpeech::view)
                        .collect(Collectors.joining());
                sentence(
                        out,
                        String.format(
                                Locale.ROOT, "%sGSV,%d,%d,%02d%s", gnss.talker, parts, part + 1, seen.size(), listed));
            }
        }
    }

    private List<Satellite> used(Epoch epoch) {
        return epoch.sky().stream()
                .filter(satellite -> satellite.used() && systems.contains(satellite.gnss()))
                .toList();
    }

    private static String view(Satellite satellite) {
        String signal = satellite.signal() > 0 ? String.format(Locale.ROOT, "%02d", satellite.signal()) : "";
        return String.format(
                Locale.ROOT,
                ",%02d,%02d,%03d,%s",
                satellite.nmeaId(),
                satellite.elevationDegrees(),
                satellite.azimuthDegrees(),
                signal);
    }

    /** Latitude and longitude as degrees and minutes with their letters. */
    private String place() {
        return degreesAndMinutes(options.place().latitudeDegrees(), 2, "N", "S") + ","
                + degreesAndMinutes(options.place().longitudeDegrees(), 3, "E", "W");
    }

    private String degreesAndMinutes(double degrees, int degreeDigits, String positive, String negative) {
        double scale = Math.pow(10, minuteDigits);
        long units = Math.round(Math.abs(degrees) * 60 * scale);
        long whole = units / Math.round(60 * scale);
        double minutes = (units - whole * Math.round(60 * scale)) / scale;
        return String.format(
                Locale.ROOT,
                "%0" + degreeDigits + "d%0" + (3 + minuteDigits) + "." + minuteDigits + "f,%s",
                whole,
                minutes,
                degrees < 0 ? negative : positive);
    }

    private static void sentence(StringBuilder out, String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            sum ^= body.charAt(i);
        }
        out.append('$').append(body).append(String.format(Locale.ROOT, "*%02X\r\n", sum));
    }
}
