package org.noonmark.discipline;

import java.util.List;
import java.util.Locale;

/**
 * Pulses that part from a clock that was served: whether the clock is believed against them, and goes on alone. Knows nothing of names of
 * seconds. For one thread.
 */
final class PulseQuarrel {
    /** Pulses this share as far off as when they were left, or nearer, have come back. */
    private static final double HAVE_COME_BACK = 0.5;

    private final PhaseTracker phase;
    private final SyncMachine machine;
    private final Standoff jumped;
    private final long patienceNanos;
    private String runaway = "";
    private long runawaySinceNanos;
    private double runawayNanos;

    /** {@code patienceNanos}: how long the clock is believed when no witness says anything. */
    PulseQuarrel(PhaseTracker phase, SyncMachine machine, long patienceNanos, List<Witness> witnesses) {
        this.phase = phase;
        this.machine = machine;
        this.patienceNanos = patienceNanos;
        jumped = new Standoff(patienceNanos, witnesses);
    }

    /** Whether pulses have jumped, and have not come back. */
    boolean haveJumped() {
        return jumped.isOn();
    }

    /** Why pulses that ran away are not followed; empty while none have. */
    String runaway() {
        return runaway;
    }

    /**
     * Time has passed. Pulses that ran away, have not come back, and that nobody contradicts are believed in the end: then it was the
     * crystal that did it. What was told of the error had room for that, so that service goes on.
     */
    void onTick() {
        if (runaway.isEmpty() || phase.nowNanos() - runawaySinceNanos <= patienceNanos) {
            return;
        }
        runaway = "";
        if (Math.abs(phase.draggedNanos()) > HAVE_COME_BACK * Math.abs(runawayNanos)) {
            phase.believePulses(runawaySinceNanos);
        }
    }

    /** The pulses run away as no crystal does: the clock goes back to what it knew before, and alone from there. */
    void onRunningAway() {
        runaway = String.format(
                Locale.ROOT,
                "the pulses ran away by %.1f us within a minute while the temperature stood still, as no crystal does",
                Math.abs(phase.awayNanos()) * 1e-3);
        runawaySinceNanos = phase.nowNanos();
        runawayNanos = phase.awayNanos();
        phase.takeBack();
        machine.onUnbacked(phase.nowNanos(), runaway);
    }

    /** Pulses have jumped to where they say {@code offsetNanos} of the clock, as {@code moved} tells: whether it is believed against them. */
    boolean believesClock(long offsetNanos, String moved) {
        if (!machine.state().isSynchronised()
                || !jumped.believesClock(offsetNanos, phase.nowNanos(), phase.sinceEdgeNanos())) {
            return false;
        }
        machine.onUnbacked(phase.nowNanos(), moved + "; they are not followed while they stay there");
        return true;
    }

    /** Those that jumped agree with the clock again, or are followed all the same. */
    void endJump() {
        jumped.end();
    }

    /** Nothing that was said of this clock counts. */
    void end() {
        jumped.end();
        runaway = "";
    }

    void onStepped(long deltaNanos) {
        jumped.onStepped(deltaNanos);
        runawaySinceNanos += deltaNanos;
    }
}
