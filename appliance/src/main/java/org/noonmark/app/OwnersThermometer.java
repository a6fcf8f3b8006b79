package org.noonmark.app;

import java.util.function.LongSupplier;
import org.noonmark.discipline.Learned;
import org.noonmark.provisioning.ConfigFiles;
import org.noonmark.provisioning.TempComp;
import org.noonmark.time.Thermometer;
import org.tinylog.Logger;

/**
 * The sensor that the owner has named, with what he knows of its effect. What it shows is told in degrees that each change the
 * frequency alike, by {@link #EFFECT}, whatever the form of his curve. Between two readings, the last one. Used by the timing thread.
 */
final class OwnersThermometer implements Thermometer {
    private static final double PPB_PER_PPM = 1_000;

    /** So much that 10 ppm, the most that can be told, are 50 degrees. */
    private static final double PPB_PER_DEGREE = 200;

    /** What one such degree does; he may be wrong by a quarter, one sigma, and the pulses show it. */
    static final Learned.Term EFFECT = new Learned.Term(PPB_PER_DEGREE, PPB_PER_DEGREE / 4);

    /** Who is told of each reading that is used. */
    interface Readings {
        /** What the sensor shows, in its own unit, and the correction for it. */
        void add(double shown, double ppm);
    }

    private enum Told {
        NOTHING,
        USED,
        NOT_USED
    }

    private final TempComp known;
    private final ConfigFiles files;
    private final LongSupplier monotonicNanos;
    private final Readings readings;
    private long readNanos;
    private boolean started;
    private Told told = Told.NOTHING;
    private double degrees = Double.NaN;

    /** {@code files} must answer at once, whatever the sensor's file is, and so must {@code readings}. */
    OwnersThermometer(TempComp known, ConfigFiles files, LongSupplier monotonicNanos, Readings readings) {
        this.known = known;
        this.files = files;
        this.monotonicNanos = monotonicNanos;
        this.readings = readings;
    }

    @Override
    public double celsius() {
        long now = monotonicNanos.getAsLong();
        if (!started || now - readNanos >= known.intervalNanos()) {
            started = true;
            readNanos = now;
            degrees = read() * PPB_PER_PPM / PPB_PER_DEGREE;
        }
        return degrees;
    }

    /** The correction now, ppm; NaN where it is not known. */
    private double read() {
        return switch (files.read(known.sensor())) {
            case ConfigFiles.FileText.Unreadable(String reason) -> notUsed(reason, "name another file");
            case ConfigFiles.FileText.Text(String text) -> ppm(text.strip());
        };
    }

    private double ppm(String text) {
        double shown;
        try {
            shown = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return notUsed("it holds no number", "name another file");
        }
        double ppm = known.ppm(shown);
        if (Double.isNaN(ppm)) {
            return notUsed("'" + text + "' gives a correction beyond 10 ppm", "adjust K0 or the table");
        }
        if (told != Told.USED) {
            told = Told.USED;
            Logger.info("{}: the sensor of 'tempcomp' is used; it shows {}, for {} ppm", known.sensor(), text, ppm);
        }
        readings.add(shown, ppm);
        return ppm;
    }

    private double notUsed(String why, String cure) {
        if (told != Told.NOT_USED) {
            told = Told.NOT_USED;
            Logger.warn("{}: the sensor of 'tempcomp' is not used for now, {}: {}", known.sensor(), why, cure);
        }
        return Double.NaN;
    }
}
