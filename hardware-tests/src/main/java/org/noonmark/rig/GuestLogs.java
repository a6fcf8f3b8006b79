package org.noonmark.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a job of the pulse guest left.
 *
 * @param folder with the logs
 */
record GuestLogs(Path folder) {
    /** What the observer wrote down, second by second. */
    List<Second> seconds() throws IOException {
        return seconds("world.log");
    }

    /** The same of another of the job's worlds, kept as {@code log}. */
    List<Second> seconds(String log) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(log));
        Map<String, Integer> columns = new HashMap<>();
        for (String name : lines.getFirst().split("\t", -1)) {
            columns.put(name, columns.size());
        }
        return lines.stream().skip(1).map(line -> Second.parse(line, columns)).toList();
    }

    /** What the job did, and after which second. */
    List<Mark> marks() throws IOException {
        List<Mark> marks = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("marks.log"))) {
            String[] fields = line.split("\t", 2);
            // Before the first second there is only the heading.
            marks.add(
                    new Mark(fields[0].equals("n") || fields[0].isEmpty() ? -1 : Long.parseLong(fields[0]), fields[1]));
        }
        return marks;
    }

    /** The only mark of this name. */
    long secondOf(String mark) throws IOException {
        return marks().stream()
                .filter(m -> m.name().equals(mark))
                .mapToLong(Mark::second)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no mark '" + mark + "' in " + folder));
    }

    /** The text of a log. */
    String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    /**
     * A step of the job.
     *
     * @param second the last that had been written down
     */
    record Mark(long second, String name) {}
}
