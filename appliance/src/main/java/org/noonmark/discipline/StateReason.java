package org.noonmark.discipline;

/** Says in a sentence why the clock is in its state: what was agreed on, or what is missing. */
final class StateReason {
    private static final String AGREES = "pulses agree with the clock, labels with the count of seconds";

    private final SyncMachine machine;
    private final Numbering numbering;
    private final PhaseTracker phase;

    StateReason(SyncMachine machine, Numbering numbering, PhaseTracker phase) {
        this.machine = machine;
        this.numbering = numbering;
        this.phase = phase;
    }

    String tell() {
        return switch (machine.state()) {
            case COLD ->
                machine.reason().isEmpty() ? numbering.missing() : machine.reason() + ": " + numbering.missing();
            case LABELLED -> machine.reason() + "; the clock is set and held against the next pulses";
            case REFUSED -> numbering.isCertain() ? machine.reason() : numbering.missing();
            case DISCIPLINED ->
                switch (phase.worthOfNotices()) {
                    case TRIED, UNSEEN -> AGREES;
                    case HELPS -> AGREES + "; the receiver's word on each pulse's grain is used";
                    case HARMS ->
                        AGREES + "; the receiver's word on each pulse's grain (TIM-TP) does not fit, and is not used";
                };
            case HOLDOVER -> machine.reason() + "; the clock runs on its learned frequency";
        };
    }
}
