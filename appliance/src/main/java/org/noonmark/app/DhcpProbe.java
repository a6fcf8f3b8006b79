package org.noonmark.app;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.noonmark.doctor.DhcpQuestion;
import org.noonmark.doctor.MachineFacts.Dhcp;
import org.noonmark.doctor.MachineFacts.Offer;
import org.noonmark.linux.LinuxTime;

/** Asks the LAN's DHCP servers what they would offer: one packet on each connected network, and some seconds of listening. */
final class DhcpProbe {
    private static final int CLIENT_PORT = 68;
    private static final int SERVER_PORT = 67;
    /** dnsmasq and ISC's look first, for three seconds and for one, whether anybody has the address that they would offer. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final int MOST_OFFERS = 8;
    private static final int MOST_NETWORKS = 4;
    private static final int LONGEST_PACKET = 1500;

    private DhcpProbe() {}

    /** Never fails: who may not ask says so. */
    static Dhcp ask() {
        int transaction = new SecureRandom().nextInt();
        try (DatagramSocket socket = new DatagramSocket(null)) {
            // The machine's own DHCP client may have the port, for its own address.
            socket.setReuseAddress(true);
            socket.setBroadcast(true);
            socket.bind(new InetSocketAddress("0.0.0.0", CLIENT_PORT));
            int asked = 0;
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                asked += asked < MOST_NETWORKS && ask(each, transaction) ? 1 : 0;
            }
            return asked == 0
                    ? new Dhcp.NotAsked("no network with a broadcast address is connected")
                    : new Dhcp.Asked(listen(socket, transaction));
        } catch (BindException e) {
            return new Dhcp.NotAsked(
                    "its port (UDP " + CLIENT_PORT + ") cannot be had (" + e.getMessage() + "): only root may ask");
        } catch (IOException e) {
            return new Dhcp.NotAsked("DHCP servers could not be asked (" + e.getMessage() + ")");
        }
    }

    /** From a socket of its own: by the address that it is bound to, Linux knows by which interface 255.255.255.255 is to leave. */
    private static boolean ask(NetworkInterface network, int transaction) {
        try {
            byte[] hardware = network.getHardwareAddress();
            if (network.isLoopback() || !network.isUp() || hardware == null || hardware.length != 6) {
                return false;
            }
            for (InterfaceAddress address : network.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address && address.getBroadcast() != null) {
                    byte[] question = DhcpQuestion.discover(hardware, transaction);
                    try (DatagramSocket socket = new DatagramSocket(null)) {
                        socket.setReuseAddress(true);
                        socket.setBroadcast(true);
                        socket.bind(new InetSocketAddress(address.getAddress(), CLIENT_PORT));
                        socket.send(new DatagramPacket(
                                question, question.length, new InetSocketAddress("255.255.255.255", SERVER_PORT)));
                    }
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // an interface that went away, or has no link: there is nobody to ask
        }
        return false;
    }

    private static List<Offer> listen(DatagramSocket socket, int transaction) throws IOException {
        List<Offer> offers = new ArrayList<>();
        long end = LinuxTime.monotonicNanos() + PATIENCE_NANOS;
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST_PACKET], LONGEST_PACKET);
        while (offers.size() < MOST_OFFERS) {
            int left = Math.toIntExact((end - LinuxTime.monotonicNanos()) / 1_000_000);
            if (left <= 0) {
                break;
            }
            try {
                socket.setSoTimeout(left);
                packet.setLength(LONGEST_PACKET);
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                break;
            } catch (SocketException e) {
                continue; // an answer of the network that nobody is there
            }
            DhcpQuestion.offer(packet.getData(), packet.getLength(), transaction)
                    .filter(offer -> !offers.contains(offer))
                    .ifPresent(offers::add);
        }
        return offers;
    }
}
