package org.noonmark.acme;

/** What an ACME service says, made fit for a log, a terminal and a status: its words are anybody's. */
public final class ServiceWords {
    private static final int MOST = 300;

    private ServiceWords() {}

    /** Printable ASCII, question marks for the rest, and not too much of it. */
    public static String printable(String words) {
        String beginning = words.substring(0, Math.min(words.length(), MOST));
        return beginning.replaceAll("[^ -~]", "?");
    }
}
