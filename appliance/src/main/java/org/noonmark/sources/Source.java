package org.noonmark.sources;

/** What {@link Selection} weighs: a server that is asked, or a clock at this machine. Used by one thread. */
sealed interface Source permits Association, ReferenceClock {
    /** How it is weighed; of a clock, what is about packets says nothing. */
    SourceOptions options();

    /** The line through its samples. */
    SourceStatistics statistics();

    /** Its verdicts of the last eight times, newest in the lowest bit: 1 where it told the time. */
    int reach();

    boolean isReachFull();

    /** Whether it said last that it knows the time. */
    boolean isSynchronised();

    /** Of a server 1 to 15, and 0 before the first useful answer; a clock has 0 as a rule. */
    int stratum();

    /** RFC 5905, figure 9; 3 before it has told the time. */
    int leapIndicator();

    /** Why it is taken for one that smears a leap second; empty when it is not. */
    String smear(long rawNanos);

    /** Its name, as a person is told of it. */
    String shownName();

    /** What it is, in a word or two. */
    String kind();

    /** What one that follows it is one stratum below. */
    int stratumToFollow();

    /** What one that follows it calls its reference. */
    int referenceIdToFollow();

    /** Whether it may stop what a receiver has proven: it shows who it is, or the owner trusts or requires it. */
    boolean isWeighty();

    /** Whether what it says of leap seconds is its own word. */
    default boolean votesOnLeap() {
        return true;
    }

    /** Whether it says that a leap second ends this day. */
    default boolean announcesLeap() {
        return votesOnLeap() && (leapIndicator() == 1 || leapIndicator() == 2);
    }
}
