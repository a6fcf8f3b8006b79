package org.noonmark.pps.poll;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsEdge.Polarity;
import org.noonmark.pps.PpsSource;

/**
 * Pulses of a pin that is polled: first now and then, until a pulse is seen, then closely around the moment at which the next is due.
 * A pulse whose bracket is wide, because something else took the processor, is not told. Never run on a board so far.
 */
public final class PolledPps implements PpsSource {
    /** Sleeps; tests let their clock run on instead. */
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    /** A wider bracket was interrupted; an uninterrupted reading of pin and clock takes about a microsecond. */
    static final long WIDEST_NANOS = 5_000;

    /** So long before and after the expected moment the pin is watched: what a clock 500 ppm off drifts in a second, and a late wake-up. */
    private static final long WINDOW_NANOS = 1_500_000;

    /** How often the pin is looked at while nothing is known of the pulses. */
    private static final long SEARCH_PERIOD_NANOS = 200_000;

    /** Seconds without a pulse after which the search begins anew. */
    private static final int MISSES = 3;

    private static final long SECOND = 1_000_000_000L;

    private final String name;
    private final GpioLevel pin;
    private final EdgeSearch search;
    private final Polarity edge;
    private final LongSupplier clockNanos;
    private final LongSupplier monotonicNanos;
    private final Sleeper sleeper;
    private final Runnable release;
    private boolean known;
    private long expectedNanos;
    private int misses;
    private long sequence;
    private long bracketNanos;
    private long wide;
    private volatile boolean closed;

    PolledPps(
            String name,
            GpioLevel pin,
            Polarity edge,
            LongSupplier clockNanos,
            LongSupplier monotonicNanos,
            Sleeper sleeper,
            Runnable release) {
        this.name = name;
        this.pin = pin;
        this.edge = edge;
        this.clockNanos = clockNanos;
        this.monotonicNanos = monotonicNanos;
        this.sleeper = sleeper;
        this.release = release;
        search = new EdgeSearch(pin, clockNanos, edge == Polarity.ASSERT);
    }

    /**
     * Opens the registers of a Pi 3 or 4.
     *
     * @param gpio the pin that the pulses reach, 0 to 27
     * @param edge ASSERT: the rising edge
     * @param model as {@code /proc/device-tree/model} has it
     * @param clockNanos the clock that stamps, nanoseconds since 1970
     * @param monotonicNanos a clock that is never set
     * @throws IOException with reason and cure
     */
    public static PolledPps open(
            int gpio, Polarity edge, String model, LongSupplier clockNanos, LongSupplier monotonicNanos)
            throws IOException {
        GpioMemory memory = GpioMemory.open(model);
        GpioRegisters pin = new GpioRegisters(memory, gpio);
        if (!pin.isInput()) {
            memory.close();
            throw new IOException("GPIO " + gpio + " is no input; name the pin of the pulses after 'pps-poll'");
        }
        return new PolledPps(
                "GPIO " + gpio,
                pin,
                edge,
                clockNanos,
                monotonicNanos,
                nanos -> Thread.sleep(Duration.ofNanos(nanos)),
                memory::close);
    }

    @Override
    public @Nullable PpsEdge await(Duration timeout) throws IOException, InterruptedException {
        long deadline = monotonicNanos.getAsLong() + timeout.toNanos();
        while (monotonicNanos.getAsLong() - deadline < 0) {
            if (closed) {
                throw new IOException(name + ": closed");
            }
            if (!known) {
                seek(deadline);
            } else if (catchNext()) {
                return new PpsEdge(search.stampNanos(), ++sequence, edge);
            }
        }
        return null;
    }

    /** Width of the bracket around the last edge that was told, nanoseconds: the true edge lies within half of it. */
    public long bracketNanos() {
        return bracketNanos;
    }

    /** Pulses that were not told because their bracket was wide. */
    public long wide() {
        return wide;
    }

    @Override
    public String name() {
        return name;
    }

    /** To be called by the thread that polls, or after its end: nobody may read what is released here. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }

    /** Looks now and then until the pin turns active. */
    private void seek(long deadline) throws InterruptedException {
        boolean idle = false;
        while (monotonicNanos.getAsLong() - deadline < 0) {
            boolean active = pin.isHigh() == (edge == Polarity.ASSERT);
            if (active && idle) {
                known = true;
                misses = 0;
                expectedNanos = clockNanos.getAsLong() + SECOND;
                return;
            }
            idle = !active;
            sleeper.sleep(SEARCH_PERIOD_NANOS);
        }
    }

    private boolean catchNext() throws InterruptedException {
        long aheadNanos = expectedNanos - WINDOW_NANOS - clockNanos.getAsLong();
        if (Math.abs(aheadNanos) > 2 * SECOND) {
            known = false; // the clock was set
            return false;
        }
        if (aheadNanos > 0) {
            sleeper.sleep(aheadNanos);
        }
        if (search.lookUntil(expectedNanos + WINDOW_NANOS) != EdgeSearch.Outcome.FOUND) {
            misses++;
            known = misses < MISSES;
            expectedNanos += SECOND;
            return false;
        }
        misses = 0;
        expectedNanos = search.stampNanos() + SECOND;
        bracketNanos = search.bracketNanos();
        boolean narrow = bracketNanos >= 0 && bracketNanos <= WIDEST_NANOS;
        wide += narrow ? 0 : 1;
        return narrow;
    }
}
