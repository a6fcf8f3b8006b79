package org.noonmark.provisioning;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Hash functions and ciphers that make the MAC of a symmetric key, with chrony's names. */
public enum KeyType {
    MD5(0),
    SHA1(0),
    SHA256(0),
    SHA384(0),
    SHA512(0),
    SHA3_224(0),
    SHA3_256(0),
    SHA3_384(0),
    SHA3_512(0),
    AES128(16),
    AES256(32);

    private final int secretBytes;

    KeyType(int secretBytes) {
        this.secretBytes = secretBytes;
    }

    /** The name in the key file: {@code SHA3-256}. */
    String word() {
        return name().replace('_', '-');
    }

    /** How many octets a key must have; empty: any number. */
    OptionalInt secretBytes() {
        return secretBytes == 0 ? OptionalInt.empty() : OptionalInt.of(secretBytes);
    }

    static Optional<KeyType> of(String word) {
        return Arrays.stream(values())
                .filter(type -> type.word().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(KeyType::word).collect(Collectors.joining(", "));
    }
}
