package org.noonmark.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A private key and the certificates that speak for it; it was checked that they belong together.
 *
 * @param key the private key, never shown
 * @param chain the server's own certificate first, then those that lead towards an authority; never empty
 */
public record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] PROBE = "noonmark".getBytes(StandardCharsets.US_ASCII);
    /** Types of subject alternative names (RFC 5280, section 4.2.1.6). */
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    public CertifiedKey {
        chain = List.copyOf(chain);
    }

    /**
     * Takes a pair from the texts of its files, which may be one.
     *
     * @throws UnusableException when they are unreadable or do not belong together
     */
    public static CertifiedKey of(String certificatePem, String keyPem) throws UnusableException {
        List<X509Certificate> chain = certificates(certificatePem);
        PrivateKey key = PrivateKeyForm.read(keyPem);
        if (!belongTogether(key, chain.getFirst().getPublicKey())) {
            throw new UnusableException("the key is not that of the certificate: take both from the same issue");
        }
        return new CertifiedKey(key, chain);
    }

    private static List<X509Certificate> certificates(String pem) throws UnusableException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem.Block block : Pem.blocks(pem)) {
                if (block.label().equals("CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new UnusableException("the certificate is damaged (" + e.getMessage() + "): copy it anew", e);
        }
        if (chain.isEmpty()) {
            throw new UnusableException(
                    "no certificate in it: a PEM file is wanted that has a line '-----BEGIN CERTIFICATE-----'");
        }
        return chain;
    }

    /** Whether the one verifies what the other signs. */
    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // A key of another type than the certificate's.
            return false;
        }
    }

    /** The server's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** From when on clients may believe it. */
    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    /** Until when. */
    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    /** The host names it speaks for, in lower case; one may begin with {@code *.}. */
    public List<String> hostNames() {
        return alternativeNames(DNS_NAME);
    }

    /** The addresses it speaks for, as Java writes them. */
    public List<String> addresses() {
        return alternativeNames(IP_ADDRESS);
    }

    private List<String> alternativeNames(int type) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate().getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0).equals(type)) {
                        names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateException e) {
            // Names that cannot be read are no names that a client would accept.
            return List.of();
        }
        return names;
    }

    /** Whether a client that asks for {@code hostName} would find it in the certificate (RFC 9525, section 6.3). */
    public boolean speaksFor(String hostName) {
        String wanted = hostName.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        String wildcard = dot < 0 ? wanted : "*" + wanted.substring(dot);
        List<String> names = hostNames();
        return names.contains(wanted) || names.contains(wildcard);
    }

    /** SHA-256 of a certificate, as openssl and browsers show it: pairs of digits between colons. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256, and a certificate that was read has its bytes", e);
        }
    }
}
