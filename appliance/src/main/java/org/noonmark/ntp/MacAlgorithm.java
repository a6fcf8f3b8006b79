package org.noonmark.ntp;

/** How the MAC of a symmetric key is made (RFC 5905, section 7.3; RFC 8573 for the cipher). */
public enum MacAlgorithm {
    MD5("MD5"),
    SHA1("SHA-1"),
    SHA256("SHA-256"),
    SHA384("SHA-384"),
    SHA512("SHA-512"),
    SHA3_224("SHA3-224"),
    SHA3_256("SHA3-256"),
    SHA3_384("SHA3-384"),
    SHA3_512("SHA3-512"),
    AES128("AES"),
    AES256("AES");

    private final String standardName;

    MacAlgorithm(String standardName) {
        this.standardName = standardName;
    }

    /** The function with this key, for one thread. */
    KeyedMac with(byte[] secret) {
        return switch (this) {
            case AES128, AES256 -> new AesCmac(secret);
            default -> new DigestMac(standardName, secret);
        };
    }
}
