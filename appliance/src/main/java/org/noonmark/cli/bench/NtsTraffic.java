package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Clients that establish keys with a running server and ask it with NTS; for {@link LongRunBench}. */
final class NtsTraffic {
    private static final int KE_PORT = 14_460;
    private static final int SESSIONS = 20;

    private final BenchNetwork network;
    private final Path sessions;
    private int established;
    private double sent;
    private double good;
    private double wrong;

    /** @param folder for what the key exchange leaves */
    NtsTraffic(BenchNetwork network, Path folder) {
        this.network = network;
        this.sessions = folder.resolve("sessions");
    }

    /**
     * New keys, and requests by them.
     *
     * @param turn as {@link NtsLoad} takes one: whom, how many, how often and for how long
     */
    void ask(int port, String turn, int turns) throws IOException {
        establish();
        try (BenchProcess load =
                BenchProcess.start(network.clientPrefix(), List.of("nts-load", BenchNetwork.CLIENT_CARD))) {
            load.ask("load " + port + " " + sessions);
            for (int i = 0; i < turns; i++) {
                ResultLine result = ResultLine.of(load.ask(turn));
                sent += result.number("sent");
                good += result.number("good");
                wrong += result.number("wrong");
            }
        }
    }

    private void establish() throws IOException {
        List<String> words = List.of(
                "nts-ke",
                BenchNetwork.SERVER_ADDRESS,
                Integer.toString(KE_PORT),
                Integer.toString(SESSIONS),
                sessions.toString());
        try (BenchProcess exchange = BenchProcess.start(network.serverPrefix(), words)) {
            exchange.hear();
        }
        established += SESSIONS;
    }

    /** What came of it, into a line of results. */
    void report(ResultLine line) {
        line.put("nts_sent", sent)
                .put("nts_answered", good / sent)
                .put("nts_wrong", wrong)
                .put("handshakes", established);
    }
}
