package org.noonmark.cli.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One result: keys and values in order, as a line of {@code key=value} or as a JSON object. */
final class ResultLine {
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Reads a line that {@link #text} made. */
    static ResultLine of(String text) {
        ResultLine line = new ResultLine();
        for (String pair : text.split(" ", -1)) {
            int equals = pair.indexOf('=');
            line.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return line;
    }

    ResultLine put(String key, String value) {
        values.put(key, value);
        return this;
    }

    ResultLine put(String key, long value) {
        return put(key, Long.toString(value));
    }

    /** Four digits, as all figures of a bench. */
    ResultLine put(String key, double value) {
        return put(key, String.format(Locale.ROOT, "%.4g", value));
    }

    /** The value of {@code key}; NaN when it is missing or no number. */
    double number(String key) {
        try {
            return Double.parseDouble(values.getOrDefault(key, "NaN"));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    String word(String key) {
        return values.getOrDefault(key, "");
    }

    String text() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    String json() {
        return values.keySet().stream()
                .map(key -> "\"" + key + "\":" + jsonValue(key))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Values are numbers or names of our own, which hold nothing to escape. */
    private String jsonValue(String key) {
        double number = number(key);
        return Double.isFinite(number) ? String.valueOf(number) : "\"" + word(key) + "\"";
    }
}
