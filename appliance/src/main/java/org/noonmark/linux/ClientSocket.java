package org.noonmark.linux;

import java.net.InetSocketAddress;

/**
 * A socket for one request to one server and its answers: its port is chosen at random by the kernel (RFC 9109), and the kernel hands over
 * what comes from that server alone. Opened by {@link ClientSockets}, and used by its thread.
 */
public final class ClientSocket {
    private final int fd;
    private final InetSocketAddress server;
    private final InetSocketAddress local;
    private boolean ready;
    private boolean unreachable;

    ClientSocket(int fd, InetSocketAddress server, InetSocketAddress local) {
        this.fd = fd;
        this.server = server;
        this.local = local;
    }

    int fd() {
        return fd;
    }

    /** Whom it asks. */
    public InetSocketAddress server() {
        return server;
    }

    /** The address of this machine that the kernel has chosen for that server, and the port. */
    public InetSocketAddress local() {
        return local;
    }

    /** Whether the last {@link ClientSockets#await} has found something here. */
    public boolean isReady() {
        return ready;
    }

    /** Whether the network has said that there is no way to the server, or that nobody listens there. */
    public boolean isUnreachable() {
        return unreachable;
    }

    void setUnreachable() {
        unreachable = true;
    }

    void setReady(boolean ready) {
        this.ready = ready;
    }
}
