package org.noonmark.provisioning.firstboot;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes secrets out of a file of the boot partition, which every computer can read, once they are kept in the system. */
final class SecretLines {
    private SecretLines() {}

    /** Whether the secret of that name was taken out of this text. */
    static boolean isTakenOutOf(String text, String name) {
        return text.lines().anyMatch(line -> line.startsWith("# applied ") && line.endsWith(": " + name));
    }

    /** Whether a secret has its line for itself, so that taking it out takes nothing else. */
    static boolean isAlone(String text, int line, String name) {
        List<String> lines = List.of(text.split("\n", -1));
        String raw = line >= 1 && line <= lines.size() ? lines.get(line - 1).strip() : "";
        Pattern alone = Pattern.compile("([A-Za-z0-9_-]+\\s*\\.\\s*)?\"?" + Pattern.quote(name)
                + "\"?\\s*=\\s*(\"([^\"\\\\]|\\\\.)*\"|'[^']*')\\s*(#.*)?");
        return alone.matcher(raw).matches();
    }

    /** The file with the lines replaced by a word on when they were applied; all other bytes stay as they are. */
    static RawFile takenOut(RawFile file, Map<Integer, String> nameByLine, LocalDate today) {
        // One character for each byte, whatever the encoding is.
        String text = new String(file.bytes(), StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        nameByLine.forEach((line, name) -> {
            String end = lines.get(line - 1).endsWith("\r") ? "\r" : "";
            lines.set(line - 1, "# applied " + today + ": " + name + end);
        });
        return RawFile.of(String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1));
    }
}
