package org.noonmark.ntp;

import java.util.Comparator;
import java.util.List;

/**
 * Checks and makes the MACs of symmetric keys (RFC 5905, section 7.3): key id, then a digest of all that stands before it. For one
 * thread; nothing is allocated after construction, except that SHA-3 of OpenJDK 25 takes 24 octets for each digest.
 *
 * <p>A packet of version 4 carries at most {@value #MOST_V4_DIGEST} octets of digest, so that a MAC can be told from an extension field
 * (RFC 7822, section 7.5.1.4); one of an older version carries it whole. As with chrony, both sides must agree in that to the octet.
 */
public final class MacAuthenticator {
    /** What a digest is cut to in version 4. */
    static final int MOST_V4_DIGEST = 20;

    static final int KEY_ID = 4;
    /** The longest request that a packet thread takes. */
    private static final int MOST_MESSAGE = 1_536;

    private final int[] ids;
    private final KeyedMac[] macs;
    private final byte[] message = new byte[MOST_MESSAGE + KeyedMac.ROOM_BEHIND];
    private final byte[] digest = new byte[KeyedMac.MOST_DIGEST_BYTES];

    /** @param keys with different ids, in any order */
    public MacAuthenticator(List<SymmetricKey> keys) {
        List<SymmetricKey> sorted = keys.stream()
                .sorted(Comparator.comparing(SymmetricKey::id, Integer::compareUnsigned))
                .toList();
        ids = sorted.stream().mapToInt(SymmetricKey::id).toArray();
        macs = sorted.stream().map(SymmetricKey::mac).toArray(KeyedMac[]::new);
    }

    /**
     * Checks a packet whose MAC begins at {@code macStart}: {@link Disposition#ANSWERED} when it is right. How long that takes says
     * nothing of the right digest.
     */
    public Disposition verify(NtpPacket packet, int macStart) {
        int key = find(packet.word(macStart));
        if (key < 0) {
            return Disposition.UNKNOWN_KEY;
        }
        int given = packet.length() - macStart - KEY_ID;
        if (macStart > MOST_MESSAGE || given != digestLength(macs[key], packet.version())) {
            return Disposition.AUTHENTICATION_FAILED;
        }
        packet.copyTo(message, macStart);
        macs[key].digest(message, macStart, digest);
        int difference = 0;
        for (int i = 0; i < given; i++) {
            difference |= digest[i] ^ packet.octet(macStart + KEY_ID + i);
        }
        return difference == 0 ? Disposition.ANSWERED : Disposition.AUTHENTICATION_FAILED;
    }

    /** Whether a packet, of any octets from a header on, is header and MAC of just this key, and the MAC is right. */
    public boolean isSignedWith(NtpPacket packet, int keyId) {
        return packet.length() >= NtpPacket.HEADER_LENGTH + KEY_ID
                && packet.word(NtpPacket.HEADER_LENGTH) == keyId
                && verify(packet, NtpPacket.HEADER_LENGTH) == Disposition.ANSWERED;
    }

    /** Writes the digest behind the key id of a packet that is header and MAC; the key is one that {@link #verify} has found. */
    void seal(NtpPacket packet) {
        int macStart = NtpPacket.HEADER_LENGTH;
        packet.copyTo(message, macStart);
        macs[find(packet.word(macStart))].digest(message, macStart, digest);
        packet.copyFrom(digest, macStart + KEY_ID, packet.length() - macStart - KEY_ID);
    }

    /** Writes the MAC of a key that is there behind the header of a packet that is just so long; see {@link #macLength}. */
    public void sign(NtpPacket packet, int keyId) {
        packet.setWord(NtpPacket.HEADER_LENGTH, keyId);
        seal(packet);
    }

    /** Octets of a MAC with a key that is there, key id included. */
    public int macLength(int keyId, int version) {
        return KEY_ID + digestLength(macs[find(keyId)], version);
    }

    private static int digestLength(KeyedMac mac, int version) {
        return version == 4 ? Math.min(mac.length(), MOST_V4_DIGEST) : mac.length();
    }

    private int find(int id) {
        int below = 0;
        int above = ids.length - 1;
        while (below <= above) {
            int middle = (below + above) >>> 1;
            int order = Integer.compareUnsigned(ids[middle], id);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                below = middle + 1;
            } else {
                above = middle - 1;
            }
        }
        return -1;
    }
}
