package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the firmware reads before Linux: our marked block of config.txt. All around it is the owner's. */
final class ConfigTxt {
    private static final String BEGIN = "# noonmark: begin";
    private static final String END = "# noonmark: end";
    private static final String BEGIN_LINE = BEGIN + " (made from noonmark.toml; changes here are overwritten)";

    private ConfigTxt() {}

    /** The lines of the block. */
    static List<String> block(Settings settings, Receiver receiver) {
        List<String> lines = new ArrayList<>();
        if (settings.get(Keys.DISABLE_BT, true)) {
            lines.add("dtoverlay=disable-bt");
        }
        lines.add(receiver.overlay());
        if (settings.get(Keys.DISABLE_WIFI, false)) {
            lines.add("dtoverlay=disable-wifi");
        }
        switch (settings.get(Keys.RTC, "none")) {
            case "ds3231" -> lines.add("dtoverlay=i2c-rtc,ds3231");
            case "pi5" -> lines.add("dtparam=rtc=on");
            default -> {}
        }
        return lines;
    }

    /** The file with that block; empty when it has it already. Without a block, or with half of one, it is put at the end. */
    static Optional<String> with(String text, List<String> block) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int begin = indexOf(lines, BEGIN, 0);
        int end = begin < 0 ? -1 : indexOf(lines, END, begin);
        String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        if (end < 0) {
            lines.removeIf(line -> line.startsWith(BEGIN) || line.startsWith(END));
            lines.add(BEGIN_LINE);
            // An earlier section of the file may be for one model only.
            lines.add("[all]");
            lines.addAll(block);
            lines.add(END);
        } else if (said(lines.subList(begin + 1, end)).equals(block)) {
            return Optional.empty();
        } else {
            List<String> old = lines.subList(begin + 1, end);
            boolean all = old.contains("[all]");
            old.clear();
            if (all) {
                old.add("[all]");
            }
            lines.addAll(begin + 1 + (all ? 1 : 0), block);
        }
        return Optional.of(String.join(lineEnd, lines) + lineEnd);
    }

    /** What the firmware would see. */
    private static List<String> said(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.equals("[all]"))
                .toList();
    }

    private static int indexOf(List<String> lines, String start, int from) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).startsWith(start)) {
                return i;
            }
        }
        return -1;
    }
}
