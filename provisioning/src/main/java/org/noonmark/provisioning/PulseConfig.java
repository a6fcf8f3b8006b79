package org.noonmark.provisioning;

import java.util.OptionalInt;

/**
 * The pulses of a receiver.
 *
 * @param device absolute path of the kernel's PPS device
 * @param edge the edge that marks the second
 * @param referenceId what clients see while these pulses steer the clock: 1 to 4 printable ASCII characters
 * @param widthNanos how long the pulse lasts after that edge, as the owner says; 0: any that is shorter than half a second
 * @param lateness how late they are stamped
 * @param pollGpio the pin of the pulses, to be polled beside the device; empty: it is not
 * @param delayNanos advertised as root delay: half of it is error that the owner admits for this pulse; never negative
 */
public record PulseConfig(
        String device,
        Edge edge,
        String referenceId,
        long widthNanos,
        PulseLateness lateness,
        OptionalInt pollGpio,
        long delayNanos) {
    /** Which change of the signal is the second; the kernel calls the rising edge assert unless its driver was told otherwise. */
    public enum Edge {
        ASSERT,
        CLEAR
    }
}
