package org.noonmark.ntp;

/** A key shared with clients and servers. Never shown, so no record. */
public final class SymmetricKey {
    private final int id;
    private final MacAlgorithm algorithm;
    private final byte[] secret;

    /**
     * @param id unsigned, not 0, which is no key but the refusal of one
     * @param secret for a cipher exactly as many octets as it takes; copied
     */
    public SymmetricKey(int id, MacAlgorithm algorithm, byte[] secret) {
        this.id = id;
        this.algorithm = algorithm;
        this.secret = secret.clone();
    }

    /** Its number, unsigned. */
    public int id() {
        return id;
    }

    /** How its MACs are made. */
    public MacAlgorithm algorithm() {
        return algorithm;
    }

    /** Length of the secret, bits. */
    public int bits() {
        return 8 * secret.length;
    }

    /** Makes MACs with it, for one thread. */
    KeyedMac mac() {
        return algorithm.with(secret);
    }

    @Override
    public String toString() {
        return "key " + Integer.toUnsignedString(id) + " " + algorithm;
    }
}
