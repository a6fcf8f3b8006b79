package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem.Severity;

/**
 * Walks a file and what it includes, line by line in the order in which chrony reads them. Comments are lines whose first character is
 * one of {@code ! ; # %}. Bounded: depth, number of files and amount of text.
 */
final class FileWalk {
    private static final int LONGEST_LINE = 2047;
    private static final int DEEPEST_INCLUDE = 10;
    private static final int MOST_DIRECTORIES = 10;
    private static final int MOST_FILES = 256;
    private static final int MOST_CHARACTERS = 1 << 20;

    private final ConfigFiles files;
    private final Consumer<Statement> statements;
    private final ProblemList problems;
    private final Deque<String> open = new ArrayDeque<>();
    private int filesRead;
    private long charactersRead;
    private boolean exhausted;

    /** {@code statements} hears every statement but {@code include} and {@code confdir}. */
    FileWalk(ConfigFiles files, Consumer<Statement> statements, ProblemList problems) {
        this.files = files;
        this.statements = statements;
        this.problems = problems;
    }

    /** Reads the first file. */
    void read(String path) {
        switch (files.read(path)) {
            case ConfigFiles.FileText.Text(String text) -> scan(path, text);
            case ConfigFiles.FileText.Unreadable(String reason) ->
                problems.accept(wholeFile(
                        path,
                        quote(path) + " cannot be read, " + reason,
                        "name a file that exists and that you may read"));
        }
    }

    private void scan(String path, String text) {
        filesRead++;
        charactersRead += text.length();
        if (filesRead > MOST_FILES || charactersRead > MOST_CHARACTERS) {
            exhausted = true;
            problems.accept(wholeFile(
                    path,
                    quote(path) + " is too much, all files together may be " + MOST_FILES + " and 1 MiB long",
                    "include less"));
            return;
        }
        if (text.indexOf('\0') >= 0) {
            problems.accept(
                    wholeFile(path, quote(path) + " is not a text file, it has zero bytes", "name a text file"));
            return;
        }
        open.push(path);
        int number = 1;
        int start = text.startsWith("\ufeff") ? 1 : 0;
        while (start < text.length() && !isEnough()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            line(path, number++, text.substring(start, end));
            start = end + 1;
        }
        open.pop();
    }

    private boolean isEnough() {
        return exhausted || problems.isFull();
    }

    private void line(String path, int number, String line) {
        if (line.length() > LONGEST_LINE) {
            Statement cut = new Statement(path, number, List.of(line.substring(0, LONGEST_LINE)));
            problems.accept(cut.error(
                    cut.name(),
                    "line beginning with " + quote(cut.name()) + " is longer than " + LONGEST_LINE + " characters",
                    "make it shorter"));
            return;
        }
        List<String> words = words(line);
        if (words.isEmpty() || "!;#%".indexOf(words.getFirst().charAt(0)) >= 0) {
            return;
        }
        Statement statement = new Statement(path, number, words);
        if (statement.name().equalsIgnoreCase("include")) {
            include(statement);
        } else if (statement.name().equalsIgnoreCase("confdir")) {
            confdir(statement);
        } else {
            statements.accept(statement);
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= line.length(); i++) {
            boolean space = i == line.length() || " \t\u000b\f\r".indexOf(line.charAt(i)) >= 0;
            if (space && start >= 0) {
                words.add(line.substring(start, i));
                start = -1;
            } else if (!space && start < 0) {
                start = i;
            }
        }
        return words;
    }

    private void include(Statement statement) {
        Directive.Supported directive =
                (Directive.Supported) Directives.named("include").orElseThrow();
        ArgumentParser.parse(statement, directive, problems).ifPresent(arguments -> {
            String pattern = arguments.text("PATTERN");
            if (!PathPattern.isPattern(pattern)) {
                descend(statement, pattern);
                return;
            }
            List<String> paths = PathPattern.expand(pattern, files);
            if (paths.isEmpty()) {
                problems.accept(statement.warning(
                        pattern, "no file matches " + quote(pattern), "remove the line if none should"));
            }
            paths.forEach(path -> descend(statement, path));
        });
    }

    private void confdir(Statement statement) {
        List<String> directories = statement.rest();
        Kind kind = new Kind.Path();
        if (directories.isEmpty() || directories.size() > MOST_DIRECTORIES) {
            problems.accept(statement.error(
                    statement.name(),
                    quote(statement.name()) + " has " + directories.size() + " directories, expected one to ten",
                    "write 'confdir /etc/noonmark/conf.d'"));
            return;
        }
        Map<String, String> pathByName = new TreeMap<>();
        for (String directory : directories) {
            if (!kind.accepts(directory)) {
                problems.accept(statement.error(
                        directory,
                        quote(statement.name()) + " has " + quote(directory) + ", expected " + kind.expected(),
                        "write 'confdir /etc/noonmark/conf.d'"));
            } else {
                gather(statement, directory, pathByName);
            }
        }
        pathByName.values().forEach(path -> descend(statement, path));
    }

    private void gather(Statement statement, String directory, Map<String, String> pathByName) {
        switch (files.list(directory)) {
            case ConfigFiles.Listing.Names(List<String> names) ->
                names.stream()
                        .filter(name -> PathPattern.matches("*.conf", name))
                        .forEach(name -> pathByName.putIfAbsent(name, directory + "/" + name));
            case ConfigFiles.Listing.Unlisted(String reason) ->
                problems.accept(statement.warning(
                        directory,
                        "directory " + quote(directory) + " cannot be listed, " + reason,
                        "create it or remove the line"));
        }
    }

    private void descend(Statement statement, String path) {
        if (isEnough()) {
            return;
        }
        if (open.contains(path)) {
            problems.accept(statement.error(path, quote(path) + " includes itself", "remove the line"));
        } else if (open.size() >= DEEPEST_INCLUDE) {
            problems.accept(statement.error(
                    path,
                    quote(path) + " is included " + DEEPEST_INCLUDE + " levels deep",
                    "include it from a file further up"));
        } else {
            switch (files.read(path)) {
                case ConfigFiles.FileText.Text(String text) -> scan(path, text);
                case ConfigFiles.FileText.Unreadable(String reason) ->
                    problems.accept(statement.error(
                            path, quote(path) + " cannot be read, " + reason, "make it readable or remove the line"));
            }
        }
    }

    private static Problem wholeFile(String path, String fault, String cure) {
        return new Problem(Severity.ERROR, path, 0, "", Statement.printable(path), fault, cure);
    }
}
