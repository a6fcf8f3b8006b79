package org.noonmark.status;

import java.util.Arrays;
import java.util.Optional;

/**
 * How one link of the chain was found.
 *
 * @param link which
 * @param severity how bad
 * @param what the evidence, one phrase with its figures
 * @param cure what to do, one phrase; empty where nothing is to be done
 */
public record Finding(ChainLink link, Severity severity, String what, String cure) {
    /** In rising order. */
    public enum Severity {
        /** It holds. */
        OK,
        /** It could not be looked at, and nothing else speaks against it. */
        NOT_EXAMINED,
        /** It holds, and could be better. */
        ADVICE,
        /** The time is right and clients get it, for now or less well than it could be. */
        WARNING,
        /** It is broken. */
        CRITICAL;

        /** Whether something is wrong. */
        public boolean isBroken() {
            return compareTo(WARNING) >= 0;
        }

        static Optional<Severity> named(String name) {
            return Arrays.stream(values())
                    .filter(each -> each.name().equals(name))
                    .findFirst();
        }
    }

    /** What is broken always has a cure: the link's general one, if no better is given. */
    public Finding {
        if (cure.isEmpty() && severity.isBroken()) {
            cure = link.generalCure();
        }
    }

    /** It holds. */
    public static Finding ok(ChainLink link, String what) {
        return new Finding(link, Severity.OK, what, "");
    }

    /** Nobody could look, and why. */
    public static Finding notExamined(ChainLink link, String why) {
        return new Finding(link, Severity.NOT_EXAMINED, why, "");
    }

    /** It holds, and could be better. */
    public static Finding advice(ChainLink link, String what, String cure) {
        return new Finding(link, Severity.ADVICE, what, cure);
    }

    /** Wrong, and the time is right all the same. */
    public static Finding warning(ChainLink link, String what, String cure) {
        return new Finding(link, Severity.WARNING, what, cure);
    }

    /** Broken. */
    public static Finding critical(ChainLink link, String what, String cure) {
        return new Finding(link, Severity.CRITICAL, what, cure);
    }

    /** Of a sentence that says both. */
    static Finding ofSentence(ChainLink link, Severity severity, String sentence) {
        return ofSentence(link, severity, "", sentence);
    }

    /**
     * Of a sentence that says both: its cure stands behind the last semicolon, or where there is none behind the last colon.
     *
     * @param before what is said before it
     */
    static Finding ofSentence(ChainLink link, Severity severity, String before, String sentence) {
        int semicolon = sentence.lastIndexOf("; ");
        int end = semicolon < 0 ? sentence.lastIndexOf(": ") : semicolon;
        return end < 0
                ? new Finding(link, severity, before + sentence, "")
                : new Finding(link, severity, before + sentence.substring(0, end), sentence.substring(end + 2));
    }

    /** Both in one sentence. */
    public String sentence() {
        return cure.isEmpty() ? what : what + (what.contains(": ") ? "; " : ": ") + cure;
    }
}
