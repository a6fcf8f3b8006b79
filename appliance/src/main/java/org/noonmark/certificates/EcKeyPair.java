package org.noonmark.certificates;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/** Keys on P-256 (RFC 5480), which every client takes, and their text. */
public final class EcKeyPair {
    private static final String CURVE = "secp256r1";
    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private EcKeyPair() {}

    /** A new one. */
    public static KeyPair make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + CURVE, e);
        }
    }

    /** Both keys as PEM: a secret. */
    public static String text(KeyPair pair) {
        return Pem.text("PRIVATE KEY", pair.getPrivate().getEncoded())
                + Pem.text(PUBLIC_KEY, pair.getPublic().getEncoded());
    }

    /**
     * The pair that {@link #text} has written.
     *
     * @throws UnusableException when it is damaged
     */
    public static KeyPair parse(String pem) throws UnusableException {
        for (Pem.Block block : Pem.blocks(pem)) {
            if (block.label().equals(PUBLIC_KEY)) {
                return new KeyPair(publicKey(block), PrivateKeyForm.read(pem));
            }
        }
        throw new UnusableException("no public key in it");
    }

    private static PublicKey publicKey(Pem.Block block) throws UnusableException {
        try {
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(block.bytes()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableException("the public key is damaged (" + e.getMessage() + ")", e);
        }
    }
}
