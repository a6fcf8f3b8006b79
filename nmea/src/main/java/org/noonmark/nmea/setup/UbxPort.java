package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.noonmark.nmea.setup.Answer.Data;

/**
 * Finds out at which of its ports a u-blox of generation 9 or later hears us, since each has settings of its own. UBX-CFG-PRT asked
 * without a number is answered with that of the port asked; where firmware has it no more, UBX-MON-COMMS counts the bytes that each port
 * has received (ZED-F9T interface description, UBX-22008968), and our own questions are among them. Where both say nothing it is taken
 * to be USB for a device of USB, else UART1, as boards for the Pi have it.
 */
final class UbxPort {
    private static final String[] NAMES = {"I2C", "UART1", "UART2", "USB", "SPI"};
    private static final int UART_1 = 1;
    private static final int USB = 3;

    private static final int CFG_PRT = 0x00;
    private static final int CFG_PRT_BYTES = 20;

    private static final int MON_COMMS = 0x36;
    private static final int COMMS_HEADER = 8;
    private static final int COMMS_PORT = 40;
    private static final int COMMS_RECEIVED = 12;

    /** Bytes of a MON-COMMS question: what our port has received at least from one answer to the next. */
    private static final int QUESTION_BYTES = 8;

    /** The numbers that MON-COMMS has for the ports of {@link #NAMES}. */
    private static final List<Integer> COMMS_NUMBERS = List.of(0x0000, 0x0100, 0x0201, 0x0300, 0x0400);

    private final SetupWish wish;
    private final Journal journal;

    UbxPort(SetupWish wish, Journal journal) {
        this.wish = wish;
        this.journal = journal;
    }

    /** For people. */
    static String name(int number) {
        return NAMES[number];
    }

    /** Asks, and goes on with the number of the port: 0 for I2C, 1 and 2 for the UARTs, 3 for USB, 4 for SPI. */
    List<Task> find(IntFunction<List<Task>> then) {
        return List.of(new UbxAsk(
                UbxFrames.CFG,
                CFG_PRT,
                new byte[0],
                payload -> payload.length == CFG_PRT_BYTES,
                answer -> answer instanceof Data(byte[] settings) && settings[0] >= 0 && settings[0] < NAMES.length
                        ? then.apply(settings[0])
                        : List.of(askCounts(first ->
                                List.of(askCounts(second -> then.apply(orUsual(grown(first, second)))))))));
    }

    private static UbxAsk askCounts(Function<Map<Integer, Long>, List<Task>> then) {
        return new UbxAsk(
                UbxFrames.MON,
                MON_COMMS,
                new byte[0],
                payload -> payload.length >= COMMS_HEADER,
                answer -> then.apply(answer instanceof Data(byte[] found) ? counts(found) : Map.of()));
    }

    /** Bytes received by port, of a MON-COMMS answer. */
    static Map<Integer, Long> counts(byte[] payload) {
        Map<Integer, Long> counts = new HashMap<>();
        for (int at = COMMS_HEADER; at + COMMS_PORT <= payload.length; at += COMMS_PORT) {
            int port = COMMS_NUMBERS.indexOf((int) UbxFrames.get(payload, at, 2));
            if (port >= 0) {
                counts.put(port, UbxFrames.get(payload, at + COMMS_RECEIVED, 4));
            }
        }
        return counts;
    }

    /** The only port that has heard something of the size of our question; empty when there are more, or none. */
    private static OptionalInt grown(Map<Integer, Long> first, Map<Integer, Long> second) {
        List<Integer> heard = new ArrayList<>();
        second.forEach((port, bytes) -> {
            long more = bytes - first.getOrDefault(port, bytes) & 0xffff_ffffL;
            if (more >= QUESTION_BYTES && more < Integer.MAX_VALUE) {
                heard.add(port);
            }
        });
        return heard.size() == 1 ? OptionalInt.of(heard.getFirst()) : OptionalInt.empty();
    }

    private int orUsual(OptionalInt found) {
        if (found.isPresent()) {
            return found.getAsInt();
        }
        int usual = wish.usb() ? USB : UART_1;
        journal.onRemark("it does not say at which of its ports it is asked, taken to be " + name(usual));
        return usual;
    }
}
