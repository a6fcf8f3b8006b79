package org.noonmark.provisioning;

import java.util.OptionalLong;

/**
 * What the owner says of how late pulses are stamped. All of it is taken off each stamp.
 *
 * @param offsetNanos chrony's {@code offset}: whatever the owner has found; positive when stamps are late
 * @param cableDelayNanos from the antenna through its cable to the receiver; never negative
 * @param latencyNanos from the edge to its stamp; empty: what is known of the board
 * @param latencyErrorNanos how far the real delay may lie from all of this, never negative; empty: what is known of the board
 */
public record PulseLateness(
        long offsetNanos, long cableDelayNanos, OptionalLong latencyNanos, OptionalLong latencyErrorNanos) {}
