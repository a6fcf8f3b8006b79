package org.noonmark.provisioning;

import java.util.ArrayList;
import java.util.List;

/** Shell patterns of paths as in glob(7): {@code *}, {@code ?} and {@code [a-z]}, none of which matches a slash or a leading dot. */
final class PathPattern {
    /** More matches than files may be read are of no use. */
    private static final int MOST_MATCHES = 1000;

    private PathPattern() {}

    static boolean isPattern(String path) {
        return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /** The existing paths that match, sorted by their characters. Directories that cannot be listed hold no match. */
    static List<String> expand(String pattern, ConfigFiles files) {
        List<String> bases = List.of("");
        for (String segment : pattern.split("/+", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            List<String> longer = new ArrayList<>();
            boolean sure = !isPattern(segment) && bases.size() == 1;
            for (String base : bases) {
                List<String> names = sure ? List.of(segment) : matching(segment, base, files);
                names.forEach(name -> longer.add(base + "/" + name));
                if (longer.size() > MOST_MATCHES) {
                    break;
                }
            }
            bases = longer;
        }
        return bases.stream().sorted().limit(MOST_MATCHES).toList();
    }

    private static List<String> matching(String segment, String directory, ConfigFiles files) {
        return switch (files.list(directory.isEmpty() ? "/" : directory)) {
            case ConfigFiles.Listing.Unlisted _ -> List.of();
            case ConfigFiles.Listing.Names(List<String> names) ->
                names.stream().filter(name -> matches(segment, name)).toList();
        };
    }

    /** Whether a name matches; takes time as the product of both lengths, whatever the pattern. */
    static boolean matches(String pattern, String name) {
        if (name.startsWith(".") && !pattern.startsWith(".")) {
            return false;
        }
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (int p = 0; p < pattern.length(); p = afterToken(pattern, p)) {
            boolean[] after = new boolean[name.length() + 1];
            boolean star = pattern.charAt(p) == '*';
            for (int n = 0; n <= name.length(); n++) {
                if (star) {
                    after[n] = reached[n] || (n > 0 && after[n - 1]);
                } else {
                    after[n] = n > 0 && reached[n - 1] && matchesOne(pattern, p, name.charAt(n - 1));
                }
            }
            reached = after;
        }
        return reached[name.length()];
    }

    private static int afterToken(String pattern, int at) {
        int end = classEnd(pattern, at);
        return end < 0 ? at + 1 : end + 1;
    }

    /** Where the class that begins at {@code at} has its closing bracket; -1 when none begins there. */
    private static int classEnd(String pattern, int at) {
        if (pattern.charAt(at) != '[') {
            return -1;
        }
        int first = at + 1 < pattern.length() && isNegation(pattern.charAt(at + 1)) ? at + 2 : at + 1;
        return pattern.indexOf(']', first + 1);
    }

    private static boolean isNegation(char c) {
        return c == '!' || c == '^';
    }

    private static boolean matchesOne(String pattern, int at, char c) {
        int end = classEnd(pattern, at);
        if (end < 0) {
            return pattern.charAt(at) == '?' || pattern.charAt(at) == c;
        }
        boolean negated = isNegation(pattern.charAt(at + 1));
        boolean found = false;
        for (int i = negated ? at + 2 : at + 1; i < end; i++) {
            char low = pattern.charAt(i);
            char high = low;
            if (i + 2 < end && pattern.charAt(i + 1) == '-') {
                high = pattern.charAt(i + 2);
                i += 2;
            }
            found |= low <= c && c <= high;
        }
        return found != negated;
    }
}
