package org.noonmark.status;

/**
 * The running program.
 *
 * @param version such as {@code 0.1.0}
 * @param startedNanos local clock at the start, nanoseconds since 1970; whoever steps the clock moves it along
 * @param steersClock whether the machine's own clock is set; else a corrected copy of it is served ({@code -x})
 */
public record Program(String version, long startedNanos, boolean steersClock) {
    /** What it is called wherever a name is needed. */
    public static final String NAME = "noonmark";
}
