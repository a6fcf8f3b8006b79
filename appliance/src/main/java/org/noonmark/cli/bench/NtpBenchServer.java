package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.OverlayClock;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.nts.CookieKeys;
import org.noonmark.nts.CookieKeysText;
import org.noonmark.nts.NtsSupply;
import org.noonmark.server.NtpServer;
import org.noonmark.time.NtpTime;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpMode;
import org.noonmark.xdp.XdpRehearsal;
import org.noonmark.xdp.XdpScope;

/**
 * {@code bench ntp-server INTERFACE ADDRESS best|generic CORES}, ours of {@link NtpBench} as a process of its own: sockets on {@link
 * #SOCKET_PORT}, and AF_XDP on {@link #XDP_PORT} from a line {@code on} of its input to a line {@code off}. Each line is answered.
 */
public final class NtpBenchServer {
    static final int SOCKET_PORT = 1_123;
    static final int XDP_PORT = 2_123;

    private NtpBenchServer() {}

    /** Runs until its input ends. */
    public static int run(String[] args) {
        List<Integer> cores =
                IntStream.range(0, Integer.parseInt(args[3])).boxed().toList();
        return run(args, NtpOptions.PLAIN.withKeys(List.of(NtpLoad.KEY)), cores);
    }

    /** The same for {@link NtsBench}: {@code bench nts-server INTERFACE ADDRESS best|generic KEYS}, with cookie keys of a file. */
    public static int runWithNts(String[] args) {
        try {
            CookieKeys keys = CookieKeysText.parse(Files.readString(Path.of(args[3])));
            return run(args, NtpOptions.PLAIN.withNts(new NtsSupply(() -> keys, new SecureRandom())), List.of(0));
        } catch (IOException | CookieKeysText.MalformedException e) {
            System.err.println("bench nts-server: " + e.getMessage());
            return 1;
        }
    }

    private static int run(String[] args, NtpOptions options, List<Integer> cores) {
        InetAddress address = InetAddress.ofLiteral(args[1]);
        List<XdpMode> modes = args[2].equals("generic") ? List.of(XdpMode.GENERIC) : XdpMode.BEST;
        try (NtpServer sockets = serve(List.of(new InetSocketAddress(address, SOCKET_PORT)), options, cores)) {
            System.out.println("serving " + sockets.addresses());
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            String command = commands.readLine();
            while (command != null) {
                command = xdp(args[0], modes, address, commands, options);
            }
            return 0;
        } catch (XdpException | IOException e) {
            System.err.println("bench ntp-server: " + e.getMessage());
            return 1;
        }
    }

    private static String xdp(
            String card, List<XdpMode> modes, InetAddress address, BufferedReader commands, NtpOptions options)
            throws XdpException, IOException {
        try (NtpServer bypass = serve(List.of(), options, List.of());
                XdpAttachment attachment =
                        XdpAttachment.open(card, modes, new XdpScope(List.of(XDP_PORT), 128, options.capacity()))) {
            bypass.rehearse(XdpRehearsal.open());
            attachment.ways().forEach(bypass::serveToo);
            attachment.serve(Set.of(XdpAttachment.Address.of(address)));
            System.out.println(attachment.description());
            commands.readLine();
        }
        System.out.println("off");
        return commands.readLine();
    }

    private static NtpServer serve(List<InetSocketAddress> addresses, NtpOptions options, List<Integer> cores) {
        AccessTable clients = new AccessTable(List.of(
                AccessRule.of(true, false, new byte[] {10, (byte) 128, 0, 0}, 9, "allow " + BenchNetwork.CLIENTS)));
        OverlayClock clock = new OverlayClock(LinuxTime::realtimeNanos);
        long now = clock.nanos();
        SystemVariables stratumOne = new SystemVariables(
                0, 1, -24, SystemVariables.asciiReferenceId("GPS"), NtpTime.ofUnixNanos(now), 0, 1_000, now, 1_000);
        return NtpServer.start(addresses, () -> clients, options, () -> stratumOne, clock, cores, Thread::new);
    }
}
