package org.noonmark.nmea.setup;

/** How often a message is wanted, in navigation epochs, of which there is one a second. */
enum OutputRate {
    /** In each. */
    EACH,
    /** Now and then: a long one, or one that changes rarely. */
    SOME,
    /** Not at all. */
    NONE;

    private static final int SLOW_LINE = 5;
    private static final int SELDOM = 10;

    /** Whether a message that comes every {@code epochs} epochs (0: never) comes as wanted. */
    boolean isMet(long epochs, boolean fastLine) {
        return switch (this) {
            case EACH -> epochs == 1;
            case SOME -> epochs <= SELDOM && epochs >= (fastLine ? 1 : SLOW_LINE);
            case NONE -> epochs == 0;
        };
    }

    /** What to set. */
    int epochs(boolean fastLine) {
        return switch (this) {
            case EACH -> 1;
            case SOME -> fastLine ? 1 : SLOW_LINE;
            case NONE -> 0;
        };
    }
}
