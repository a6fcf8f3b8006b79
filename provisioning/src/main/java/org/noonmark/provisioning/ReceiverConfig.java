package org.noonmark.provisioning;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A receiver on a serial line: what numbers the seconds.
 *
 * @param device absolute path of the serial device
 * @param baud bits per second; empty: find out
 * @param referenceId the receiver's name, to which {@code refclock PPS ... lock} refers: 1 to 4 printable ASCII characters
 * @param setUp whether its settings are asked for, and changed where they differ from what a time server wants
 * @param fixedAntenna whether its antenna never moves
 * @param labels which pulse its sentences name
 * @param pulse its pulses, from {@code pps} on its own line or from a {@code refclock PPS} line that locks to it; empty: none, the clock
 *     is not steered
 */
public record ReceiverConfig(
        String device,
        OptionalInt baud,
        String referenceId,
        boolean setUp,
        boolean fixedAntenna,
        LabelledPulse labels,
        Optional<PulseConfig> pulse) {}
