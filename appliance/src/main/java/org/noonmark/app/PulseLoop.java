package org.noonmark.app;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.noonmark.linux.LinuxTime;
import org.noonmark.pps.EdgeGuard;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsSource;
import org.noonmark.provisioning.PulseConfig;
import org.tinylog.Logger;

/** The pps thread: opens the pulse device, waits for edges and hands them on; opens it again when it is lost. */
final class PulseLoop implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration REOPEN = Duration.ofSeconds(2);
    /** Silence is worth a sentence only when it is longer than one missed pulse. */
    private static final long SILENT_AFTER_SECONDS = 5;

    private final Machine machine;
    private final PulseConfig config;
    private final Consumer<TimingEvent> timing;
    private final Consumer<PpsEdge> alsoHears;
    private volatile String trouble = "";
    private long lastEdgeNanos;

    /** Edges go to {@code timing}, and as they are stamped to {@code alsoHears}. */
    PulseLoop(Machine machine, PulseConfig config, Consumer<TimingEvent> timing, Consumer<PpsEdge> alsoHears) {
        this.machine = machine;
        this.config = config;
        this.timing = timing;
        this.alsoHears = alsoHears;
    }

    /** One plain sentence, what is wrong and the cure; empty while edges come. Any thread may ask. */
    String trouble() {
        return trouble;
    }

    @Override
    public void run() {
        try {
            while (!Thread.interrupted()) {
                try (PpsSource source = machine.openPulses(config)) {
                    lastEdgeNanos = LinuxTime.monotonicNanos();
                    read(source);
                } catch (IOException e) {
                    say(String.valueOf(e.getMessage()));
                    Thread.sleep(REOPEN);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(PpsSource source) throws IOException, InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            @Nullable PpsEdge edge = source.await(PATIENCE);
            long now = LinuxTime.monotonicNanos();
            if (edge == null) {
                long silentSeconds = (now - lastEdgeNanos) / 1_000_000_000L;
                if (silentSeconds >= SILENT_AFTER_SECONDS) {
                    sayOnce(EdgeGuard.silence(source.name(), silentSeconds));
                }
            } else {
                lastEdgeNanos = now;
                if (!trouble.isEmpty()) {
                    Logger.info("pulses come from {} again", source.name());
                    trouble = "";
                }
                timing.accept(new TimingEvent.Edge(edge, now));
                alsoHears.accept(edge);
            }
        }
    }

    /** A new trouble is logged; the same one told again is not. */
    private void say(String sentence) {
        if (!sentence.equals(trouble)) {
            Logger.warn(sentence);
            trouble = sentence;
        }
    }

    /** Like {@link #say}, for a sentence that counts: the first is logged, the later ones only shown. */
    private void sayOnce(String sentence) {
        if (trouble.isEmpty()) {
            Logger.warn(sentence);
        }
        trouble = sentence;
    }
}
