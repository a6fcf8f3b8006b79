package org.noonmark.control;

/**
 * What a request gets.
 *
 * @param code exit code for the asking command
 * @param text what to print: to standard output for {@link #OK} and {@link #NOT_GOOD}, else to standard error; ends with a line feed
 */
public record Answer(int code, String text) {
    /** Done. */
    public static final int OK = 0;
    /** The report is there and says that something is not as it should be: not synchronised, a failed check. */
    public static final int NOT_GOOD = 1;
    /** The request cannot be understood. */
    public static final int USAGE = 2;

    /** A report that ends well. */
    public static Answer ok(String text) {
        return new Answer(OK, text);
    }

    /** A request that cannot be understood; the sentence says why and what would be. */
    public static Answer usage(String sentence) {
        return new Answer(USAGE, sentence + "\n");
    }

    /** Whether the text is a report rather than a complaint. */
    public boolean isReport() {
        return code == OK || code == NOT_GOOD;
    }
}
