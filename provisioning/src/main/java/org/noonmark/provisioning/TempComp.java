package org.noonmark.provisioning;

import java.util.List;

/**
 * What the owner knows of the crystal's temperature (chrony's tempcomp).
 *
 * @param sensor absolute path of the file that holds the reading, a number in whatever unit
 * @param intervalNanos between two readings
 * @param curve from the reading to the correction
 */
public record TempComp(String sensor, long intervalNanos, Curve curve) {
    /** Larger corrections are taken for a fault of the sensor, as chrony does, ppm. */
    private static final double MOST_PPM = 10;

    /** The correction of the clock's frequency, parts per million (positive: it is made to run faster), by the reading. */
    public sealed interface Curve {
        /** The curve's value, however large. */
        double at(double reading);
    }

    /** A parabola: {@code k0 + (T - t0) k1 + (T - t0)^2 k2}. */
    public record Parabola(double t0, double k0, double k1, double k2) implements Curve {
        @Override
        public double at(double reading) {
            double above = reading - t0;
            return k0 + above * k1 + above * above * k2;
        }
    }

    /** One line of a table. */
    public record Point(double reading, double ppm) {}

    /** Straight lines between points of increasing reading, at least two, and beyond the outer ones. */
    public record Table(List<Point> points) implements Curve {
        /** Copies the list. */
        public Table {
            points = List.copyOf(points);
        }

        @Override
        public double at(double reading) {
            int upper = 1;
            while (upper < points.size() - 1 && points.get(upper).reading() < reading) {
                upper++;
            }
            Point low = points.get(upper - 1);
            Point high = points.get(upper);
            double share = (reading - low.reading()) / (high.reading() - low.reading());
            return low.ppm() + share * (high.ppm() - low.ppm());
        }
    }

    /** The correction for {@code reading}, ppm; NaN where it cannot be meant. */
    public double ppm(double reading) {
        double ppm = curve.at(reading);
        return Math.abs(ppm) <= MOST_PPM ? ppm : Double.NaN;
    }
}
