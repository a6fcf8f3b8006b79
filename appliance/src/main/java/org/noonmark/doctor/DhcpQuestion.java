package org.noonmark.doctor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.noonmark.doctor.MachineFacts.Offer;

/**
 * A client's question for an offer (DHCPDISCOVER, RFC 2131) and the reading of offers. Nothing is accepted: a server forgets an offer that nobody
 * takes. Offers are asked for by broadcast, since the machine's own DHCP client has the port for its own address.
 */
public final class DhcpQuestion {
    /** BOOTP's header with the magic cookie, and where its fields begin. */
    private static final int OPTIONS = 240;

    private static final int XID = 4;
    private static final int FLAGS = 10;
    private static final int HARDWARE_ADDRESS = 28;
    private static final int MAGIC = 236;
    private static final int MAGIC_COOKIE = 0x63825363;
    private static final short BROADCAST = (short) 0x8000;
    /** A BOOTP packet is no shorter; some servers drop what is. */
    private static final int LEAST_LENGTH = 300;

    private static final byte PAD = 0;
    private static final byte END = (byte) 255;
    private static final byte NTP_SERVERS = 42;
    private static final byte MESSAGE_TYPE = 53;
    private static final byte SERVER_IDENTIFIER = 54;
    private static final byte PARAMETERS = 55;
    private static final byte VENDOR_CLASS = 60;
    private static final byte DISCOVER = 1;
    private static final byte OFFER = 2;
    private static final int ADDRESS = 4;
    private static final int MOST_ADDRESSES = 16;

    private DhcpQuestion() {}

    /**
     * The question.
     *
     * @param hardwareAddress of the interface, six octets
     * @param transaction by which the answers are known
     */
    public static byte[] discover(byte[] hardwareAddress, int transaction) {
        ByteBuffer packet = ByteBuffer.allocate(LEAST_LENGTH);
        packet.put((byte) 1).put((byte) 1).put((byte) 6);
        packet.putInt(XID, transaction).putShort(FLAGS, BROADCAST);
        packet.put(HARDWARE_ADDRESS, hardwareAddress, 0, 6).putInt(MAGIC, MAGIC_COOKIE);
        byte[] vendor = "noonmark doctor".getBytes(StandardCharsets.US_ASCII);
        packet.position(OPTIONS)
                .put(MESSAGE_TYPE)
                .put((byte) 1)
                .put(DISCOVER)
                .put(VENDOR_CLASS)
                .put((byte) vendor.length)
                .put(vendor)
                // Subnet mask, router, DNS servers, and the one that matters.
                .put(PARAMETERS)
                .put(new byte[] {4, 1, 3, 6, NTP_SERVERS})
                .put(END);
        return packet.array();
    }

    /** What an answer offers; empty when it is no offer to that question. Any octets will do. */
    public static Optional<Offer> offer(byte[] packet, int length, int transaction) {
        ByteBuffer in = ByteBuffer.wrap(packet, 0, Math.min(length, packet.length));
        if (in.limit() < OPTIONS
                || in.get(0) != 2
                || in.getInt(XID) != transaction
                || in.getInt(MAGIC) != MAGIC_COOKIE) {
            return Optional.empty();
        }
        in.position(OPTIONS);
        boolean isOffer = false;
        String server = "";
        List<String> timeServers = new ArrayList<>();
        while (in.hasRemaining()) {
            byte option = in.get();
            if (option == PAD) {
                continue;
            }
            if (option == END || !in.hasRemaining()) {
                break;
            }
            byte[] value = new byte[Math.min(in.get() & 0xff, in.remaining())];
            in.get(value);
            switch (option) {
                case MESSAGE_TYPE -> isOffer = Arrays.equals(value, new byte[] {OFFER});
                case SERVER_IDENTIFIER ->
                    server = String.join("", addresses(value).stream().limit(1).toList());
                case NTP_SERVERS -> timeServers.addAll(addresses(value));
                default -> {}
            }
        }
        return isOffer ? Optional.of(new Offer(server, timeServers)) : Optional.empty();
    }

    private static List<String> addresses(byte[] value) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i + ADDRESS <= value.length && addresses.size() < MOST_ADDRESSES; i += ADDRESS) {
            addresses.add((value[i] & 0xff) + "." + (value[i + 1] & 0xff) + "." + (value[i + 2] & 0xff) + "."
                    + (value[i + 3] & 0xff));
        }
        return addresses;
    }
}
