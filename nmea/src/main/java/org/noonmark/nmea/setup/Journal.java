package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the tasks of one set-up found and did. */
final class Journal {
    private final List<SetupReport.Change> changes = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Set<SteadyMessage> steady = EnumSet.noneOf(SteadyMessage.class);
    private String model = "";

    void onModel(String name) {
        model = name;
    }

    void onChange(String what, String before, String after, String undo) {
        changes.add(new SetupReport.Change(what, before, after, undo));
    }

    /** The receiver sends the message that is called so as often as was wanted. */
    void onSending(String message) {
        SteadyMessage.named(message).ifPresent(steady::add);
    }

    /** The receiver knows it and would not. What it does not know at all is no fault of it. */
    void onRefusal(String what) {
        remarks.add("it did not take the change of " + what);
    }

    void onRemark(String phrase) {
        remarks.add(phrase);
    }

    SetupReport report(SetupReport.State state) {
        return new SetupReport(state, model, changes, remarks, steady);
    }
}
