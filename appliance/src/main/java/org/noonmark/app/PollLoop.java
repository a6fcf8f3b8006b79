package org.noonmark.app;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.pps.BiasMeter;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.StampLatency;
import org.noonmark.pps.poll.PolledPps;
import org.noonmark.provisioning.PulseConfig;
import org.tinylog.Logger;

/**
 * The poll thread: watches the pin of the pulses beside the kernel, to measure how late the kernel stamps them. A pin that cannot be
 * polled costs the measurement alone.
 */
final class PollLoop implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How often what was measured is worked out anew. */
    private static final int PULSES_PER_RESULT = 60;

    /** A new figure counts when it is this much surer, or outside of half of the doubt of the one before. */
    private static final double SURER = 0.8;

    private final int gpio;
    private final PpsEdge.Polarity edge;
    private final String boardModel;
    private final LongSupplier clockNanos;
    private final LongSupplier monotonicNanos;
    private final BiasMeter meter;
    private volatile @Nullable StampLatency measured;

    /**
     * @param gpio the pin that the pulses reach
     * @param clockNanos the clock that the kernel's stamps are told in
     */
    PollLoop(int gpio, PulseConfig pulse, String boardModel, LongSupplier clockNanos, LongSupplier monotonicNanos) {
        this.gpio = gpio;
        this.boardModel = boardModel;
        this.clockNanos = clockNanos;
        this.monotonicNanos = monotonicNanos;
        edge = pulse.edge() == PulseConfig.Edge.ASSERT ? PpsEdge.Polarity.ASSERT : PpsEdge.Polarity.CLEAR;
        meter = new BiasMeter("GPIO " + gpio);
    }

    /** The kernel stamped an edge. Any thread may say so. */
    void onKernelEdge(PpsEdge stamped) {
        meter.onKernelEdge(stamped.stampNanos());
    }

    /** The clock was stepped. Any thread may say so. */
    void onStepped() {
        meter.onStepped();
    }

    /** What was found; empty while too little was seen. Any thread may ask. */
    Optional<StampLatency> measured() {
        return Optional.ofNullable(measured);
    }

    @Override
    public void run() {
        try (PolledPps pulses = PolledPps.open(gpio, edge, boardModel, clockNanos, monotonicNanos)) {
            Logger.info("GPIO {} is polled beside the kernel's pulse device", gpio);
            for (int heard = 0; !Thread.currentThread().isInterrupted(); ) {
                PpsEdge seen = pulses.await(PATIENCE);
                if (seen != null) {
                    meter.onPolledEdge(seen.stampNanos(), pulses.bracketNanos());
                    heard++;
                    if (heard % PULSES_PER_RESULT == 0) {
                        meter.latency().ifPresent(this::consider);
                    }
                }
            }
        } catch (IOException e) {
            Logger.warn("the delay of stamps is not measured: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each change moves the clock a little: small ones are left. */
    private void consider(StampLatency now) {
        StampLatency before = measured;
        boolean news = before == null
                || now.uncertaintyNanos() < SURER * before.uncertaintyNanos()
                || Math.abs(now.meanNanos() - before.meanNanos()) > before.uncertaintyNanos() / 2;
        if (news) {
            measured = now;
            Logger.info(
                    "the kernel stamps pulses {} ns late, +/- {} ns, {}",
                    now.meanNanos(),
                    now.uncertaintyNanos(),
                    now.source());
        }
    }
}
