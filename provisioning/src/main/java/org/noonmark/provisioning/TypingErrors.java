package org.noonmark.provisioning;

/** Counts the typing errors between two words: a letter too much, missing, wrong, or two neighbours exchanged. */
final class TypingErrors {
    private TypingErrors() {}

    /** The restricted Damerau-Levenshtein distance, in time and space as the product of the lengths. */
    static int between(String a, String b) {
        int[][] errors = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                errors[i][j] = i == 0 || j == 0 ? i + j : cheapest(errors, a, b, i, j);
            }
        }
        return errors[a.length()][b.length()];
    }

    private static int cheapest(int[][] errors, String a, String b, int i, int j) {
        int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(errors[i - 1][j], errors[i][j - 1]) + 1, errors[i - 1][j - 1] + wrong);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(least, errors[i - 2][j - 2] + 1) : least;
    }
}
