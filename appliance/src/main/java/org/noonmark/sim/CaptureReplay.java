package org.noonmark.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.noonmark.nmea.GpsEra;
import org.noonmark.sim.CaptureEpochs.Epoch;

/**
 * A recorded receiver, paced by the times that it tells: each report begins a set delay after its instant and takes as long as its line
 * needs. Where the recorded time jumps (the receiver learned the date, a gap of hours), the replay goes on a second later, and the world's
 * time is the one that most reports tell; so the jump is heard, and never lived.
 */
public final class CaptureReplay implements ReceiverScript {
    private static final long CENTI_NANOS = 10_000_000L;
    private static final long SECOND_CENTIS = 100;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** A longer silence is not waited for. */
    private static final long MAX_GAP_CENTIS = 60 * SECOND_CENTIS;

    private final NavigableMap<Long, List<Chunk>> bySecond = new TreeMap<>();

    /**
     * Plans the replay.
     *
     * @param capture as recorded; lines at its beginning that start with {@code #} or hold gpsd's JSON are not the receiver's and are left out
     * @param era repairs the capture's dates, as the daemon that listens will
     * @param line the speed of the line
     * @param delayNanos from the instant to the first bit of its report
     * @throws IllegalArgumentException when no message in it tells time and date
     */
    public CaptureReplay(byte[] capture, GpsEra era, SerialLine line, long delayNanos) {
        byte[] stream = withoutHeader(capture);
        List<Epoch> epochs = CaptureEpochs.of(stream, era);
        if (epochs.isEmpty()) {
            throw new IllegalArgumentException(
                    "the capture has no message that tells time and date (RMC, ZDA, NAV-PVT, NAV-TIMEUTC): it cannot be replayed");
        }
        long[] dueCentis = due(epochs);
        long freeNanos = Long.MIN_VALUE;
        for (int i = 0; i < epochs.size(); i++) {
            int end = i + 1 < epochs.size() ? epochs.get(i + 1).start() : stream.length;
            byte[] report = Arrays.copyOfRange(stream, epochs.get(i).start(), end);
            long start = Math.max(freeNanos, dueCentis[i] * CENTI_NANOS + delayNanos);
            freeNanos = start + line.nanosOf(report.length);
            bySecond.computeIfAbsent(Math.floorDiv(dueCentis[i], SECOND_CENTIS), _ -> new ArrayList<>())
                    .addAll(line.chunks(start, report));
        }
    }

    /** The first second with a report, seconds since 1970: the world may begin there. */
    public long firstSecond() {
        return bySecond.firstKey();
    }

    /** The last second with a report. */
    public long lastSecond() {
        return bySecond.lastKey();
    }

    /** When the last byte has arrived, true time, nanoseconds since 1970. */
    public long endNanos() {
        return bySecond.lastEntry().getValue().getLast().dueNanos();
    }

    @Override
    public List<Chunk> chunks(long utcSecond) {
        return bySecond.getOrDefault(utcSecond, List.of());
    }

    /** A pulse at every second of the capture, though nobody recorded them: the time that it tells had to come from somewhere. */
    @Override
    public boolean hasPulse(long utcSecond) {
        return utcSecond >= firstSecond() && utcSecond <= Math.floorDiv(endNanos(), NANOS_PER_SECOND);
    }

    /** When each epoch is due: steady, and at the time that the most epochs tell. */
    private static long[] due(List<Epoch> epochs) {
        long[] due = new long[epochs.size()];
        Map<Long, Integer> told = new HashMap<>();
        long mostTold = 0;
        for (int i = 0; i < due.length; i++) {
            if (i > 0) {
                long gap = epochs.get(i).utcCentis() - epochs.get(i - 1).utcCentis();
                due[i] = due[i - 1] + (gap > 0 && gap <= MAX_GAP_CENTIS ? gap : SECOND_CENTIS);
            }
            long shift = epochs.get(i).utcCentis() - due[i];
            told.merge(shift, 1, Integer::sum);
            mostTold = told.getOrDefault(shift, 0) > told.getOrDefault(mostTold, 0) ? shift : mostTold;
        }
        for (int i = 0; i < due.length; i++) {
            due[i] += mostTold;
        }
        return due;
    }

    private static byte[] withoutHeader(byte[] capture) {
        int start = 0;
        while (start < capture.length && isHeaderLine(capture, start)) {
            while (start < capture.length && capture[start] != '\n') {
                start++;
            }
            start = Math.min(start + 1, capture.length);
        }
        return Arrays.copyOfRange(capture, start, capture.length);
    }

    private static boolean isHeaderLine(byte[] capture, int start) {
        String beginning =
                new String(capture, start, Math.min(10, capture.length - start), StandardCharsets.ISO_8859_1);
        return beginning.startsWith("#") || beginning.startsWith("{\"class\":");
    }
}
