package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.doctor.MachineFacts.Board;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;

/** The power supply and the heat, by what the board's firmware says. */
final class BoardChecks {
    // Bits of get_throttled, as Raspberry Pi's documentation of vcgencmd lists them.
    private static final int UNDERVOLTED_NOW = 1;
    private static final int SLOWED_NOW = 1 << 1 | 1 << 2;
    private static final int HOT_NOW = 1 << 3;
    private static final int UNDERVOLTED_ONCE = 1 << 16;
    private static final int SLOWED_ONCE = 1 << 17 | 1 << 18 | 1 << 19;

    private static final String SUPPLY =
            "use the board's own power supply with a short, thick cable, and draw less from its USB ports";
    private static final String COOLING =
            "cool the board: a heat sink, or air; a hot processor runs slower, and wanders in frequency";

    private BoardChecks() {}

    static List<Finding> of(Board board) {
        List<Finding> findings = new ArrayList<>();
        boolean alarm = board.undervolted().orElse(false);
        int bits = board.throttled().orElse(0);
        if (alarm || (bits & UNDERVOLTED_NOW) != 0) {
            findings.add(Finding.warning(
                    ChainLink.POWER,
                    format("the supply voltage is too low now (below 4.63 V)%s", shown(board)),
                    SUPPLY));
        } else if ((bits & UNDERVOLTED_ONCE) != 0) {
            findings.add(Finding.warning(
                    ChainLink.POWER, format("the supply voltage was too low since the start%s", shown(board)), SUPPLY));
        }
        if ((bits & (SLOWED_NOW | HOT_NOW)) != 0) {
            findings.add(Finding.warning(
                    ChainLink.POWER,
                    format("the processor is slowed down now by heat or low voltage%s", shown(board)),
                    COOLING));
        } else if ((bits & SLOWED_ONCE) != 0) {
            findings.add(Finding.advice(
                    ChainLink.POWER, format("the processor was slowed down since the start%s", shown(board)), COOLING));
        }
        if (findings.isEmpty()) {
            findings.add(
                    board.throttled().isPresent() || board.undervolted().isPresent()
                            ? Finding.ok(
                                    ChainLink.POWER, "neither too little voltage nor too much heat since the start")
                            : Finding.notExamined(
                                    ChainLink.POWER,
                                    board.isRaspberryPi()
                                            ? "the firmware does not say (get_throttled, rpi_volt)"
                                            : "this is no Raspberry Pi"));
        }
        return findings;
    }

    private static String shown(Board board) {
        return board.throttled().isPresent()
                ? format(" (get_throttled %#x)", board.throttled().getAsInt())
                : "";
    }
}
