package org.noonmark.provisioning.firstboot;

import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.noonmark.provisioning.Problem;

/**
 * What was made of the files, for their owner.
 *
 * @param problems what was refused or has no effect, in the order of files and lines
 * @param inForce what holds now
 */
public record Report(List<Problem> problems, List<Line> inForce) {
    private static final Pattern DATE = Pattern.compile("(?m)^Written .*$");
    private static final int ISSUE_LINES = 4;

    /** A thing and how it is. */
    public record Line(String what, String how) {}

    public Report {
        problems = List.copyOf(problems);
        inForce = List.copyOf(inForce);
    }

    /** The file on the boot partition, with the line ends that every editor of Windows shows. */
    String text(LocalDate today) {
        StringBuilder out = new StringBuilder("""
                What Noonmark made of the settings on this partition
                Written %s, by a clock that may not have been set yet

                """.formatted(today));
        list(out, "Refused", problems.stream().filter(Problem::isError).toList());
        list(
                out,
                "To know",
                problems.stream().filter(problem -> !problem.isError()).toList());
        if (problems.isEmpty()) {
            out.append("Nothing was refused.\n\n");
        }
        out.append("Applied and in force:\n");
        inForce.forEach(line -> out.append("  %-13s %s%n".formatted(line.what(), line.how())));
        out.append("""

                To change something, edit noonmark.toml and start the machine again with this card.
                'noonmark provision --sample' prints the file with all settings.
                """);
        return out.toString().replace("\r", "").replace("\n", "\r\n");
    }

    /** Whether an earlier report says the same, whenever it was written. */
    boolean isAsIn(String earlier, LocalDate today) {
        return DATE.matcher(earlier)
                .replaceAll("")
                .equals(DATE.matcher(text(today)).replaceAll(""));
    }

    private static void list(StringBuilder out, String title, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        out.append(title).append(":\n");
        for (Problem problem : problems) {
            out.append("  ").append(problem.file());
            out.append(problem.line() == 0 ? "" : " line " + problem.line()).append(": ");
            out.append(problem.fault()).append('\n');
            out.append("      ").append(problem.cure()).append('\n');
        }
        out.append('\n');
    }

    /** What a screen shows above the login; empty when nothing was refused. */
    String issue() {
        List<Problem> refused = problems.stream().filter(Problem::isError).toList();
        if (refused.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        refused.stream()
                .limit(ISSUE_LINES)
                .forEach(problem -> out.append(problem).append('\n'));
        if (refused.size() > ISSUE_LINES) {
            out.append("and ").append(refused.size() - ISSUE_LINES).append(" more\n");
        }
        out.append("All of it is in ").append(BootFolder.REPORT).append(" on the boot partition.\n\n");
        // agetty would take a backslash for an instruction.
        return out.toString().replace("\\", "\\\\");
    }
}
