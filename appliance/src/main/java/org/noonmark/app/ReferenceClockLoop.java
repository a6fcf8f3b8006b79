package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.noonmark.linux.CardClock;
import org.noonmark.linux.SampleSocket;
import org.noonmark.linux.TimeSegment;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsSource;
import org.noonmark.provisioning.PulseConfig;
import org.noonmark.provisioning.PulseLateness;
import org.noonmark.provisioning.ReferenceClockConfig;
import org.noonmark.provisioning.ReferenceClockConfig.Driver;
import org.noonmark.sources.ClockReading;
import org.tinylog.Logger;

/**
 * The thread of one clock at this machine: reads it and hands on what it shows. A clock that cannot be opened, or that is lost, is tried again;
 * the log is told once.
 */
final class ReferenceClockLoop implements Runnable {
    /** A clock that is open. */
    interface Reader extends AutoCloseable {
        /** Waits for the next reading; null: nothing came for a while. */
        @Nullable ClockReading next() throws IOException, InterruptedException;

        @Override
        void close();
    }

    /** Opens a clock. */
    interface Opener {
        Reader open() throws IOException;
    }

    private static final long RETRY_MILLIS = 10_000;
    private static final int WAIT_MILLIS = 500;

    private final String name;
    private final Opener opener;
    private final Consumer<ClockReading> sink;
    private String told = "";

    ReferenceClockLoop(String name, Opener opener, Consumer<ClockReading> sink) {
        this.name = name;
        this.opener = opener;
        this.sink = sink;
    }

    /**
     * The loop of a line.
     *
     * @param machine its clock, and its pulse devices
     */
    static ReferenceClockLoop of(ReferenceClockConfig line, Machine machine, Consumer<ClockReading> sink) {
        LongUnaryOperator ofKernelStamp = machine.clock()::ofKernelStamp;
        long interval = Math.round(Math.scalb(1e9, line.readLog2Seconds()));
        Opener opener = switch (line.driver()) {
            case Driver.SharedMemory segment -> () -> segment(segment, interval, ofKernelStamp);
            case Driver.Socket socket -> () -> socket(socket, ofKernelStamp);
            case Driver.Pulse pulse -> () -> pulses(machine.openPulses(config(line, pulse)));
            case Driver.NetworkCard card -> () -> card(card, interval, ofKernelStamp);
        };
        return new ReferenceClockLoop(line.referenceId(), opener, sink);
    }

    /** Of the thread. */
    String name() {
        return "refclock-" + name;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try (Reader reader = opener.open()) {
                    read(reader);
                } catch (IOException | RuntimeException e) {
                    // Whatever becomes of a clock beside it, the receiver is served on.
                    tell(e);
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Reader reader) throws IOException, InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            ClockReading reading = reader.next();
            if (reading != null) {
                if (!told.isEmpty()) {
                    told = "";
                    Logger.info("reference clock {}: it is read again", name);
                }
                sink.accept(reading);
            }
        }
    }

    private void tell(Exception trouble) {
        String now = Objects.toString(trouble.getMessage(), trouble.toString());
        if (!now.equals(told)) {
            told = now;
            Logger.warn("reference clock {} cannot be read: {}", name, now);
        }
    }

    private static Reader segment(Driver.SharedMemory line, long intervalNanos, LongUnaryOperator ofKernelStamp)
            throws IOException {
        TimeSegment segment = TimeSegment.open(line.unit(), line.permissions());
        return new Reader() {
            @Override
            public @Nullable ClockReading next() throws InterruptedException {
                Thread.sleep(intervalNanos / 1_000_000, (int) (intervalNanos % 1_000_000));
                return segment.take()
                        .map(sample -> new ClockReading(
                                ofKernelStamp.applyAsLong(sample.systemNanos()),
                                sample.clockNanos(),
                                false,
                                sample.leapIndicator()))
                        .orElse(null);
            }

            @Override
            public void close() {
                segment.close();
            }
        };
    }

    private static Reader socket(Driver.Socket line, LongUnaryOperator ofKernelStamp) throws IOException {
        SampleSocket socket = SampleSocket.open(Path.of(line.path()));
        return new Reader() {
            @Override
            public @Nullable ClockReading next() throws IOException {
                return socket.await(WAIT_MILLIS)
                        .map(sample -> new ClockReading(
                                ofKernelStamp.applyAsLong(sample.systemNanos()),
                                // chronyd takes the offset of a pulse the other way round than that of a sample.
                                sample.systemNanos() + (sample.pulse() ? -sample.offsetNanos() : sample.offsetNanos()),
                                sample.pulse(),
                                sample.leapIndicator()))
                        .orElse(null);
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    private static PulseConfig config(ReferenceClockConfig line, Driver.Pulse pulse) {
        return new PulseConfig(
                pulse.device(),
                pulse.edge(),
                line.referenceId(),
                line.pulses().widthNanos(),
                new PulseLateness(0, 0, OptionalLong.empty(), OptionalLong.empty()),
                OptionalInt.empty(),
                0);
    }

    private static Reader pulses(PpsSource source) {
        return new Reader() {
            @Override
            public @Nullable ClockReading next() throws IOException, InterruptedException {
                PpsEdge edge = source.await(Duration.ofMillis(WAIT_MILLIS));
                return edge == null ? null : ClockReading.pulse(edge.stampNanos());
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }

    private static Reader card(Driver.NetworkCard line, long intervalNanos, LongUnaryOperator ofKernelStamp)
            throws IOException {
        CardClock card = CardClock.open(line.device(), line.crossStamps());
        return new Reader() {
            @Override
            public ClockReading next() throws IOException, InterruptedException {
                Thread.sleep(intervalNanos / 1_000_000, (int) (intervalNanos % 1_000_000));
                CardClock.Reading reading = card.read();
                return new ClockReading(
                        ofKernelStamp.applyAsLong(reading.systemNanos()), reading.cardNanos(), false, 0);
            }

            @Override
            public void close() {
                card.close();
            }
        };
    }
}
