package org.noonmark.cli.bench;

import java.util.List;

/**
 * One of the networks that clients are compared in.
 *
 * @param name one word
 * @param servers the first has the address 10.0.0.1
 * @param minPoll shortest interval between two requests, log2 seconds
 * @param maxPoll longest
 * @param convergedNanos a clock that stays nearer to the truth than that has converged
 */
record SourcesNetwork(String name, List<ServerPath> servers, int minPoll, int maxPoll, long convergedNanos) {
    /** Of each run. */
    static final int SECONDS = 6 * 3_600;

    private static final long MILLI = 1_000_000L;
    private static final long MICRO = 1_000L;
    private static final int MIN_POLL = 6;
    private static final int MAX_POLL = 10;

    private static final ServerPath NEAR = ServerPath.of(20 * MILLI, MILLI);
    private static final ServerPath MIDDLE = ServerPath.of(30 * MILLI, MILLI);
    private static final ServerPath FAR = ServerPath.of(45 * MILLI, 2 * MILLI);

    static final List<SourcesNetwork> ALL = List.of(
            usual("lan", MILLI / 5, ServerPath.of(400 * MICRO, 20 * MICRO)),
            usual(
                    "delay",
                    2 * MILLI,
                    ServerPath.of(80 * MILLI, MILLI / 2),
                    ServerPath.of(150 * MILLI, MILLI / 2),
                    ServerPath.of(250 * MILLI, MILLI / 2)),
            usual("asymmetry", 15 * MILLI, NEAR.unequal(0.3), MIDDLE.unequal(0.3), FAR.unequal(0.3)),
            usual(
                    "jitter",
                    10 * MILLI,
                    NEAR.jittering(8 * MILLI),
                    MIDDLE.jittering(8 * MILLI),
                    FAR.jittering(8 * MILLI)),
            usual("loss", 5 * MILLI, NEAR.losing(0.4), MIDDLE.losing(0.4), FAR.losing(0.4)),
            usual("duplicates", 5 * MILLI, NEAR.doubling(0.5), MIDDLE.doubling(0.5), FAR.doubling(0.5)),
            usual("reordering", 5 * MILLI, NEAR.holding(0.25), MIDDLE.holding(0.25), FAR.holding(0.25)),
            usual(
                    "queues",
                    10 * MILLI,
                    NEAR.queueing(60 * MILLI),
                    MIDDLE.queueing(60 * MILLI),
                    FAR.queueing(60 * MILLI)),
            usual("liar", 5 * MILLI, NEAR.lying(80 * MILLI), MIDDLE, FAR, MIDDLE),
            new SourcesNetwork("long_poll", List.of(NEAR, MIDDLE, FAR), 10, 10, 5 * MILLI));

    private static SourcesNetwork usual(String name, long convergedNanos, ServerPath... servers) {
        return new SourcesNetwork(name, List.of(servers), MIN_POLL, MAX_POLL, convergedNanos);
    }

    static String address(int server) {
        return "10.0.0." + (server + 1);
    }
}
