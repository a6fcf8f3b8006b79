package org.noonmark.discipline;

/** What the core wants done to the clock. */
public sealed interface Correction {
    /** Nothing. */
    Hold HOLD = new Hold();

    /** Move the clock at once by {@code deltaNanos} (positive: forward); stamps from before it are void afterwards. */
    record Step(long deltaNanos) implements Correction {}

    /** Set the total frequency correction to {@code frequencyPpb} (positive: faster) until the next word. */
    record Steer(double frequencyPpb) implements Correction {}

    /** Leave the clock as it is. */
    record Hold() implements Correction {}
}
