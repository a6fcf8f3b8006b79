package org.noonmark.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.Witness;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.PseudoTerminal;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsSource;
import org.noonmark.provisioning.PulseConfig;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SimulatedClock;
import org.noonmark.sim.SimulatedWitness;
import org.noonmark.time.SteerableClock;
import org.noonmark.time.Thermometer;

/**
 * A machine in a simulated world: its own true time, which runs at the host's pace; a clock with a crystal; a receiver that speaks on a
 * real pseudo-terminal; pulses whose stamps are computed, so that a late host does not spoil them. The host's clock is only read.
 */
public final class SimulatedMachine implements Machine, AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** So often a receiver that is not talking looks whether it was spoken to. */
    private static final Duration EARS_PERIOD = Duration.ofMillis(5);

    private final long startTrueNanos;
    private final long startMonotonicNanos;
    private final ReceiverScript receiver;
    private final SimulatedClock clock;
    private final PulseModel pulseModel;
    private final PseudoTerminal terminal;
    private final Thread speaker;

    /**
     * Starts the world.
     *
     * @param startTrueNanos its true time at the start, nanoseconds since 1970
     * @param startMonotonicNanos what the host's monotonic clock ({@link LinuxTime#monotonicNanos}) showed at that start
     * @param clockErrorNanos clock minus true time at the start
     * @param crystal of the clock
     * @param receiver what it says and when it pulses
     * @param pulses how the edges are stamped
     * @param seed of the pulses
     * @throws IOException when the host has no pseudo-terminal left
     */
    public SimulatedMachine(
            long startTrueNanos,
            long startMonotonicNanos,
            long clockErrorNanos,
            Oscillator crystal,
            ReceiverScript receiver,
            PulseModel.Noise pulses,
            long seed)
            throws IOException {
        this.startTrueNanos = startTrueNanos;
        this.receiver = receiver;
        this.startMonotonicNanos = startMonotonicNanos;
        clock = new SimulatedClock(this::trueNanos, LinuxTime::realtimeNanos, crystal, clockErrorNanos);
        pulseModel = new PulseModel(clock, pulses, seed);
        terminal = PseudoTerminal.open();
        speaker = Thread.ofPlatform().name("simulated-receiver").daemon().start(this::speak);
    }

    /** The world's true time, nanoseconds since 1970. */
    public long trueNanos() {
        return startTrueNanos + LinuxTime.monotonicNanos() - startMonotonicNanos;
    }

    /** Clock minus true time: what only a simulation can know. */
    public long clockErrorNanos() {
        return clock.errorNanos();
    }

    /** Where the receiver speaks. */
    public Path receiverDevice() {
        return terminal.path();
    }

    @Override
    public SteerableClock clock() {
        return clock;
    }

    /** A simulated crystal feels no warmth. */
    @Override
    public Thermometer thermometer() {
        return Thermometer.NONE;
    }

    /** No board: its stamps are late by what the simulation was told, and nobody knows it. */
    @Override
    public String boardModel() {
        return "";
    }

    @Override
    public List<Witness> witnesses() {
        return List.of(SimulatedWitness.ofServer(clock, this::trueNanos));
    }

    @Override
    public PpsSource openPulses(PulseConfig pulse) {
        return new Pulses(pulse.device());
    }

    /** Ends the receiver; the clock runs on. */
    @Override
    public void close() {
        speaker.interrupt();
        terminal.close();
    }

    private void speak() {
        try {
            // The second that is running has begun before anybody listened.
            for (long second = Math.floorDiv(trueNanos(), NANOS_PER_SECOND) + 1; ; second++) {
                for (ReceiverScript.Chunk chunk : receiver.chunks(second)) {
                    sleepUntil(chunk.dueNanos());
                    terminal.write(chunk.bytes(), chunk.bytes().length);
                }
                listenUntil(second * NANOS_PER_SECOND + NANOS_PER_SECOND * 9 / 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Between two bursts the receiver hears and answers. */
    private void listenUntil(long dueTrueNanos) throws IOException, InterruptedException {
        byte[] heard = new byte[256];
        do {
            for (int count = terminal.read(heard); count > 0; count = terminal.read(heard)) {
                byte[] answer = receiver.hear(Arrays.copyOf(heard, count));
                terminal.write(answer, answer.length);
            }
            Thread.sleep(EARS_PERIOD);
        } while (trueNanos() < dueTrueNanos);
    }

    private void sleepUntil(long dueTrueNanos) throws InterruptedException {
        long left = dueTrueNanos - trueNanos();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    /** The pulse line. */
    private final class Pulses implements PpsSource {
        private final String name;
        private final Deque<PulseModel.Stamp> coming = new ArrayDeque<>();
        private long nextSecond = Math.floorDiv(trueNanos(), NANOS_PER_SECOND) + 1;
        private long sequence;

        Pulses(String name) {
            this.name = name;
        }

        @Override
        public @Nullable PpsEdge await(Duration timeout) throws InterruptedException {
            long deadline = trueNanos() + timeout.toNanos();
            while (coming.isEmpty() && nextSecond * NANOS_PER_SECOND <= deadline) {
                // Only the second itself knows whether it is pulsed: its stamps hang on what the clock does until then.
                sleepUntil(nextSecond * NANOS_PER_SECOND);
                if (receiver.hasPulse(nextSecond)) {
                    coming.addAll(pulseModel.edgesOf(nextSecond));
                }
                nextSecond++;
            }
            PulseModel.Stamp stamp = coming.poll();
            if (stamp == null) {
                sleepUntil(deadline);
                return null;
            }
            sleepUntil(stamp.trueNanos());
            return new PpsEdge(stamp.stampNanos(), ++sequence, PpsEdge.Polarity.ASSERT);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void close() {}
    }
}
