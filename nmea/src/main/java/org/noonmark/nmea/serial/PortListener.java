package org.noonmark.nmea.serial;

/** What hears a {@link SerialPort}; called by the thread that runs it. */
public interface PortListener {
    /**
     * Bytes will follow, one after the other at {@code baud}; 0 when they come in packets without a speed of their own (USB).
     *
     * @param outlet takes bytes to the device, until the next call
     */
    void onConnected(int baud, Outlet outlet);

    /** The way to the device; for calls out of this listener only. */
    @FunctionalInterface
    interface Outlet {
        /** Sends all of {@code bytes}; false: the line did not take them. */
        boolean write(byte[] bytes);
    }

    /**
     * The first {@code count} bytes of {@code bytes}, which is used again after the call.
     *
     * @param arrivalNanos local clock right after the read returned, nanoseconds since 1970
     */
    void onBytes(byte[] bytes, int count, long arrivalNanos);

    /** Nothing came for half a second, or the port is gone: what is unfinished will not be finished. */
    void onSilence();
}
