package org.noonmark.provisioning;

/**
 * One thing wrong with the configuration.
 *
 * @param severity whether the configuration can be used all the same
 * @param file where, as the path it was read by
 * @param line in that file, from 1; 0: the file as a whole
 * @param directive the directive as written, or as close as can be told
 * @param value the words at fault, made printable; may equal the directive
 * @param fault what is wrong or was expected, in one phrase that quotes the value
 * @param cure what to do about it, in one phrase
 */
public record Problem(
        Severity severity, String file, int line, String directive, String value, String fault, String cure) {
    /** Whether a problem keeps the daemon from starting. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** Whether this keeps the daemon from starting. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** One sentence: {@code noonmark.conf:12: unknown directive 'alow': did you mean 'allow'?} */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + ": " + (isError() ? "" : "warning: ") + fault + ": " + cure;
    }
}
