package org.noonmark.sources;

/** What selection makes of a server, with chrony's letters of {@code selectdata} and {@code sources}. */
public enum Verdict {
    /** Watched only. */
    NOSELECT('N', '?', "it is only watched (noselect)"),
    /** It spreads a leap second. */
    SMEARS('x', 'x', "it smears a leap second"),
    /** Too few samples for a line. */
    MISSING_SAMPLES('M', '?', "fewer than three samples yet"),
    /** It has never said that it knows the time. */
    UNSYNCHRONISED('s', '?', "it does not say that it is synchronised"),
    /** Its root distance is beyond {@code maxdistance}. */
    TOO_DISTANT('d', '?', "its error may be larger than maxdistance allows"),
    /** Its scatter is beyond {@code maxjitter}. */
    JITTERY('~', '~', "its offsets scatter more than maxjitter allows"),
    /** Others that began with it have no line yet. */
    WAITS_FOR_SAMPLES('w', '?', "others are still being measured"),
    /** It has lost its reference, and this machine does not follow it. */
    ORPHAN('O', '?', "it is an orphan that this machine does not follow"),
    /** It is not heard any more and others are. */
    STALE('S', '?', "it is not heard any more"),
    /** It agrees with the trusted ones, but reaches beyond what they say. */
    NOT_TRUSTED('T', '?', "it reaches beyond what the trusted sources allow"),
    /** What it says and what most say cannot both be true. */
    FALSETICKER('x', 'x', "it contradicts the majority, or there is none"),
    /** Fewer agree than {@code minsources}, or none that is required. */
    WAITS_FOR_SOURCES('W', '-', "too few sources agree, or none that is required"),
    /** It agrees, and another is preferred. */
    NOT_PREFERRED('P', '-', "it agrees; another source is preferred"),
    /** It agrees. */
    AGREES('+', '+', "it agrees"),
    /** It agrees, and has the best figures. */
    BEST('*', '*', "it agrees, and its figures are the best");

    private final char selectionLetter;
    private final char sourceLetter;
    private final String reason;

    Verdict(char selectionLetter, char sourceLetter, String reason) {
        this.selectionLetter = selectionLetter;
        this.sourceLetter = sourceLetter;
        this.reason = reason;
    }

    /** As in chronyc's selectdata. */
    public char selectionLetter() {
        return selectionLetter;
    }

    /** As in chronyc's sources. */
    public char sourceLetter() {
        return sourceLetter;
    }

    /** Why, one phrase. */
    public String reason() {
        return reason;
    }

    /** Whether it is one of those that agree. */
    public boolean isTruechimer() {
        return this == AGREES || this == BEST || this == NOT_PREFERRED;
    }
}
