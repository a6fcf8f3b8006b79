package org.noonmark.provisioning;

import java.util.Arrays;

/** A key that this server shares with clients. Never shown: not in reports, not in messages, not by {@link #toString}. */
public final class SymmetricKey {
    private final int id;
    private final KeyType type;
    private final byte[] secret;

    SymmetricKey(int id, KeyType type, byte[] secret) {
        this.id = id;
        this.type = type;
        this.secret = secret.clone();
    }

    /** From 1 to 2^32 - 1, unsigned. */
    public int id() {
        return id;
    }

    public KeyType type() {
        return type;
    }

    /** A copy of the octets; for a cipher exactly as many as it takes. */
    public byte[] secret() {
        return secret.clone();
    }

    int bits() {
        return secret.length * 8;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SymmetricKey key
                && key.id == id
                && key.type == type
                && Arrays.equals(key.secret, secret);
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return "key " + Integer.toUnsignedString(id) + " " + type.word();
    }
}
