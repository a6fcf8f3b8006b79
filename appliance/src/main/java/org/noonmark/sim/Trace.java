package org.noonmark.sim;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A simulated day of one crystal and one receiver, second by second: the CSV of the clock bench. Lines that begin with {@code #} are
 * notes {@code key=value}; then a header; then one row per true second: {@code k,f_ppb,pps_ns,q_ns,temp_c,nmea_s,nmea_ms,kind}.
 *
 * @param name scenario and seed, as the file is named
 * @param initialErrorNanos local minus true at the start
 * @param outages stretches without edges
 * @param rows one per second
 */
public record Trace(String name, long initialErrorNanos, List<Outage> outages, List<Row> rows) {
    /** No edges from {@code startSecond} on, for {@code seconds}. */
    public record Outage(int startSecond, int seconds) {}

    /**
     * One true second.
     *
     * @param oscillatorPpb frequency error of the free clock over it
     * @param edgeErrorNanos how late the edge at its start was stamped; empty: no edge
     * @param quantisationNanos the part of that which the receiver announced
     * @param celsius what the processor's sensor shows at its start
     * @param labelErrorSeconds by how much the label of that edge was wrong; empty: no label
     * @param labelDelayMillis arrival of the label after the edge
     */
    public record Row(
            double oscillatorPpb,
            OptionalDouble edgeErrorNanos,
            double quantisationNanos,
            double celsius,
            OptionalInt labelErrorSeconds,
            double labelDelayMillis) {}

    private static final Pattern OUTAGE = Pattern.compile("\\((\\d+), (\\d+)\\)");
    private static final int COLUMNS = 8;

    public Trace {
        outages = List.copyOf(outages);
        rows = List.copyOf(rows);
    }

    /**
     * Reads a trace.
     *
     * @param name scenario and seed
     * @throws IOException when {@code lines} cannot be read or hold no trace; the message names the line
     */
    public static Trace read(String name, BufferedReader lines) throws IOException {
        long initialErrorNanos = 0;
        List<Outage> outages = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                if (line.startsWith("# off_s=")) {
                    initialErrorNanos = Math.round(Double.parseDouble(line.substring(8)) * 1e9);
                } else if (line.startsWith("# gaps=")) {
                    OUTAGE.matcher(line).results().map(Trace::outage).forEach(outages::add);
                } else if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                    rows.add(row(line));
                }
            } catch (IllegalArgumentException e) {
                String expected = "not a row of a clock trace (k,f_ppb,pps_ns,q_ns,temp_c,nmea_s,nmea_ms,kind)";
                throw new IOException(name + ":" + number + ": " + expected + ": " + line, e);
            }
        }
        if (rows.isEmpty()) {
            throw new IOException(name + ": no row of a clock trace in it");
        }
        return new Trace(name, initialErrorNanos, outages, rows);
    }

    private static Outage outage(MatchResult match) {
        return new Outage(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
    }

    private static Row row(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != COLUMNS) {
            throw new IllegalArgumentException("columns: " + Arrays.toString(fields));
        }
        return new Row(
                Double.parseDouble(fields[1]),
                fields[2].isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(fields[2])),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]),
                fields[5].isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(fields[5])),
                Double.parseDouble(fields[6]));
    }
}
