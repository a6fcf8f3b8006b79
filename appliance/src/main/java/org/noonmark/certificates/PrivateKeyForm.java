package org.noonmark.certificates;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import org.noonmark.certificates.DerReader.MalformedException;

/** Reads private keys in the forms that other programs write: PKCS#8, PKCS#1 (RSA) and SEC 1 (elliptic curves). */
final class PrivateKeyForm {
    static final String RSA = "1.2.840.113549.1.1.1";
    static final String EC = "1.2.840.10045.2.1";

    /** The key types that TLS 1.3 can use, by the beginning of their algorithm's identifier. */
    private enum Algorithm {
        RSA(PrivateKeyForm.RSA, "RSA"),
        EC(PrivateKeyForm.EC, "EC"),
        ED25519("1.3.101.112", "Ed25519"),
        ED448("1.3.101.113", "Ed448");

        private final String identifier;
        private final String javaName;

        Algorithm(String oid, String javaName) {
            this.identifier = HexFormat.of().formatHex(Der.oid(oid));
            this.javaName = javaName;
        }
    }

    private PrivateKeyForm() {}

    /**
     * The first private key of a PEM text.
     *
     * @throws UnusableException when there is none, or none that can be used here
     */
    static PrivateKey read(String pem) throws UnusableException {
        List<Pem.Block> blocks = Pem.blocks(pem);
        for (Pem.Block block : blocks) {
            if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.text().contains("ENCRYPTED")) {
                throw new UnusableException(
                        "the key is locked with a password: unlock it with 'openssl pkey -in FILE -out NEW', and mode 600");
            }
            byte[] pkcs8 = pkcs8(block, blocks);
            if (pkcs8.length > 0) {
                return key(pkcs8);
            }
        }
        throw new UnusableException(
                "no private key in it: a PEM file is wanted that has a line '-----BEGIN PRIVATE KEY-----'");
    }

    /** Empty when the block is no private key. */
    private static byte[] pkcs8(Pem.Block block, List<Pem.Block> all) throws UnusableException {
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> block.bytes();
                case "RSA PRIVATE KEY" -> wrapped(Der.sequence(Der.oid(RSA), Der.element(0x05)), block.bytes());
                case "EC PRIVATE KEY" -> wrapped(Der.sequence(Der.oid(EC), curve(block.bytes(), all)), block.bytes());
                default -> new byte[0];
            };
        } catch (MalformedException | IllegalArgumentException e) {
            throw new UnusableException("the key is damaged (" + e.getMessage() + "): copy it anew", e);
        }
    }

    /** PrivateKeyInfo of RFC 5208. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octetString(key));
    }

    /** ECPrivateKey of RFC 5915 names its curve in [0], or leaves it to a block of its own before it. */
    private static byte[] curve(byte[] sec1, List<Pem.Block> all) throws MalformedException {
        DerReader key = new DerReader(sec1).enter(Der.SEQUENCE);
        key.content(Der.INTEGER);
        key.content(Der.OCTET_STRING);
        if (key.peek() == 0xa0) {
            return key.enter(0xa0).whole(Der.OBJECT_IDENTIFIER);
        }
        for (Pem.Block block : all) {
            if (block.label().equals("EC PARAMETERS")) {
                return new DerReader(block.bytes()).whole(Der.OBJECT_IDENTIFIER);
            }
        }
        throw new MalformedException("it does not name its curve");
    }

    private static PrivateKey key(byte[] pkcs8) throws UnusableException {
        try {
            DerReader info = new DerReader(pkcs8).enter(Der.SEQUENCE);
            info.content(Der.INTEGER);
            String identifier =
                    HexFormat.of().formatHex(info.enter(Der.SEQUENCE).whole(Der.OBJECT_IDENTIFIER));
            for (Algorithm algorithm : Algorithm.values()) {
                if (algorithm.identifier.equals(identifier)) {
                    return KeyFactory.getInstance(algorithm.javaName).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                }
            }
        } catch (MalformedException | GeneralSecurityException e) {
            throw new UnusableException("the key cannot be read (" + e.getMessage() + "): copy it anew", e);
        }
        throw new UnusableException("the key is of a type that TLS 1.3 does not use: RSA, EC or Ed25519 is wanted");
    }
}
