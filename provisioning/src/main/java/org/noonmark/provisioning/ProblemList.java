package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem.Severity;

/** Problems up to a limit: more of them would only scroll the first ones away. */
final class ProblemList implements Consumer<Problem> {
    private static final int MOST = 200;

    private final String path;
    private final List<Problem> problems = new ArrayList<>();
    private boolean overflowed;

    /** {@code path} is the file that a problem of too many problems names. */
    ProblemList(String path) {
        this.path = path;
    }

    @Override
    public void accept(Problem problem) {
        if (problems.size() < MOST) {
            problems.add(problem);
        } else {
            overflowed = true;
        }
    }

    /** Whether reading on is of no use. */
    boolean isFull() {
        return overflowed;
    }

    /** By file, in the order in which files first had a problem, and by line; what concerns a whole file comes last. */
    List<Problem> toList() {
        List<Problem> all = new ArrayList<>(problems);
        List<String> files = problems.stream().map(Problem::file).distinct().toList();
        all.sort(Comparator.comparing((Problem problem) -> problem.line() == 0)
                .thenComparingInt(problem -> files.indexOf(problem.file()))
                .thenComparingInt(Problem::line));
        if (overflowed) {
            String fault = quote(path) + " has more than " + MOST + " problems";
            all.add(new Problem(Severity.ERROR, path, 0, "", Statement.printable(path), fault, "cure the first ones"));
        }
        return List.copyOf(all);
    }
}
