package org.noonmark.time;

/** A sensor near the crystal, such as the processor's own. Asked by the timing thread about once a second; must answer at once. */
@FunctionalInterface
public interface Thermometer {
    /** No sensor. */
    Thermometer NONE = () -> Double.NaN;

    /** Degrees Celsius now; NaN when it cannot be read. */
    double celsius();
}
