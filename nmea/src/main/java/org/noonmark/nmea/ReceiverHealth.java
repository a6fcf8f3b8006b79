package org.noonmark.nmea;

/**
 * What the receiver says of its antenna and of interference (UBX MON-HW, MON-RF, SEC-SIG, NAV-STATUS). Given when it changes, and
 * anew while there is interference.
 *
 * @param antenna supervisor's word, the worst of all radio blocks
 * @param jamming continuous-wave or broadband interference
 * @param spoofing counterfeit signals
 * @param jammingIndicator 0 (none) to 255 (strong) of MON-HW or MON-RF, -1 when not said
 */
public record ReceiverHealth(Antenna antenna, Interference jamming, Interference spoofing, int jammingIndicator) {
    /** Nothing heard yet. */
    public static final ReceiverHealth UNKNOWN =
            new ReceiverHealth(Antenna.UNKNOWN, Interference.UNKNOWN, Interference.UNKNOWN, -1);

    /** Order and numbers of MON-HW aStatus. */
    public enum Antenna {
        INITIALISING,
        UNKNOWN,
        OK,
        SHORT,
        OPEN
    }

    /** Order and numbers of NAV-STATUS spoofDetState and MON-HW jammingState. */
    public enum Interference {
        UNKNOWN,
        NONE,
        INDICATED,
        SEVERE
    }
}
