package org.noonmark.rig;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SimulatedReceiver;

/**
 * A GPS receiver outside the machine: it speaks NMEA into the socket behind the machine's serial port, by this host's clock, and may
 * pulse by QEMU's machine protocol, which raises the line that the power key has on {@code virt}. The pulses are as late as host and
 * emulator make them, often milliseconds: they show that things work, not how well.
 */
final class HostReceiver implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final SocketChannel serial;
    private final @Nullable SocketChannel machine;
    private final ReceiverScript script = new SimulatedReceiver(
            // A burst that comes late and steadily, as real ones do; slow enough for the emulated port.
            ReceiverOptions.DEFAULT.withLine(9_600, 1).withDelay(120_000_000, 5_000_000));

    private final Thread speech = new Thread(this::speak, "rig-nmea");
    private final Thread pulse = new Thread(this::pulse, "rig-pulse");
    private final Thread ears = new Thread(this::hear, "rig-ears");
    private volatile boolean closed;

    private HostReceiver(SocketChannel serial, @Nullable SocketChannel machine) {
        this.serial = serial;
        this.machine = machine;
    }

    /** Begins to speak, without pulses. */
    static HostReceiver speaking(Path serialSocket) throws IOException {
        return start(new HostReceiver(connect(serialSocket), null));
    }

    /** Begins to speak and to pulse. */
    static HostReceiver pulsing(Path serialSocket, Path machineProtocolSocket) throws IOException {
        SocketChannel machine = connect(machineProtocolSocket);
        machine.write(line("{\"execute\":\"qmp_capabilities\"}"));
        return start(new HostReceiver(connect(serialSocket), machine));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        speech.interrupt();
        pulse.interrupt();
        ears.interrupt();
        serial.close();
        if (machine != null) {
            machine.close();
        }
    }

    private static HostReceiver start(HostReceiver receiver) {
        receiver.speech.setDaemon(true);
        receiver.speech.start();
        receiver.ears.setDaemon(true);
        receiver.ears.start();
        if (receiver.machine != null) {
            receiver.pulse.setDaemon(true);
            receiver.pulse.start();
        }
        return receiver;
    }

    private void speak() {
        try {
            while (!closed) {
                for (ReceiverScript.Chunk chunk : script.chunks(nextSecond())) {
                    sleepUntil(chunk.dueNanos());
                    serial.write(ByteBuffer.wrap(chunk.bytes()));
                }
            }
        } catch (IOException | InterruptedException e) {
            // The machine has ended, or the receiver was closed: nobody listens any more.
            closed = true;
        }
    }

    /** Takes what the machine says and forgets it: QEMU stands still when a few hundred octets of it, such as U-Boot's greeting, are left lying. */
    private void hear() {
        ByteBuffer heard = ByteBuffer.allocate(1_024);
        try {
            while (!closed && serial.read(heard) >= 0) {
                heard.clear();
            }
        } catch (IOException e) {
            // The machine has ended, or the receiver was closed.
            closed = true;
        }
    }

    private void pulse() {
        SocketChannel to = machine;
        if (to == null) {
            return;
        }
        ByteBuffer answers = ByteBuffer.allocate(1 << 16);
        try {
            to.configureBlocking(false);
            while (!closed) {
                sleepUntil(nextSecond() * NANOS_PER_SECOND);
                to.write(line("{\"execute\":\"system_powerdown\"}"));
                // Answers and events are of no interest, but unread they would fill the socket.
                if (to.read(answers.clear()) < 0) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // As above.
            closed = true;
        }
    }

    private static long nextSecond() {
        return Instant.now().getEpochSecond() + 1;
    }

    private static void sleepUntil(long trueNanos) throws InterruptedException {
        Instant now = Instant.now();
        long left = trueNanos - (now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    private static SocketChannel connect(Path socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static ByteBuffer line(String json) {
        return ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
