package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpQueue;

/**
 * The network card of a load generator, a process of its own: frames of UDP datagrams from any address to the server, by AF_XDP, and what
 * comes back. Half of the queue's frames are for sending. Used by one thread.
 */
final class LoadCard {
    /** Where a frame's source port starts, and its datagram's payload. */
    static final int SOURCE_PORT = 14 + 20;

    static final int PAYLOAD = SOURCE_PORT + 8;

    /** The client's first address, 10.128.0.1, and its port. */
    static final int FIRST_CLIENT = 0x0a80_0001;

    static final int PORT = 10_123;

    /** The server of all requests: 10.77.0.1. */
    private static final int SERVER = 0x0a4d_0001;

    private static final int SENDING = XdpQueue.FRAMES / 2;
    private static final int BATCH = 64;

    /** What is done in a turn. */
    interface Asker {
        /** Asks what is due so many nanoseconds after the beginning. */
        void ask(long sinceNanos);
    }

    /** What answers are given to. */
    interface Hearer {
        /** A frame of so many octets came, and starts there in {@link LoadCard#frames}. */
        void hear(int start, int length);
    }

    /** Does what a line of the input says; the line to print. */
    interface Command {
        /**
         * Does it.
         *
         * @throws IOException when a file that it names cannot be read
         */
        String run(String[] words) throws IOException;
    }

    private final XdpQueue queue;
    private final long mac;
    private final NtpPacket packet;
    private final int[] free = new int[SENDING];
    private int freeCount = SENDING;
    private boolean hasNew;

    private LoadCard(XdpQueue queue, long mac) {
        this.queue = queue;
        this.mac = mac;
        this.packet = new NtpPacket(queue.frames(), 0, 0);
        for (int i = 0; i < SENDING; i++) {
            free[i] = (SENDING + i) * XdpQueue.FRAME_BYTES;
        }
    }

    /**
     * Runs {@code bench NAME INTERFACE} until its input ends: each line of it is a command.
     *
     * @param ports to which answers come
     * @param generator made once
     * @return the exit code
     */
    static int run(String name, String[] args, List<Integer> ports, Function<LoadCard, Command> generator) {
        try (XdpAttachment attachment = XdpAttachment.openForAll(args[0], ports, SENDING);
                XdpQueue queue = attachment.queues().getFirst()) {
            Command commands = generator.apply(new LoadCard(queue, attachment.mac()));
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(commands.run(line.split(" ", -1)));
            }
            return 0;
        } catch (XdpException | IOException e) {
            System.err.println("bench " + name + ": " + e.getMessage());
            return 1;
        }
    }

    /** A MAC address as people write it, 48 bits. */
    static long mac(String word) {
        return HexFormat.fromHexDigitsToLong(word.replace(":", ""));
    }

    ByteBuffer frames() {
        return queue.frames();
    }

    /** When the frame that starts there came, nanoseconds since 1970. */
    long stampNanos(int start) {
        return queue.stampNanos(start);
    }

    /** Frames that can be sent now. */
    int free() {
        return freeCount;
    }

    /** The payload of the frame that starts there, as a packet: one object, moved with each call. */
    NtpPacket packet(int start, int length) {
        packet.wrap(queue.frames(), start + PAYLOAD, length);
        return packet;
    }

    /** Writes a frame to the server with a payload of zeros, for {@link #send}; takes one that is free. Where it starts. */
    int begin(long serverMac, int from, int fromPort, int toPort, int payload) {
        int start = free[--freeCount];
        Frame.write(queue.frames(), start, serverMac, mac, from, SERVER, fromPort, toPort, payload);
        return start;
    }

    /** Sends it, at the end of the asking. */
    void send(int start, int payload) {
        queue.send(start, PAYLOAD + payload);
        hasNew = true;
    }

    /** Sends now what {@link #send} has put in the order. */
    void flush() {
        if (hasNew) {
            queue.flush();
            hasNew = false;
        }
    }

    /**
     * Asks for so many nanoseconds and hears meanwhile, and then for some more.
     *
     * @return seconds for which it asked
     */
    double turn(long nanos, long lastAnswersNanos, Asker asker, Hearer hearer) {
        long begin = LinuxTime.monotonicNanos();
        long now = begin;
        while (now - begin < nanos) {
            asker.ask(now - begin);
            flush();
            hear(0, hearer);
            now = LinuxTime.monotonicNanos();
        }
        long end = now;
        while (now - end < lastAnswersNanos) {
            hear(1, hearer);
            now = LinuxTime.monotonicNanos();
        }
        return (end - begin) / 1e9;
    }

    private void hear(int milliseconds, Hearer hearer) {
        int left = queue.countLeft();
        for (int i = 0; i < left; i++) {
            free[freeCount++] = queue.left(i) & -XdpQueue.FRAME_BYTES;
        }
        int there = Math.min(queue.await(milliseconds), BATCH);
        for (int i = 0; i < there; i++) {
            hearer.hear(queue.start(i), queue.length(i));
            queue.fill(queue.start(i));
        }
        if (there > 0) {
            queue.take(there);
        }
    }

    /** Sorts the first {@code count} of them; {@link #micros} reads quantiles. */
    static void sort(long[] nanos, int count) {
        Arrays.sort(nanos, 0, count);
    }

    /** A quantile of so many sorted nanoseconds, us. */
    static double micros(long[] sorted, int count, double quantile) {
        return count == 0 ? Double.NaN : sorted[(int) (quantile * (count - 1))] / 1e3;
    }
}
