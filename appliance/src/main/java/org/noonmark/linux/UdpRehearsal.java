package org.noonmark.linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Between two private sockets on loopback. */
public final class UdpRehearsal implements Rehearsal {
    private final UdpSocket served;
    private final UdpSocket client;

    private UdpRehearsal(UdpSocket served, UdpSocket client) {
        this.served = served;
        this.client = client;
    }

    /**
     * Opens both.
     *
     * @throws UdpSocketException on a machine without loopback
     */
    public static UdpRehearsal open() {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        UdpSocket served = UdpSocket.open(loopback);
        try {
            return new UdpRehearsal(served, UdpSocket.open(loopback));
        } catch (UdpSocketException refused) {
            served.close();
            throw refused;
        }
    }

    @Override
    public Datagrams way() {
        return served;
    }

    @Override
    public void begin() {
        client.begin();
    }

    @Override
    public ByteBuffer packets() {
        return client.packets();
    }

    @Override
    public int packetStart(int slot) {
        return client.packetStart(slot);
    }

    @Override
    public void ask(int slot, int length) {
        client.aim(slot, served.localAddress());
        client.queue(slot, length);
    }

    @Override
    public void deliver(int requests) {
        client.send(0, requests);
    }

    @Override
    public int hear() {
        return client.receive();
    }

    @Override
    public void close() {
        client.close();
        served.close();
    }
}
