package org.noonmark.linux;

/** The start-up check of the native calls. */
public final class NativeCalls {
    private NativeCalls() {}

    /**
     * Loads what the native calls of this package need. Called once, first, by the composition root.
     *
     * @throws UnsatisfiedLinkError when it cannot be loaded; the message is one sentence with the reason and the cure
     */
    public static void require() {
        Libc.require();
        LinuxTime.realtimeNanos();
    }
}
