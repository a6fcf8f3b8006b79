package org.noonmark.pps;

/** What {@link EdgeGuard} thinks of an edge: accepted, or the reason why not. */
public enum EdgeVerdict {
    ACCEPTED("the pulse is regular"),
    RATE_UNKNOWN("too few regular pulses yet to know their rate"),
    NOT_ONE_PER_SECOND("the receiver sends more than one pulse per second; set its time pulse to 1 Hz"),
    REPEATED("the device told the same pulse twice"),
    SECOND_IN_SECOND(
            "another pulse within the second; look for noise on the pulse wire, a missing ground or both edges captured"),
    OFF_BEAT("the pulse is not a whole number of seconds after the last good one"),
    BEAT_MOVED(
            "the pulses are regular again, but at another place in the second: the receiver moved them or the clock was set"),
    WRONG_EDGE(
            "the line stays for most of the second after this edge, so it is the end of the pulse; write 'edge clear' (or 'edge assert' if"
                    + " it is clear now), or the pulse's 'width' if it is right"),
    CLOCK_STEPPED("the clock jumped between two pulses");

    private final String why;

    EdgeVerdict(String why) {
        this.why = why;
    }

    /** One plain sentence without a full stop: the reason and, where there is one, the cure. */
    public String why() {
        return why;
    }
}
