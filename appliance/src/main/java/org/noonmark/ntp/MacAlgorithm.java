package org.noonmark.ntp;

/** How the MAC of a symmetric key is made (RFC 5905, section 7.3; RFC 8573 for the cipher). */
public enum MacAlgorithm {
    MD5("MD5", 1),
    SHA1("SHA-1", 2),
    SHA256("SHA-256", 3),
    SHA384("SHA-384", 4),
    SHA512("SHA-512", 5),
    SHA3_224("SHA3-224", 6),
    SHA3_256("SHA3-256", 7),
    SHA3_384("SHA3-384", 8),
    SHA3_512("SHA3-512", 9),
    AES128("AES", 13),
    AES256("AES", 14);

    private final String standardName;
    private final int chronyNumber;

    MacAlgorithm(String standardName, int chronyNumber) {
        this.standardName = standardName;
        this.chronyNumber = chronyNumber;
    }

    /** The number that chronyc's authdata has for it. */
    public int chronyNumber() {
        return chronyNumber;
    }

    /** The function with this key, for one thread. */
    KeyedMac with(byte[] secret) {
        return switch (this) {
            case AES128, AES256 -> new AesCmac(secret);
            default -> new DigestMac(standardName, secret);
        };
    }
}
