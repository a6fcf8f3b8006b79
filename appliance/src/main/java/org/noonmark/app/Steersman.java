package org.noonmark.app;

import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingCore;
import org.noonmark.time.SteerableClock;

/** Does at once, and without a word, what the core asks of a clock that nobody is served from. */
record Steersman(TimingCore core, SteerableClock clock) {
    void carryOut(Correction correction) {
        switch (correction) {
            case Correction.Hold _ -> {}
            case Correction.Steer steer -> setFrequency(steer.frequencyPpb());
            case Correction.Slew slew -> {
                setFrequency(slew.frequencyPpb());
                core.onSlewing(clock.slew(slew.nanos()), clock.nanos());
            }
            case Correction.Refuse refuse -> setFrequency(refuse.frequencyPpb());
            case Correction.Step step -> {
                clock.step(step.deltaNanos());
                carryOut(core.onStepped(step.deltaNanos(), clock.nanos()));
            }
        }
    }

    private void setFrequency(double ppb) {
        core.onSteered(clock.setFrequencyPpb(ppb), clock.nanos());
    }
}
