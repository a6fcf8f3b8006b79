package org.noonmark.sources;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An IP address of a server.
 *
 * @param text as people write it (RFC 5952)
 * @param referenceId what a server that follows it calls its reference (RFC 5905, section 7.3): an IPv4 address itself, of an IPv6
 *     address the first four octets of its MD5
 */
public record SourceAddress(String text, int referenceId) {
    private static final int IPV4_OCTETS = 4;

    /** The address of 4 or 16 octets. */
    public static SourceAddress of(byte[] octets, String text) {
        return new SourceAddress(text, referenceIdOf(octets));
    }

    /** The reference id that stands for an address of 4 or 16 octets. */
    public static int referenceIdOf(byte[] octets) {
        if (octets.length == IPV4_OCTETS) {
            return ByteBuffer.wrap(octets).getInt();
        }
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("MD5").digest(octets))
                    .getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
