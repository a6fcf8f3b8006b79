package org.noonmark.nmea.serial;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The receiver's serial port, kept open: finds the speed, reads, and opens the device again after an unplug. {@link #run} is the
 * whole life of one thread; {@link #status} and {@link #redetect} may be called by any.
 */
public final class SerialPort {
    /** In the order in which they are tried: the factory settings of most receivers first. */
    public static final List<Integer> BAUDS = List.of(9600, 115200, 38400, 4800, 57600, 19200, 230400, 460800, 921600);

    /** A receiver that speaks once a second begins a burst in it, whenever it is entered, and ends its first frame. */
    private static final Duration DETECTION_DWELL = Duration.ofMillis(1500);

    private static final int BUFFER_BYTES = 4096;

    private final Path device;
    private final OptionalInt fixedBaud;
    private final Supplier<FrameProbe> probes;
    private final LongSupplier clockNanos;
    private final LongSupplier monotonicNanos;
    private final RetryDelay retryDelay;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int foundBaud;
    private volatile boolean redetect;
    private volatile PortStatus status;

    /**
     * Opens nothing yet.
     *
     * @param device such as {@code /dev/serial0}; a symbolic link is followed anew at each opening
     * @param fixedBaud the speed, or empty to find it
     * @param probes makes the judge of one speed
     * @param clockNanos the clock that stamps arrivals, nanoseconds since 1970
     * @param monotonicNanos a clock that is never stepped
     * @param retryDelay how long to wait before the device is opened again
     */
    public SerialPort(
            Path device,
            OptionalInt fixedBaud,
            Supplier<FrameProbe> probes,
            LongSupplier clockNanos,
            LongSupplier monotonicNanos,
            RetryDelay retryDelay) {
        this.device = device;
        this.fixedBaud = fixedBaud;
        this.probes = probes;
        this.clockNanos = clockNanos;
        this.monotonicNanos = monotonicNanos;
        this.retryDelay = retryDelay;
        this.status = new PortStatus(PortStatus.State.CLOSED, 0, device + ": not opened yet");
    }

    /**
     * Loads jSerialComm's native part now, so that a machine without it hears so at the start and not from the serial thread.
     *
     * @throws UnsatisfiedLinkError when it cannot be loaded; the message is one sentence with the reason and the cure
     */
    public static void requireNativeLibrary() {
        SerialLibrary.require();
    }

    /** Where it stands now; a complete value, never a mix. */
    public PortStatus status() {
        return status;
    }

    /**
     * Has the speed found anew: for a listener that gets bytes but no frames any more, because somebody has set the receiver to
     * another speed. Without effect on a fixed speed.
     */
    public void redetect() {
        redetect = true;
    }

    /**
     * Reads the port until the thread is interrupted; a missing or lost device is waited for.
     *
     * @throws UnsatisfiedLinkError when jSerialComm cannot load its native part; the message has the cure
     */
    public void run(PortListener listener) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                session(listener);
                Thread.sleep(retryDelay.nextMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            enter(PortStatus.State.CLOSED, status.baud(), device + ": closed");
        }
    }

    /** From opening to the loss of the device, or interruption. */
    private void session(PortListener listener) {
        int baud = fixedBaud.orElse(foundBaud != 0 ? foundBaud : BAUDS.getFirst());
        if (status.state() != PortStatus.State.GONE) {
            enter(PortStatus.State.OPENING, baud, device + ": being opened");
        }
        try (SerialLine line = SerialLine.open(device, baud)) {
            while (fixedBaud.isPresent() || detect(line)) {
                redetect = false;
                if (!read(line, fixedBaud.orElse(foundBaud), listener)) {
                    break;
                }
            }
            if (!Thread.currentThread().isInterrupted()) {
                enter(PortStatus.State.GONE, baud, PortFault.unplugged(device.toString()));
            }
        } catch (IOException e) {
            enter(PortStatus.State.GONE, baud, String.valueOf(e.getMessage()));
        }
    }

    /** Tries the speeds, the last good one first, round and round. False when the device is gone or the thread interrupted. */
    private boolean detect(SerialLine line) {
        while (true) {
            for (int baud : candidates()) {
                enter(
                        PortStatus.State.DETECTING,
                        baud,
                        device + ": looking for the receiver's speed, listening at " + baud + " baud");
                switch (listen(line, baud)) {
                    case FOUND -> {
                        foundBaud = baud;
                        return true;
                    }
                    case GONE -> {
                        return false;
                    }
                    case NOT_FOUND -> {}
                }
            }
        }
    }

    private enum Heard {
        FOUND,
        NOT_FOUND,
        GONE
    }

    private Heard listen(SerialLine line, int baud) {
        if (!line.changeBaud(baud)) {
            // Not a speed of this port, or the port is gone: a reading tells, and keeps this from spinning.
            return line.read(buffer) < 0 || Thread.currentThread().isInterrupted() ? Heard.GONE : Heard.NOT_FOUND;
        }
        FrameProbe probe = probes.get();
        long end = monotonicNanos.getAsLong() + DETECTION_DWELL.toNanos();
        while (monotonicNanos.getAsLong() - end < 0) {
            int count = line.read(buffer);
            if (count < 0 || Thread.currentThread().isInterrupted()) {
                return Heard.GONE;
            }
            if (probe.sawFrame(buffer, count)) {
                return Heard.FOUND;
            }
        }
        return Heard.NOT_FOUND;
    }

    private List<Integer> candidates() {
        if (foundBaud == 0) {
            return BAUDS;
        }
        List<Integer> order = new ArrayList<>(BAUDS);
        order.removeIf(baud -> baud == foundBaud);
        order.addFirst(foundBaud);
        return order;
    }

    /** Reads on. True when the speed is to be found anew, false when the device is gone or the thread interrupted. */
    private boolean read(SerialLine line, int baud, PortListener listener) {
        int pace = line.isPaced(fixedBaud.isPresent()) ? baud : 0;
        enter(
                PortStatus.State.READING,
                pace,
                device + ": reading" + (pace == 0 ? ", no speed of its own" : " at " + pace + " baud"));
        retryDelay.reset();
        listener.onConnected(pace, line::write);
        while (!Thread.currentThread().isInterrupted()) {
            int count = line.read(buffer);
            long arrivalNanos = clockNanos.getAsLong();
            if (count > 0) {
                listener.onBytes(buffer, count, arrivalNanos);
            } else {
                listener.onSilence();
            }
            if (count < 0) {
                return false;
            }
            if (redetect && fixedBaud.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void enter(PortStatus.State state, int baud, String why) {
        PortStatus now = status;
        if (now.state() != state || now.baud() != baud || !now.why().equals(why)) {
            status = new PortStatus(state, baud, why);
        }
    }
}
