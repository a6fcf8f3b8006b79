package org.noonmark.certificates;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.List;

/** What an authority is asked for: a certificate for host names and a key, signed with that key (PKCS #10, RFC 2986). */
public final class SigningRequest {
    private static final byte[] SHA256_WITH_ECDSA = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] EXTENSION_REQUEST = Der.oid("1.2.840.113549.1.9.14");
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = Der.oid("2.5.29.17");

    private SigningRequest() {}

    /** The request in DER; the subject is left to the names, as RFC 8555, section 7.4 has it. */
    public static byte[] of(KeyPair pair, List<String> hostNames) {
        byte[] names = Der.sequence(hostNames.stream().map(GeneralName::dns).toArray(byte[][]::new));
        byte[] extensions = Der.sequence(Der.sequence(SUBJECT_ALTERNATIVE_NAME, Der.octetString(names)));
        byte[] body = Der.sequence(
                Der.integer(BigInteger.ZERO),
                Der.sequence(),
                pair.getPublic().getEncoded(),
                Der.explicit(0, Der.sequence(EXTENSION_REQUEST, Der.set(extensions))));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            return Der.sequence(body, SHA256_WITH_ECDSA, Der.bitString(0, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java signs with a key on P-256", e);
        }
    }
}
