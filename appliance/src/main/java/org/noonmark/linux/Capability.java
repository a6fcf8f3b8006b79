package org.noonmark.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/**
 * The privileges of Linux that AF_XDP takes (capabilities(7)). They are a thread's own, and a thread takes those of the one that starts it:
 * what one of a running Java machine gives up, the others keep. Giving up means to do so in one thread, and become another program by it
 * ({@link ProgramStart}).
 */
public enum Capability {
    NET_ADMIN(12),
    NET_RAW(13),
    BPF(39);

    /** _LINUX_CAPABILITY_VERSION_3 of linux/capability.h: sets of 64 bits, in two halves of effective, permitted, inheritable. */
    private static final int VERSION = 0x2008_0522;

    private static final int HALF = 12;
    private static final int PERMITTED = 4;

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** Those of them that the calling thread may use. */
    public static Set<Capability> held() {
        ByteBuffer sets = read();
        Set<Capability> held = EnumSet.noneOf(Capability.class);
        for (Capability each : values()) {
            if ((sets.getInt(each.half() + PERMITTED) & each.bit()) != 0) {
                held.add(each);
            }
        }
        return held;
    }

    /**
     * The calling thread gives all of them up, for itself and for what it starts or becomes; other capabilities stay as they are.
     *
     * @throws IllegalStateException when the kernel does not let it, which it always does
     */
    public static void giveUp() {
        ByteBuffer sets = read();
        for (Capability each : values()) {
            // From the inheritable set too: with it go those that programs are started with (ambient).
            for (int at = each.half(); at < each.half() + HALF; at += Integer.BYTES) {
                sets.putInt(at, sets.getInt(at) & ~each.bit());
            }
        }
        if (Libc.capset(header(), sets) < 0) {
            throw new IllegalStateException("capabilities cannot be given up: " + Libc.lastError());
        }
    }

    private int half() {
        return number / Integer.SIZE * HALF;
    }

    private int bit() {
        return 1 << number % Integer.SIZE;
    }

    private static ByteBuffer read() {
        ByteBuffer sets = direct(2 * HALF);
        if (Libc.capget(header(), sets) < 0) {
            throw new IllegalStateException("capabilities cannot be read: " + Libc.lastError());
        }
        return sets;
    }

    /** Of the calling thread. */
    private static ByteBuffer header() {
        return direct(8).putInt(0, VERSION);
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
