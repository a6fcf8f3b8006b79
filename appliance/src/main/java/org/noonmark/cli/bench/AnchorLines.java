package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Result lines of others in a file. Of chrony's settings those count that the stored figures have: its default, and the two that were best
 * (poll 2; poll 1 with at least 16 samples and a small maxdispersion).
 */
final class AnchorLines {
    private static final Set<String> CHRONY = Set.of("default", "p2", "p1n16d");

    private AnchorLines() {}

    static List<ResultLine> of(Path file) throws IOException {
        List<ResultLine> lines = new ArrayList<>();
        for (String text : Files.readAllLines(file)) {
            if (!text.startsWith("bench=")) {
                continue;
            }
            ResultLine line = ResultLine.of(text.strip());
            String who = line.word("who");
            if (CHRONY.contains(who)) {
                lines.add(line.put("who", "chrony-" + who));
            } else if (who.startsWith("proto") || who.equals("limit") || who.startsWith("chrony")) {
                lines.add(line);
            }
        }
        return lines;
    }
}
