package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.linux.InstanceLock;
import org.noonmark.linux.KernelClock;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.OverlayClock;
import org.noonmark.linux.ThermalZone;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsSource;
import org.noonmark.pps.kernel.KernelPps;
import org.noonmark.provisioning.PulseConfig;
import org.noonmark.time.SteerableClock;
import org.noonmark.time.Thermometer;

/** The machine that the daemon runs on. */
public final class LinuxMachine implements Machine, AutoCloseable {
    /** One for the machine, as its clock is: whatever sockets and ports two daemons were given, only one may steer. */
    private static final Path CLOCK_LOCK = Path.of("/run/noonmark/clock.lock");

    /** Beside it, for the unit keeps that directory when the daemon ends. */
    private static final Path CLOCK_MARK = CLOCK_LOCK.resolveSibling("clock.unproven");

    private static final Path MODEL = Path.of("/proc/device-tree/model");
    private static final Path SERIAL = Path.of("/proc/device-tree/serial-number");

    private final SteerableClock clock;
    private final Optional<InstanceLock> lock;
    private final Thermometer thermometer = ThermalZone.ofProcessor();

    private LinuxMachine(SteerableClock clock, Optional<InstanceLock> lock) {
        this.clock = clock;
        this.lock = lock;
    }

    /**
     * A machine whose clock is ours to set.
     *
     * @param rtcSync whether the kernel is told when it is right, and copies it to the real-time clock
     * @throws InstanceLock.HeldException when another daemon steers it already
     * @throws IOException when it is not ours to set; the message has the cure
     */
    public static LinuxMachine withClockControl(boolean rtcSync) throws IOException {
        KernelClock.requireRight();
        Files.createDirectories(CLOCK_LOCK.getParent());
        // First the lock: what steers the clock now may be another daemon, and opening the clock takes it over.
        InstanceLock lock =
                InstanceLock.acquire(CLOCK_LOCK, ProcessHandle.current().pid());
        return new LinuxMachine(KernelClock.open(rtcSync), Optional.of(lock));
    }

    /** A machine whose clock is left alone ({@code -x}): what is served is a corrected copy of it. */
    public static LinuxMachine withoutClockControl() {
        return new LinuxMachine(new OverlayClock(LinuxTime::realtimeNanos), Optional.empty());
    }

    @Override
    public SteerableClock clock() {
        return clock;
    }

    @Override
    public boolean steersClock() {
        return lock.isPresent();
    }

    @Override
    public Thermometer thermometer() {
        return thermometer;
    }

    @Override
    public String boardModel() {
        return firmwareText(MODEL);
    }

    @Override
    public String boardSerial() {
        return firmwareText(SERIAL);
    }

    private static String firmwareText(Path file) {
        try {
            return Files.readString(file).replace("\0", "");
        } catch (IOException e) {
            return ""; // no device tree: a PC
        }
    }

    @Override
    public Optional<Path> clockMark() {
        return lock.map(_ -> CLOCK_MARK);
    }

    @Override
    public PpsSource openPulses(PulseConfig pulse) throws IOException {
        PpsEdge.Polarity edge = switch (pulse.edge()) {
            case ASSERT -> PpsEdge.Polarity.ASSERT;
            case CLEAR -> PpsEdge.Polarity.CLEAR;
        };
        return new InClockTime(KernelPps.open(Path.of(pulse.device()), edge, LinuxTime::monotonicNanos));
    }

    /** Lets another daemon have the clock. */
    @Override
    public void close() {
        lock.ifPresent(InstanceLock::close);
    }

    /** The kernel's stamps told in the clock that is served: the same, unless that clock is a corrected copy. */
    private final class InClockTime implements PpsSource {
        private final PpsSource kernel;

        InClockTime(PpsSource kernel) {
            this.kernel = kernel;
        }

        @Override
        public @Nullable PpsEdge await(Duration timeout) throws IOException, InterruptedException {
            PpsEdge edge = kernel.await(timeout);
            return edge == null ? null : edge.moved(clock.ofKernelStamp(edge.stampNanos()) - edge.stampNanos());
        }

        @Override
        public String name() {
            return kernel.name();
        }

        @Override
        public void close() {
            kernel.close();
        }
    }
}
