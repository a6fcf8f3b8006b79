package org.noonmark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.noonmark.discipline.Learned;
import org.noonmark.provisioning.TempComp;
import org.noonmark.time.Thermometer;
import org.tinylog.Logger;

/**
 * The sensor that the owner has named, with what he knows of its effect. What it shows is told in degrees that each change the
 * frequency alike, by {@link #EFFECT}, whatever the form of his curve. Between two readings, the last one. Used by the timing thread.
 */
final class OwnersThermometer implements Thermometer {
    private static final double PPB_PER_PPM = 1_000;

    /** So small that 10 ppm, the most that can be told, are 50 degrees. */
    private static final double PPB_PER_DEGREE = 200;

    /** What one such degree does; he may be wrong by a quarter, one sigma, and the pulses show it. */
    static final Learned.Term EFFECT = new Learned.Term(PPB_PER_DEGREE, PPB_PER_DEGREE / 4);

    private final TempComp known;
    private final Path sensor;
    private final LongSupplier monotonicNanos;
    private long readNanos;
    private boolean started;
    private boolean failed;
    private double degrees = Double.NaN;

    OwnersThermometer(TempComp known, LongSupplier monotonicNanos) {
        this.known = known;
        sensor = Path.of(known.sensor());
        this.monotonicNanos = monotonicNanos;
    }

    @Override
    public double celsius() {
        long now = monotonicNanos.getAsLong();
        if (!started || now - readNanos >= known.intervalNanos()) {
            started = true;
            readNanos = now;
            degrees = read();
        }
        return degrees;
    }

    private double read() {
        String trouble;
        try {
            String text = Files.readString(sensor, StandardCharsets.US_ASCII).strip();
            double ppm = known.ppm(Double.parseDouble(text));
            if (!Double.isNaN(ppm)) {
                failed = false;
                return ppm * PPB_PER_PPM / PPB_PER_DEGREE;
            }
            trouble = "'" + text + "' gives a correction beyond 10 ppm, adjust K0 or the table";
        } catch (NumberFormatException e) {
            trouble = "it holds no number, name another file";
        } catch (IOException e) {
            trouble = e + ", name another file or look after the sensor";
        }
        if (!failed) {
            Logger.warn("{}: the sensor of 'tempcomp' is not used for now: {}", sensor, trouble);
        }
        failed = true;
        return Double.NaN;
    }
}
