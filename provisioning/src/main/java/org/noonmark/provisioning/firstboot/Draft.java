package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem;

/** Steps, problems and report as they come together. One thread. */
final class Draft implements Consumer<Problem> {
    private static final int MOST_PROBLEMS = 100;

    private final State state;
    private final List<Step> files = new ArrayList<>();
    private final List<Step> live = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Report.Line> inForce = new ArrayList<>();

    Draft(State state) {
        this.state = state;
    }

    State state() {
        return state;
    }

    @Override
    public void accept(Problem problem) {
        // More of them would only scroll the first ones away. The parser tells some twice.
        if (problems.size() < MOST_PROBLEMS && !problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Whether one of these keys was refused. */
    boolean refused(Set<String> paths) {
        return problems.stream().anyMatch(problem -> problem.isError() && paths.contains(problem.directive()));
    }

    void write(String path, String text) {
        files.add(new Step.WriteFile(path, text, false));
    }

    void writeSecret(String path, String text) {
        files.add(new Step.WriteFile(path, text, true));
    }

    void link(String path, String target) {
        files.add(new Step.Link(path, target));
    }

    /** Removes what an earlier run wrote; what it did not is not touched. */
    void removeIfKept(String path) {
        if (state.has(path)) {
            files.add(new Step.Remove(path));
        }
    }

    /** Does {@code step} to the running machine at once. */
    void now(Step step) {
        files.add(step);
    }

    /** Does {@code step} to the running machine at the end: what may fail there takes nothing else along. */
    void then(Step step) {
        live.add(step);
    }

    /** Says what is in force. */
    void say(String what, String how) {
        inForce.add(new Report.Line(what, how));
    }

    List<Step> files() {
        return List.copyOf(files);
    }

    List<Step> live() {
        return List.copyOf(live);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    List<Report.Line> inForce() {
        return List.copyOf(inForce);
    }
}
