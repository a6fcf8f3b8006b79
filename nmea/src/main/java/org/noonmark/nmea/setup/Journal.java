package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.List;

/** What the tasks of one set-up found and did. */
final class Journal {
    private final List<SetupReport.Change> changes = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private String model = "";

    void onModel(String name) {
        model = name;
    }

    void onChange(String what, String before, String after, String undo) {
        changes.add(new SetupReport.Change(what, before, after, undo));
    }

    /** The receiver knows it and would not. What it does not know at all is no fault of it. */
    void onRefusal(String what) {
        remarks.add("it did not take the change of " + what);
    }

    SetupReport report(SetupReport.State state) {
        return new SetupReport(state, model, changes, remarks);
    }
}
