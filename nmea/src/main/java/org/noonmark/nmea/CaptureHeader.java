package org.noonmark.nmea;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comment lines that gpsd's and our captures begin with; the receiver never sent them. */
public final class CaptureHeader {
    /** How much of a capture is searched for its header. */
    public static final int MAX_BYTES = 8192;

    private static final Pattern DATE = Pattern.compile("(?m)^#\\s*Date\\s*[:=]\\s*(\\d{4})-(\\d{1,2})");
    /** Headers name the day of submission or of an edit; the recording itself is at most some years older. */
    private static final int YEARS_OF_DOUBT = 5;

    private CaptureHeader() {}

    /**
     * The floor for {@link GpsEra} that a header line {@code # Date: 2017-01-09} allows, empty when there is none.
     *
     * @param head the first bytes of a capture
     */
    public static Optional<LocalDate> floor(byte[] head, int length) {
        String text = new String(head, 0, Math.min(length, MAX_BYTES), StandardCharsets.ISO_8859_1);
        Matcher matcher = DATE.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        try {
            // Some headers name a 32nd of July: the day is of no use here anyway.
            return Optional.of(LocalDate.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), 1)
                    .minusYears(YEARS_OF_DOUBT));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
