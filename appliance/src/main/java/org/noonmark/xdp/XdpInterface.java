package org.noonmark.xdp;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A network card as the kernel describes it in /sys/class/net.
 *
 * @param index the kernel's number of it
 * @param mac its address, 48 bits
 * @param queues receive queues, at least 1
 */
record XdpInterface(String name, int index, long mac, int queues) {
    private static final Path CARDS = Path.of("/sys/class/net");
    private static final int ETHERNET = 1;

    /**
     * Reads it.
     *
     * @throws XdpException when there is none of that name, or none whose frames we can read
     */
    static XdpInterface named(String name) throws XdpException {
        Path card = CARDS.resolve(name);
        if (name.contains("/") || !Files.isDirectory(card)) {
            throw new XdpException("there is no network interface '" + name + "'");
        }
        try {
            if (number(card.resolve("type")) != ETHERNET) {
                throw new XdpException("'" + name + "' is not an Ethernet interface");
            }
            requireAlone(card, name);
            long mac =
                    HexFormat.fromHexDigitsToLong(text(card.resolve("address")).replace(":", ""));
            return new XdpInterface(name, number(card.resolve("ifindex")), mac, Math.max(1, receiveQueues(card)));
        } catch (IOException | IllegalArgumentException e) {
            throw new XdpException("'" + name + "' cannot be read in " + card + ": " + e.getMessage());
        }
    }

    /** A bridge, a bond or VLANs above take frames with other addresses or tags: theirs go the kernel's way. */
    private static void requireAlone(Path card, String name) throws IOException, XdpException {
        try (DirectoryStream<Path> above = Files.newDirectoryStream(card, "upper_*")) {
            for (Path upper : above) {
                throw new XdpException("'" + name + "' is part of '"
                        + upper.getFileName().toString().substring("upper_".length()) + "'");
            }
        }
    }

    private static int receiveQueues(Path card) throws IOException {
        int queues = 0;
        try (DirectoryStream<Path> each = Files.newDirectoryStream(card.resolve("queues"), "rx-*")) {
            for (Path ignored : each) {
                queues++;
            }
        }
        return queues;
    }

    private static int number(Path file) throws IOException {
        return Integer.parseInt(text(file));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
