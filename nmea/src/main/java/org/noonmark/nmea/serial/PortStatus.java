package org.noonmark.nmea.serial;

/**
 * Where a {@link SerialPort} stands.
 *
 * @param baud the speed in use or being tried; 0 before the first, and for a device without a speed of its own (USB)
 * @param why one plain sentence: what is the case and, when it is a fault, the cure
 */
public record PortStatus(State state, int baud, String why) {
    public enum State {
        /** Not running: not started, or ended. */
        CLOSED,
        OPENING,
        /** Open; the speed is being found. */
        DETECTING,
        READING,
        /** Cannot be opened or was unplugged; tried again by itself. */
        GONE
    }
}
