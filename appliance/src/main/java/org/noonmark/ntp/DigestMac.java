package org.noonmark.ntp;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A hash of the key followed by the packet (RFC 5905, appendix A.5.1, and as chrony and ntpd do for every hash). */
final class DigestMac implements KeyedMac {
    private final MessageDigest hash;
    private final byte[] secret;
    private final int length;

    /** @throws IllegalStateException when this Java has no such hash */
    DigestMac(String standardName, byte[] secret) {
        try {
            this.hash = MessageDigest.getInstance(standardName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no " + standardName, e);
        }
        this.secret = secret.clone();
        this.length = hash.getDigestLength();
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void digest(byte[] message, int messageLength, byte[] digest) {
        try {
            hash.update(secret, 0, secret.length);
            hash.update(message, 0, messageLength);
            hash.digest(digest, 0, length);
        } catch (DigestException e) {
            throw new IllegalStateException("room for " + digest.length + " octets, " + length + " needed", e);
        }
    }
}
