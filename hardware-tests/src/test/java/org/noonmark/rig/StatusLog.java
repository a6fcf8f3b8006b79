package org.noonmark.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the daemon said of itself in each second of a job: {@code status --json}. */
record StatusLog(List<Entry> entries) {
    /**
     * One report.
     *
     * @param second of the world, as the guest's clock counted it: wrong while that clock is
     */
    record Entry(long second, JsonNode json) {
        String state() {
            return json.path("state").asText();
        }

        String why() {
            return json.path("why").asText();
        }

        /** All the daemon's complaints in one text. */
        String troubles() {
            return json.path("troubles").toString();
        }
    }

    static StatusLog of(GuestLogs logs) throws IOException {
        Second first = logs.seconds().getFirst();
        long start = first.utc() - first.number();
        ObjectMapper mapper = new ObjectMapper();
        List<Entry> entries = new ArrayList<>();
        for (String line : logs.text("status.log").lines().toList()) {
            int tab = line.indexOf('\t');
            entries.add(new Entry(
                    Long.parseLong(line.substring(0, tab)) - start, mapper.readTree(line.substring(tab + 1))));
        }
        return new StatusLog(entries);
    }

    /** The reports of the seconds {@code from} to {@code to}, the last one not included. */
    List<Entry> between(long from, long to) {
        return entries.stream()
                .filter(entry -> entry.second() >= from && entry.second() < to)
                .toList();
    }
}
