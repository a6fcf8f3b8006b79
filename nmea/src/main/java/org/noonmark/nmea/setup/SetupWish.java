package org.noonmark.nmea.setup;

/**
 * What is wanted of a receiver.
 *
 * @param baud bits per second of its line, which is never changed and limits what it can be asked to send; 0: no limit (USB)
 * @param usb whether it is at its own USB port rather than at its first UART
 * @param fixedAntenna whether its antenna never moves, so that a timing receiver may find its place once and then keep time from it
 */
public record SetupWish(int baud, boolean usb, boolean fixedAntenna) {
    /** From here on everything may be sent every second, beside the sentences that are on. */
    private static final int FAST_BAUD = 38_400;

    /** Below that not even the messages that name the second fit beside a receiver's sentences. */
    private static final int LEAST_BAUD = 9_600;

    boolean isFast() {
        return baud == 0 || baud >= FAST_BAUD;
    }

    boolean isTooSlow() {
        return baud != 0 && baud < LEAST_BAUD;
    }
}
