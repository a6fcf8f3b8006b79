package org.noonmark.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * {@code dev bench flood}: floods of forged requests, in namespaces of our own, with honest clients among them. Outside: forged addresses
 * that no rule allows. Inside: any of the allowed network. Victim: always that of one honest client, from one port; disguised: the same
 * from any. Told are the shares of requests that were answered of clients known before the flood and of new ones; of the victim's polls,
 * {@link FloodLoad#RETRIES} tries each, those with an answer; and of its requests with a MAC.
 */
public final class FloodBench {
    private static final String ARGUMENTS =
            "[--for SECONDS] [--rate REQUESTS_A_SECOND] [--path xdp|socket] [--urgent yes|no]";
    private static final int KNOWN_SECONDS = 8;
    private static final List<FloodLoad.Kind> FLOODS =
            List.of(FloodLoad.Kind.OUTSIDE, FloodLoad.Kind.INSIDE, FloodLoad.Kind.VICTIM, FloodLoad.Kind.DISGUISED);

    private FloodBench() {}

    /** Runs; the exit code is 0 when it ran to the end. */
    public static int run(String[] args) {
        return BenchArguments.run("flood", ARGUMENTS, args, given -> {
            int seconds = given.number("--for", 60, 86_400);
            int rate = given.number("--rate", 2_000_000, Integer.MAX_VALUE);
            boolean xdp = given.word("--path", "xdp", "socket").equals("xdp");
            boolean urgent = given.isYes("--urgent");
            return () -> measure(seconds, rate, xdp, urgent);
        });
    }

    private static void measure(int seconds, int rate, boolean xdp, boolean urgent) throws IOException {
        try (BenchNetwork network = BenchNetwork.create(1, urgent);
                BenchProcess server = BenchProcess.start(
                        network.serverPrefix(),
                        List.of("ntp-server", BenchNetwork.SERVER_CARD, BenchNetwork.SERVER_ADDRESS, "best", "1"));
                BenchProcess load =
                        BenchProcess.start(network.clientPrefix(), List.of("flood-load", BenchNetwork.CLIENT_CARD))) {
            server.hear();
            if (xdp) {
                server.ask("on");
                network.receiveXdpOnServersCore(true);
            }
            String target =
                    network.serverMac() + " " + (xdp ? NtpBenchServer.XDP_PORT : NtpBenchServer.SOCKET_PORT) + " ";
            for (FloodLoad.Kind kind : FLOODS) {
                ResultLine before = ResultLine.of(load.ask(target + "none 0 " + KNOWN_SECONDS * 1_000));
                long residentBefore = server.residentKilobytes();
                String turn = kind.name().toLowerCase(Locale.ROOT) + " " + rate + " " + seconds * 1_000L;
                ResultLine during = ResultLine.of(load.ask(target + turn));
                System.out.println("bench=flood path=" + (xdp ? "xdp" : "socket") + " flood="
                        + kind.name().toLowerCase(Locale.ROOT) + " seconds=" + seconds + " quiet_honest="
                        + before.word("honest") + " " + during.text() + " rss_before_kb=" + residentBefore
                        + " rss_after_kb=" + server.residentKilobytes());
            }
        }
    }
}
