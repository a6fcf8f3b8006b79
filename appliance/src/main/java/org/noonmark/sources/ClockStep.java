package org.noonmark.sources;

/**
 * The local clock was stepped.
 *
 * @param beforeRawNanos raw time shortly before
 * @param beforeLocalNanos what it would show without that
 * @param after shortly after
 */
public record ClockStep(long beforeRawNanos, long beforeLocalNanos, Moment after) {
    /** By {@code deltaNanos}, at some moment between {@code beforeRawNanos} and {@code after}. */
    public static ClockStep of(long deltaNanos, long beforeRawNanos, Moment after) {
        return new ClockStep(beforeRawNanos, after.localNanos() - deltaNanos, after);
    }
}
