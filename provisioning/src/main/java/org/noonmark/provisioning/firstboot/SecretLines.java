package org.noonmark.provisioning.firstboot;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes secrets out of a file of the boot partition, which every computer can read, once they are kept in the system. */
final class SecretLines {
    private static final Pattern TAKEN_OUT = Pattern.compile("(?m)^# applied \\d{4}-\\d\\d-\\d\\d: password");

    private SecretLines() {}

    /** Whether a password was taken out of this text. */
    static boolean isTakenOutOf(String text) {
        return TAKEN_OUT.matcher(text).find();
    }

    /** Whether a secret has its line for itself, so that taking it out takes nothing else. */
    static boolean isAlone(String text, int line, String name) {
        List<String> lines = text.lines().toList();
        String raw = line >= 1 && line <= lines.size() ? lines.get(line - 1).strip() : "";
        Pattern alone = Pattern.compile("([A-Za-z0-9_-]+\\s*\\.\\s*)?\"?" + Pattern.quote(name)
                + "\"?\\s*=\\s*(\"([^\"\\\\]|\\\\.)*\"|'[^']*')\\s*(#.*)?");
        return alone.matcher(raw).matches();
    }

    /** The text with the lines replaced by a word on when they were applied; line ends stay as they are. */
    static String takenOut(String text, Map<Integer, String> nameByLine, LocalDate today) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        nameByLine.forEach((line, name) -> {
            String end = lines.get(line - 1).endsWith("\r") ? "\r" : "";
            lines.set(line - 1, "# applied " + today + ": " + name + end);
        });
        return String.join("\n", lines);
    }
}
