package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.noonmark.nmea.setup.Answer.Data;

/** MediaTek's MT33xx: sentences that name the second and the satellites, once a second. Its settings last until it loses power. */
final class PmtkPlan {
    private static final int SENTENCES = 19;
    private static final int RMC = 1;
    private static final int GGA = 3;
    private static final int GSA = 4;
    private static final int GSV = 5;
    private static final int ZDA = 17;
    private static final String SECOND = "1000";

    /** Four satellites a sentence make GSV the longest part of a burst: in every fifth it does no harm to a slow line. */
    private static final int GSV_SELDOM = 5;

    private final Journal journal;

    PmtkPlan(Journal journal) {
        this.journal = journal;
    }

    /** Rate first: what the sentences then take of the line is known. */
    List<Task> tasks() {
        return List.of(
                new PmtkTask("PMTK400", "PMTK500", this::onPeriod),
                new PmtkTask("PMTK414", "PMTK514", this::onSentences));
    }

    private List<Task> onPeriod(Answer answer) {
        if (!(answer instanceof Data(byte[] content))) {
            return List.of();
        }
        String[] fields = PmtkTask.fields(content);
        if (fields.length < 2 || fields[1].equals(SECOND)) {
            return List.of();
        }
        return List.of(tell(
                "time between fixes", fields[1] + " ms", SECOND + " ms", "PMTK220," + fields[1], "PMTK220," + SECOND));
    }

    private List<Task> onSentences(Answer answer) {
        if (!(answer instanceof Data(byte[] content))) {
            return List.of();
        }
        String[] fields = PmtkTask.fields(content);
        List<String> found = new ArrayList<>(Arrays.asList(fields).subList(1, fields.length));
        if (found.size() < SENTENCES) {
            return List.of();
        }
        List<String> wanted = new ArrayList<>(found);
        for (int each : new int[] {RMC, GGA, GSA, ZDA}) {
            wanted.set(each, "1");
        }
        if (!found.get(GSV).matches("[1-5]")) {
            wanted.set(GSV, Integer.toString(GSV_SELDOM));
        }
        if (wanted.equals(found)) {
            onSentencesSet();
            return List.of();
        }
        return List.of(tell(
                "sentences",
                String.join(",", found),
                String.join(",", wanted),
                "PMTK314," + String.join(",", found),
                "PMTK314," + String.join(",", wanted)));
    }

    private void onSentencesSet() {
        journal.onSending("RMC");
        journal.onSending("ZDA");
    }

    private Task tell(String what, String before, String after, String undo, String command) {
        return new PmtkTask(command, "PMTK001", answer -> {
            if (answer instanceof Answer.Accepted) {
                journal.onChange(what, before, after, PmtkTask.sentence(undo).strip());
                if (command.startsWith("PMTK314,")) {
                    onSentencesSet();
                }
            } else {
                journal.onRefusal(what);
            }
            return List.of();
        });
    }
}
