package org.noonmark.pps;

import java.util.List;

/**
 * How much later than the edge itself {@code pps-gpio} stamps it: the way through interrupt controller, idle states and kernel. It is
 * the same for every pulse, so that nobody who has only these pulses can see it.
 *
 * @param meanNanos on average
 * @param uncertaintyNanos how far this machine's own mean may lie from that
 * @param source whose figure it is, in a few words
 */
public record StampLatency(long meanNanos, long uncertaintyNanos, String source) {
    /** A board of which nothing is known. */
    private static final StampLatency UNKNOWN = new StampLatency(0, 25_000, "no figure is known for this board");

    /** Part of the name that the firmware gives the board, and its figure. The first that fits counts. */
    private record Board(String name, StampLatency latency) {}

    /**
     * What others have measured. Each covers 0 to 20 us, as power saving and load move the figure by as much:
     * Pi 5: 11 to 12 us idle, 7 us without the power saving of its I/O chip, 5 us at a fixed clock besides, 12 to 20 us while
     * compiling (SatPulse, "Measuring systematic PPS bias on the Raspberry Pi 5", September 2026; jclark/satpulse #460).
     * Pi 3: a median of 6 us from interrupt to handler on Linux 4, 23 us on Linux 3 (README of rascol/Raspberry-Pi-PPS-Client).
     * Pi 4, 400 and CM4: no measurement was found; between the two.
     * QEMU's virtual board: its pulses come from another program, 0.9 to 2.9 ms late in our own boots (emulated).
     */
    private static final List<Board> BOARDS = List.of(
            new Board("Raspberry Pi 5", new StampLatency(10_000, 12_000, "measured by others on Raspberry Pi 5")),
            new Board(
                    "Raspberry Pi Compute Module 5",
                    new StampLatency(10_000, 12_000, "measured by others on Raspberry Pi 5")),
            new Board("Raspberry Pi 4", new StampLatency(8_000, 15_000, "between Raspberry Pi 3 and 5, not measured")),
            new Board(
                    "Raspberry Pi Compute Module 4",
                    new StampLatency(8_000, 15_000, "between Raspberry Pi 3 and 5, not measured")),
            new Board("Raspberry Pi 3", new StampLatency(6_000, 15_000, "measured by others on Raspberry Pi 3")),
            new Board("Raspberry Pi Zero 2", new StampLatency(6_000, 15_000, "measured by others on Raspberry Pi 3")),
            new Board(
                    "Raspberry Pi Compute Module 3",
                    new StampLatency(6_000, 15_000, "measured by others on Raspberry Pi 3")),
            new Board("linux,dummy-virt", new StampLatency(0, 5_000_000, "pulses of an emulated board are late")));

    /**
     * The figure for a board.
     *
     * @param model as {@code /proc/device-tree/model} has it, such as "Raspberry Pi 4 Model B Rev 1.4"; empty where there is none
     */
    public static StampLatency ofBoard(String model) {
        return BOARDS.stream()
                .filter(board -> model.contains(board.name()))
                .map(Board::latency)
                .findFirst()
                .orElse(UNKNOWN);
    }
}
