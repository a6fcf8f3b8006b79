package org.noonmark.xdp;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bpf(2) calls of the set-up. Structures as in linux/bpf.h; every result is a file descriptor that {@link XdpCalls#close} gives back. */
final class Bpf {
    private static final long SYS_BPF = switch (System.getProperty("os.arch")) {
        case "aarch64" -> 280;
        default -> 321;
    };

    private static final int MAP_CREATE = 0;
    private static final int MAP_LOOKUP = 1;
    private static final int MAP_UPDATE = 2;
    private static final int MAP_DELETE = 3;
    private static final int PROG_LOAD = 5;
    private static final int PROG_TEST_RUN = 10;
    private static final int LINK_CREATE = 28;
    private static final int ATTRIBUTES = 128;

    private static final int MAP_HASH = 1;
    private static final int MAP_ARRAY = 2;
    private static final int MAP_SOCKETS = 17;
    private static final int PROGRAM_XDP = 6;
    private static final int ATTACH_XDP = 37;
    private static final int LOG = 1 << 16;
    private static final String NAME = "noonmark";

    private Bpf() {}

    /** A map from queue numbers to AF_XDP sockets. */
    static int socketMap(int queues) throws XdpException {
        return map(MAP_SOCKETS, Integer.BYTES, Integer.BYTES, queues);
    }

    /** A set of keys of {@link XdpProgram#ADDRESS_BYTES}. */
    static int addressMap(int most) throws XdpException {
        return map(MAP_HASH, XdpProgram.ADDRESS_BYTES, Integer.BYTES, most);
    }

    /** Buckets of known clients; refuses more. */
    static int clientMap(int most) throws XdpException {
        return map(MAP_HASH, XdpProgram.CLIENT_BYTES, XdpProgram.BUCKETS_BYTES, most);
    }

    /** The bucket of all others of each queue. */
    static int strangersMap(int queues) throws XdpException {
        return map(MAP_ARRAY, Integer.BYTES, XdpProgram.STRANGERS_BYTES, queues);
    }

    /** Reads the key's value into {@code value}, a direct buffer of the map's size. */
    static void get(int map, ByteBuffer key, ByteBuffer value) throws XdpException {
        ByteBuffer attributes = XdpCalls.direct(ATTRIBUTES)
                .putInt(0, map)
                .putLong(8, XdpCalls.address(key))
                .putLong(16, XdpCalls.address(value));
        check(bpf(MAP_LOOKUP, attributes, key, value), "an entry of a map of the XDP program");
    }

    /** Sets the key's value; keys and values are direct buffers in the machine's order. */
    static void put(int map, ByteBuffer key, int value) throws XdpException {
        put(map, key, XdpCalls.direct(Integer.BYTES).putInt(0, value));
    }

    /** The same with a value of the map's size, in a direct buffer. */
    static void put(int map, ByteBuffer key, ByteBuffer held) throws XdpException {
        ByteBuffer attributes = XdpCalls.direct(ATTRIBUTES)
                .putInt(0, map)
                .putLong(8, XdpCalls.address(key))
                .putLong(16, XdpCalls.address(held));
        check(bpf(MAP_UPDATE, attributes, key, held), "an entry of a map of the XDP program");
    }

    /** Removes the key; one that is not there is no matter. */
    static void remove(int map, ByteBuffer key) {
        bpf(MAP_DELETE, XdpCalls.direct(ATTRIBUTES).putInt(0, map).putLong(8, XdpCalls.address(key)), key);
    }

    /** Has the kernel check and translate the program. */
    static int load(ByteBuffer instructions) throws XdpException {
        ByteBuffer licence = XdpCalls.direct(8).put(0, "GPL".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer log = XdpCalls.direct(LOG);
        ByteBuffer attributes = XdpCalls.direct(ATTRIBUTES)
                .putInt(0, PROGRAM_XDP)
                .putInt(4, instructions.limit() / 8)
                .putLong(8, XdpCalls.address(instructions))
                .putLong(16, XdpCalls.address(licence))
                .putInt(24, 1)
                .putInt(28, LOG)
                .putLong(32, XdpCalls.address(log))
                .put(48, NAME.getBytes(StandardCharsets.US_ASCII))
                .putInt(68, ATTACH_XDP);
        long program = bpf(PROG_LOAD, attributes, instructions, licence, log);
        int errno = XdpCalls.errno();
        if (program < 0) {
            String verdict = StandardCharsets.US_ASCII
                    .decode(log)
                    .toString()
                    .replaceAll("\0.*", "")
                    .strip();
            XdpException refused = XdpException.of("the kernel does not take the XDP program", errno);
            // What its verifier says last is the reason: an old kernel lacks a function, for example.
            throw verdict.isEmpty()
                    ? refused
                    : new XdpException(refused.getMessage() + " (" + lastLines(verdict) + ")");
        }
        return (int) program;
    }

    /** Attaches the program for as long as the descriptor is open: it goes with the process. */
    static int attach(int program, int interfaceIndex, XdpMode mode) throws XdpException {
        ByteBuffer attributes = XdpCalls.direct(ATTRIBUTES)
                .putInt(0, program)
                .putInt(4, interfaceIndex)
                .putInt(8, ATTACH_XDP)
                .putInt(12, mode.flag());
        return check(bpf(LINK_CREATE, attributes), "attaching the XDP program");
    }

    /** Runs the program on a frame without a card. @return the action that it chose */
    static int run(int program, ByteBuffer frame) throws XdpException {
        ByteBuffer out = XdpCalls.direct(4096);
        ByteBuffer attributes = XdpCalls.direct(ATTRIBUTES)
                .putInt(0, program)
                .putInt(8, frame.limit())
                .putInt(12, out.capacity())
                .putLong(16, XdpCalls.address(frame))
                .putLong(24, XdpCalls.address(out))
                .putInt(32, 1);
        check(bpf(PROG_TEST_RUN, attributes, frame, out), "running the XDP program");
        return attributes.getInt(4);
    }

    private static int map(int type, int keyBytes, int valueBytes, int entries) throws XdpException {
        ByteBuffer attributes = XdpCalls.direct(ATTRIBUTES)
                .putInt(0, type)
                .putInt(4, keyBytes)
                .putInt(8, valueBytes)
                .putInt(12, entries);
        return check(bpf(MAP_CREATE, attributes), "a map of the XDP program");
    }

    /** @param pointedAt buffers whose addresses are among the attributes: they must outlive the call */
    private static long bpf(int command, ByteBuffer attributes, ByteBuffer... pointedAt) {
        try {
            return XdpCalls.syscall(SYS_BPF, command, attributes, ATTRIBUTES);
        } finally {
            Reference.reachabilityFence(pointedAt);
        }
    }

    private static int check(long result, String what) throws XdpException {
        if (result < 0) {
            throw XdpException.of(what, XdpCalls.errno());
        }
        return (int) result;
    }

    private static String lastLines(String log) {
        String[] lines = log.split("\n", -1);
        return lines[Math.max(0, lines.length - 2)];
    }
}
