package org.noonmark.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.PacketCounters;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/** The NTP service: one socket and one packet thread for each address. */
public final class NtpServer implements AutoCloseable {
    private final List<InetSocketAddress> addresses;

    /**
     * Opens all sockets, warms up and starts to answer.
     *
     * @param addresses where to listen; a wildcard address listens on all addresses of its own family only, port 0 takes a free port
     * @param access who is answered
     * @param system the state to serve, read for every few answers; never null
     * @param clock the clock that is served
     * @throws org.noonmark.linux.UdpSocketException when an address cannot be had; nothing is left open then
     */
    public static NtpServer start(
            List<InetSocketAddress> addresses,
            AccessTable access,
            Supplier<SystemVariables> system,
            RealtimeClock clock) {
        return new NtpServer(addresses);
    }

    private NtpServer(List<InetSocketAddress> addresses) {
        this.addresses = addresses;
    }

    /** The addresses it listens on, with their real ports. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** Counts of each packet thread. */
    public List<PacketCounters> counters() {
        return List.of();
    }

    /** Stops answering and closes the sockets; returns when the threads have ended. */
    @Override
    public void close() {}
}
