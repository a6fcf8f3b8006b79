package org.noonmark.rig;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event of a pulse device, as {@code /sys/class/pps/pps0/assert} tells it: {@code 1731234567.000000123#4711}.
 *
 * @param nanos the system clock at the edge, since 1970
 * @param sequence the kernel's count of edges
 */
record EdgeStamp(long nanos, long sequence) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})\\.(\\d{9})#(\\d{1,18})");
    private static final long SECOND = 1_000_000_000L;

    /** The event in {@code line}; empty when it is none. */
    static Optional<EdgeStamp> parse(String line) {
        Matcher matcher = FORM.matcher(line.strip());
        return matcher.matches()
                ? Optional.of(new EdgeStamp(
                        Long.parseLong(matcher.group(1)) * SECOND + Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /** How far the clock was from its nearest second at the edge: positive when it was ahead. */
    long fromSecondNanos() {
        return Math.floorMod(nanos + SECOND / 2, SECOND) - SECOND / 2;
    }
}
