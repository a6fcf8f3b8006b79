package org.noonmark.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The kernel's small program (classic BPF) that chooses one of several sockets of one port by the sender's address. The kernel's own choice
 * goes by port as well, and many clients ask from a new port each time: their limit and their saved stamps would be spread.
 */
final class SenderChoice {
    static final int INSTRUCTION_BYTES = 8;

    // Instructions and offsets of linux/bpf_common.h and linux/filter.h.
    private static final int LOAD_WORD = 0x20;
    private static final int TO_X = 0x07;
    private static final int XOR_X = 0xac;
    private static final int MULTIPLY = 0x24;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int MODULO = 0x94;
    private static final int RETURN = 0x16;
    private static final int NETWORK_HEADER = -0x10_0000;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV6_SOURCE = 8;

    /** An odd number whose bits are evenly mixed: 2^32 over the golden ratio. */
    private static final int MIXER = 0x9e37_79b1;

    private SenderChoice() {}

    /**
     * For {@code sockets} of them.
     *
     * @param ipv6PrefixBits addresses that agree in so many bits go to one socket; whole words of 32 of them are looked at
     */
    static ByteBuffer program(boolean ipv6, int ipv6PrefixBits, int sockets) {
        int words = ipv6 ? Math.max(1, ipv6PrefixBits / Integer.SIZE) : 1;
        int source = NETWORK_HEADER + (ipv6 ? IPV6_SOURCE : IPV4_SOURCE);
        ByteBuffer program = ByteBuffer.allocateDirect(INSTRUCTION_BYTES * (5 + 3 * (words - 1)))
                .order(ByteOrder.nativeOrder());
        add(program, LOAD_WORD, source);
        for (int word = 1; word < words; word++) {
            add(program, TO_X, 0);
            add(program, LOAD_WORD, source + Integer.BYTES * word);
            add(program, XOR_X, 0);
        }
        add(program, MULTIPLY, MIXER);
        add(program, SHIFT_RIGHT, 16);
        add(program, MODULO, sockets);
        add(program, RETURN, 0);
        return program.flip();
    }

    private static void add(ByteBuffer program, int code, int constant) {
        program.putShort((short) code).putShort((short) 0).putInt(constant);
    }
}
