package org.noonmark.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;
import org.noonmark.status.Finding.Severity;
import org.noonmark.status.JsonWriter;

/** All findings, in the order of the chain, and what follows from what. */
public final class DoctorReport {
    /** As monitoring programs of Nagios' kind count them. */
    private static final int OK = 0;

    private static final int WARNING = 1;
    private static final int CRITICAL = 2;
    private static final int UNKNOWN = 3;

    private static final int WIDTH = 80;
    private static final int INDENT = 16;
    private static final String RED = "\u001b[1;31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private final List<Finding> findings;

    DoctorReport(List<Finding> findings) {
        this.findings =
                findings.stream().sorted(Comparator.comparing(Finding::link)).toList();
    }

    /** All, in the order of the chain. */
    public List<Finding> findings() {
        return findings;
    }

    /** The first broken link: of the links that no other broken one explains, the first of those that break most. Empty on a healthy box. */
    public Optional<Finding> first() {
        return causes().stream().findFirst();
    }

    /** What is broken by itself, the worst first. */
    List<Finding> causes() {
        return broken().filter(each -> !isConsequence(each))
                .sorted(Comparator.comparing(this::weight).reversed().thenComparing(Finding::link))
                .toList();
    }

    /** What is broken because something before it is. */
    List<Finding> consequences() {
        return broken().filter(this::isConsequence).toList();
    }

    private Stream<Finding> broken() {
        return findings.stream().filter(each -> each.severity().isBroken());
    }

    private boolean isConsequence(Finding finding) {
        return broken().anyMatch(each -> finding.link().needs().contains(each.link()));
    }

    /** Of a cause: the worst of itself and what it brought about. */
    private Severity weight(Finding cause) {
        return broken().filter(each -> each.link().needs().contains(cause.link()))
                .map(Finding::severity)
                .reduce(cause.severity(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** 0: all well, 1: the time is right and something should be cured, 2: something is broken, 3: the daemon could not be asked. */
    public int exitCode() {
        if (broken().anyMatch(each -> each.severity() == Severity.CRITICAL)) {
            return CRITICAL;
        }
        if (broken().findAny().isPresent()) {
            return WARNING;
        }
        boolean unknown = findings.stream()
                .anyMatch(each -> each.link() == ChainLink.DAEMON && each.severity() == Severity.NOT_EXAMINED);
        return unknown ? UNKNOWN : OK;
    }

    /** For people, in 80 columns; {@code colourful} with a terminal's colours. */
    public String text(boolean colourful) {
        StringBuilder out = new StringBuilder();
        List<Finding> causes = causes();
        List<Finding> consequences = consequences();
        if (causes.isEmpty()) {
            out.append(
                    exitCode() == UNKNOWN
                            ? "The daemon could not be asked; of the rest nothing is wrong.\n"
                            : "Nothing is wrong.\n");
        } else {
            out.append("First broken link\n");
            ill(out, causes.getFirst(), colourful);
            section(out, "Its consequences, or separate once it is cured", consequences, colourful);
            section(out, "Separate from it", causes.subList(1, causes.size()), colourful);
        }
        section(
                out,
                "Could be better",
                findings.stream()
                        .filter(each -> each.severity() == Severity.ADVICE)
                        .toList(),
                colourful);
        out.append("\nThe chain\n");
        findings.stream()
                .filter(each -> each.severity() != Severity.ADVICE)
                .forEach(each -> link(out, each, colourful));
        return out.toString();
    }

    private static void section(StringBuilder out, String title, List<Finding> findings, boolean colourful) {
        if (!findings.isEmpty()) {
            out.append('\n').append(title).append('\n');
            findings.forEach(each -> ill(out, each, colourful));
        }
    }

    private static void ill(StringBuilder out, Finding finding, boolean colourful) {
        wrapped(out, "  " + finding.link().word(), finding.severity(), finding.what(), colourful);
        wrapped(out, "", Severity.OK, "-> " + finding.cure(), false);
    }

    /** One line of the chain; what is broken was told above. */
    private static void link(StringBuilder out, Finding finding, boolean colourful) {
        String mark = switch (finding.severity()) {
            case OK, ADVICE -> "ok ";
            case NOT_EXAMINED -> "-  ";
            case WARNING -> "!  ";
            case CRITICAL -> "X  ";
        };
        wrapped(
                out,
                "  " + finding.link().word(),
                finding.severity(),
                mark + (finding.severity().isBroken() ? "see above" : finding.what()),
                colourful);
    }

    private static void wrapped(StringBuilder out, String head, Severity severity, String text, boolean colourful) {
        String colour = !colourful
                ? ""
                : switch (severity) {
                    case CRITICAL -> RED;
                    case WARNING -> YELLOW;
                    case OK, ADVICE -> GREEN;
                    case NOT_EXAMINED -> "";
                };
        int indent = Math.max(INDENT, head.length() + 1);
        out.append(colour)
                .append(head)
                .append(colour.isEmpty() ? "" : PLAIN)
                .append(" ".repeat(indent - head.length()));
        int column = indent;
        for (String word : text.split(" ", -1)) {
            if (column > indent && column + 1 + word.length() > WIDTH) {
                out.append('\n').append(" ".repeat(INDENT));
                column = INDENT;
            } else if (column > indent) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += word.length();
        }
        out.append('\n');
    }

    /**
     * For programs: {@code verdict} ({@code ok}, {@code warning}, {@code critical}, {@code unknown}), {@code first} (link, severity, what, cure;
     * absent when nothing is broken), {@code findings} with {@code consequence} besides.
     */
    public String json() {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("verdict", List.of("ok", "warning", "critical", "unknown").get(exitCode()));
        first().ifPresent(finding -> {
            json.beginObject("first");
            fields(json, finding);
            json.endObject();
        });
        json.beginArray("findings");
        for (Finding finding : findings) {
            json.beginObject();
            fields(json, finding);
            json.field("consequence", finding.severity().isBroken() && isConsequence(finding))
                    .endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static void fields(JsonWriter json, Finding finding) {
        json.field("link", finding.link().word())
                .field(
                        "severity",
                        finding.severity().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .field("what", finding.what())
                .field("cure", finding.cure());
    }

    /** For the report file that a person reads on another computer: what is broken with its cure, in few lines. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (causes().isEmpty()) {
            lines.add("Nothing is wrong.");
        }
        causes().forEach(each -> lines.add(each.link().word() + ": " + each.sentence()));
        consequences().forEach(each -> lines.add("then " + each.link().word() + ": " + each.sentence()));
        return lines;
    }
}
