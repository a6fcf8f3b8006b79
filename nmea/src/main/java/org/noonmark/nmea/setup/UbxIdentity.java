package org.noonmark.nmea.setup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What UBX-MON-VER tells: 30 characters of software, 10 of hardware, and extensions of 30.
 *
 * @param model such as NEO-M9N; where it is not told, the generation
 * @param firmware such as "SPG 3.01"; empty in older generations
 * @param protocolHundredths version of the protocol, such as 1800; 0 when not told
 */
record UbxIdentity(String model, String firmware, int protocolHundredths) {
    private static final int EXTENSION = 30;
    private static final int FIRST_EXTENSION = 40;

    /** From this version on settings are items with keys (CFG-VALSET), before it messages of their own. */
    private static final int FIRST_WITH_ITEMS = 2_700;

    static UbxIdentity of(byte[] payload) {
        String model = generation(text(payload, 30, 10));
        String firmware = "";
        int protocol = 0;
        for (String extension : extensions(payload)) {
            if (extension.startsWith("MOD=")) {
                model = extension.substring(4);
            } else if (extension.startsWith("FWVER=")) {
                firmware = extension.substring(6);
            } else if (extension.matches("PROTVER[ =].*")) {
                protocol = hundredths(extension.substring(8));
            }
        }
        return new UbxIdentity(model, firmware, protocol);
    }

    boolean hasItems() {
        return protocolHundredths >= FIRST_WITH_ITEMS;
    }

    /** Whether it is made for timing: it can find its place once and then keep time from it. */
    boolean isForTiming() {
        return firmware.startsWith("TIM") || model.matches(".*(M8T|F9T|6T).*");
    }

    /** For people. */
    String name() {
        return "u-blox " + model + (firmware.isEmpty() ? "" : " (" + firmware + ")");
    }

    private static List<String> extensions(byte[] payload) {
        List<String> found = new ArrayList<>();
        for (int at = FIRST_EXTENSION; at + EXTENSION <= payload.length; at += EXTENSION) {
            found.add(text(payload, at, EXTENSION));
        }
        return found;
    }

    private static String generation(String hardware) {
        return switch (hardware.toUpperCase(Locale.ROOT)) {
            case "00040005" -> "5";
            case "00040007" -> "6";
            case "00070000" -> "7";
            case "00080000" -> "8";
            case "00190000" -> "9";
            case "000A0000" -> "10";
            default -> "receiver";
        };
    }

    /** 18.00, 27.31 or 14: the last has no fraction. */
    private static int hundredths(String version) {
        try {
            return (int) Math.round(Double.parseDouble(version.strip()) * 100);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.US_ASCII).strip();
    }
}
