package org.noonmark.app;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a time that a person has typed for {@code settime}: the usual ones of those that chronyc takes, in the machine's time zone. */
final class TypedTime {
    static final String EXPECTED =
            "expected a time such as 16:30:05, '2026-11-23 16:30:05', 'Nov 23, 2026 16:30:05' or 2026-11-23T16:30:05Z";

    private static final Pattern OF_UTC = Pattern.compile("(?i)\\s*(?:Z|UTC|GMT)$");
    private static final List<DateTimeFormatter> FORMS = List.of(
            form("H:mm[:ss]"),
            form("uuuu-M-d H:mm[:ss]"),
            form("uuuu-M-d'T'H:mm[:ss]"),
            form("MMM d, uuuu H:mm[:ss]"),
            form("MMM d uuuu H:mm[:ss]"),
            form("d MMM uuuu H:mm[:ss]"));

    private TypedTime() {}

    private static DateTimeFormatter form(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /**
     * Nanoseconds since 1970; empty when it is none of the forms, before 1970, or a time that the zone leaves out.
     *
     * @param zone of those that do not say
     * @param nowNanos of the machine's clock, which tells the day of those that do not say
     */
    static Optional<Long> parse(String text, ZoneId zone, long nowNanos) {
        String plain = OF_UTC.matcher(text.strip()).replaceFirst("");
        ZoneId meant = plain.equals(text.strip()) ? zone : ZoneOffset.UTC;
        LocalDate today = Instant.ofEpochSecond(0, nowNanos).atZone(meant).toLocalDate();
        for (DateTimeFormatter form : FORMS) {
            Optional<LocalDateTime> found = parse(plain, form, today);
            if (found.isPresent()) {
                ZonedDateTime zoned = found.get().atZone(meant);
                // Where clocks are put forward there is no such hour, and two where they are put back.
                boolean isOne = meant.getRules().getValidOffsets(found.get()).size() == 1;
                return isOne ? nanos(zoned) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<LocalDateTime> parse(String text, DateTimeFormatter form, LocalDate today) {
        try {
            TemporalAccessor read = form.parse(text.replaceAll("\\s+", " "));
            LocalDate date = read.query(TemporalQueries.localDate());
            LocalTime time = read.query(TemporalQueries.localTime());
            return Optional.of(LocalDateTime.of(date == null ? today : date, time));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> nanos(ZonedDateTime time) {
        try {
            long nanos = Math.multiplyExact(time.toEpochSecond(), 1_000_000_000L);
            return nanos < 0 ? Optional.empty() : Optional.of(nanos);
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }
}
