package org.noonmark.control;

import java.util.List;

/**
 * One request line, taken apart.
 *
 * @param name the command, such as {@code status}
 * @param arguments the other words
 */
public record Request(String name, List<String> arguments) {
    public Request {
        arguments = List.copyOf(arguments);
    }

    /** The request in {@code line}, without its line feed. Any text is one; an empty line has an empty name. */
    public static Request parse(String line) {
        List<String> words = List.of(line.strip().split("\\s+"));
        return new Request(words.getFirst(), words.subList(1, words.size()));
    }

    /** Whether {@code option} is among the arguments. */
    public boolean has(String option) {
        return arguments.contains(option);
    }

    /** The line that {@link #parse} reads; the words must hold no white space. */
    public String line() {
        return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
    }
}
