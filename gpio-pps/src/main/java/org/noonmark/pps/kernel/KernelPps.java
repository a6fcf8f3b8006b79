package org.noonmark.pps.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsEdge.Polarity;
import org.noonmark.pps.PpsSource;

/**
 * Pulses of {@code /dev/ppsN}: the kernel stamps the edge in its interrupt, this class fetches the stamp. Edges from before the
 * opening are not told. Of edges that came while nobody waited only the newest is told; the gap shows in the sequence.
 */
public final class KernelPps implements PpsSource {
    /** How long one call of the kernel may wait: so late are interruption and close noticed. */
    private static final long SLICE_NANOS = 250_000_000L;

    /** Below a tick of the kernel's timer (10 ms at HZ 100) PPS_FETCH does not wait at all; this keeps the last slice from spinning. */
    private static final long MIN_SLICE_NANOS = 20_000_000L;

    private final String name;
    private final PpsDevice device;
    private final Polarity edge;
    private final LongSupplier monotonicNanos;
    private final PpsApi.Fetch fetch;

    /**
     * Held during each call of the kernel, so that the descriptor is never closed (and used again by another) under it. Fair: the
     * waiting thread takes it again at once, and close must get in between.
     */
    private final ReentrantLock inUse = new ReentrantLock(true);

    private boolean closed;
    private long sequence;
    private long lastStampNanos; // 0: before the first edge

    KernelPps(String name, PpsDevice device, Polarity edge, LongSupplier monotonicNanos) throws IOException {
        this.name = name;
        this.device = device;
        this.edge = edge;
        this.monotonicNanos = monotonicNanos;
        this.fetch = new PpsApi.Fetch(edge);
        prepare();
        fetch.timeoutNanos(0);
        require(device.ioctl(PpsApi.PPS_FETCH, fetch.bytes));
        sequence = fetch.sequence() & 0xffff_ffffL;
    }

    /**
     * Opens the device and makes it capture {@code edge}. Changing what the device captures needs CAP_SYS_TIME; the assert edge of
     * pps-gpio is captured from the start.
     *
     * @param monotonicNanos a clock that is never stepped, for the timeout
     * @throws IOException when there is no such device, no permission, it is no PPS device, or it cannot capture that edge
     * @throws UnsatisfiedLinkError when JNA cannot load its native part; the message has the cure
     */
    public static KernelPps open(Path path, Polarity edge, LongSupplier monotonicNanos) throws IOException {
        CharacterDevice device = CharacterDevice.open(path);
        try {
            return new KernelPps(path.toString(), device, edge, monotonicNanos);
        } catch (IOException e) {
            device.close();
            throw e;
        }
    }

    @Override
    public @Nullable PpsEdge await(Duration timeout) throws IOException, InterruptedException {
        long deadline = monotonicNanos.getAsLong() + timeout.toNanos();
        // What came between two calls is there without waiting; PPS_FETCH itself waits only for what comes during the
        // call.
        PpsEdge found = fetchWithin(0);
        while (found == null) {
            long remaining = deadline - monotonicNanos.getAsLong();
            if (remaining <= 0) {
                requirePresent();
                return null;
            }
            found = fetchWithin(Math.clamp(remaining, MIN_SLICE_NANOS, SLICE_NANOS));
            if (found == null) {
                found = fetchWithin(0);
            }
        }
        return found;
    }

    @Override
    public String name() {
        return name;
    }

    /** A thread in {@link #await} gets an IOException within a quarter of a second. */
    @Override
    public void close() {
        inUse.lock();
        try {
            if (!closed) {
                closed = true;
                device.close();
            }
        } finally {
            inUse.unlock();
        }
    }

    private @Nullable PpsEdge fetchWithin(long nanos) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("waiting for a pulse on " + name);
        }
        fetch.timeoutNanos(nanos);
        int result;
        inUse.lock();
        try {
            if (closed) {
                throw new IOException(name + ": closed");
            }
            result = device.ioctl(PpsApi.PPS_FETCH, fetch.bytes);
        } finally {
            inUse.unlock();
        }
        if (result == -PpsDevice.ETIMEDOUT || result == -PpsDevice.EINTR) {
            return null;
        }
        require(result);
        long grown = (fetch.sequence() - sequence) & 0xffff_ffffL;
        if (grown == 0) {
            return null;
        }
        sequence += grown;
        long stamp = fetch.stampNanos();
        long width = grown == 1 ? widthBefore(stamp) : 0;
        lastStampNanos = stamp;
        return new PpsEdge(stamp, sequence, edge, width);
    }

    /** From the edge before to the opposite one after it, where the device stamps both. */
    private long widthBefore(long stampNanos) {
        long other = fetch.otherStampNanos();
        return lastStampNanos != 0 && other > lastStampNanos && other < stampNanos ? other - lastStampNanos : 0;
    }

    private void prepare() throws IOException {
        PpsApi.Capabilities capabilities = new PpsApi.Capabilities();
        int known = device.ioctl(PpsApi.PPS_GETCAP, capabilities.bytes);
        if (known == -PpsDevice.ENOTTY || known == -PpsDevice.EINVAL) {
            throw new IOException(name + ": not a PPS device; name one such as /dev/pps0");
        }
        require(known);
        if ((capabilities.flags() & PpsApi.PPS_CANWAIT) == 0) {
            throw new IOException(name + ": its driver cannot wait for a pulse; use a pps-gpio or pps-ldisc device");
        }
        if (!capabilities.canCapture(edge)) {
            throw new IOException(name
                    + switch (edge) {
                        case CLEAR ->
                            ": it does not capture the clear edge; use the assert edge; for the falling one, set assert_falling_edge on the pps-gpio overlay";
                        case ASSERT -> ": it does not capture the assert edge; use the clear edge";
                    });
        }
        PpsApi.Params params = new PpsApi.Params();
        require(device.ioctl(PpsApi.PPS_GETPARAMS, params.bytes));
        if (params.capturePlain(edge)) {
            require(device.ioctl(PpsApi.PPS_SETPARAMS, params.bytes));
        }
        Polarity other = edge == Polarity.ASSERT ? Polarity.CLEAR : Polarity.ASSERT;
        if (capabilities.canCapture(other) && params.captureToo(other)) {
            // Only the width of the pulse is lost without it: a refusal is none of ours.
            device.ioctl(PpsApi.PPS_SETPARAMS, params.bytes);
        }
    }

    private void requirePresent() throws IOException {
        if (!device.present()) {
            throw vanished();
        }
    }

    private void require(int result) throws IOException {
        if (result >= 0) {
            return;
        }
        throw switch (-result) {
            case PpsDevice.ENODEV, PpsDevice.ENXIO, PpsDevice.EIO -> vanished();
            case PpsDevice.EPERM ->
                new IOException(
                        name
                                + ": choosing what it captures needs CAP_SYS_TIME; run as root or give the service that capability");
            default -> new IOException(name + ": the PPS driver refused, errno " + -result);
        };
    }

    private IOException vanished() {
        return new IOException(
                name + ": the device is gone; its driver was unloaded or its port unplugged, plug it in again");
    }
}
