package org.noonmark.provisioning;

/**
 * When a receiver is no longer believed; 0 or false takes a wire away.
 *
 * @param positionMetres a fixed antenna that is further than this from where it was
 * @param signalDecibels the strengths of all satellites used scatter by less than this
 * @param interference whether the receiver's own word on spoofing and jamming counts
 * @param holdSeconds how long distrust lasts after the last sign
 * @param jumpSeconds how long a proven clock is believed against pulses that moved
 */
public record TripwireConfig(
        int positionMetres, double signalDecibels, boolean interference, int holdSeconds, int jumpSeconds) {}
