package org.noonmark.linux;

import java.nio.ByteBuffer;

/** The one system call that sets the clock; tests put their own in its place. */
interface Adjtimex {
    /**
     * clock_adjtime(CLOCK_REALTIME) with {@code timex}.
     *
     * @return the clock state, 0 to 5, or the negative errno
     */
    int adjust(ByteBuffer timex);

    /** The kernel's. */
    static Adjtimex ofKernel() {
        return timex -> {
            int state = Libc.clock_adjtime(0, timex);
            return state < 0 ? -Libc.errno() : state;
        };
    }
}
