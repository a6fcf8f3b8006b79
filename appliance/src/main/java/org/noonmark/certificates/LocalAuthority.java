package org.noonmark.certificates;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * The authority of this box: a key that certifies this server for the clients of its own network, and nothing else. Its certificate is what
 * clients are given to trust; the server's own is issued anew whenever names, addresses or time ask for it, which clients do not notice.
 *
 * <p>Dates come from a proven time: see who calls.
 */
public final class LocalAuthority {
    /** As long as the box may live: a change would mean a walk to every client. */
    private static final Duration LIFE = Duration.ofDays(20 * 365);
    /** A year: a box that was off for months can still be asked for keys before its receiver has told the date. */
    static final Duration SERVER_LIFE = Duration.ofDays(366);
    /** Clients whose clocks are late must not find the certificate in their future. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final byte[] SHA256_WITH_ECDSA = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

    /** keyCertSign is bit 5, digitalSignature bit 0 (RFC 5280, section 4.2.1.3). */
    private static final byte[] CERTIFICATE_SIGNING = Der.bitString(2, (byte) 0x04);

    private static final byte[] DIGITAL_SIGNATURE = Der.bitString(7, (byte) 0x80);

    private final CertifiedKey self;
    private final NameConstraints constraints;

    private LocalAuthority(CertifiedKey self) {
        this.self = self;
        constraints = NameConstraints.of(self.certificate());
    }

    /** A new one for the host of that name. */
    public static LocalAuthority make(String hostName, Instant now) {
        KeyPair pair = EcKeyPair.make();
        byte[] id = keyIdentifier(pair.getPublic());
        // The name tells people two boxes, and two authorities of one box, apart.
        X500Principal name = name(String.format(Locale.ROOT, "Noonmark CA of %s (%02x%02x)", hostName, id[0], id[1]));
        byte[] certificate = certificate(
                new Holder(name, pair.getPublic()),
                new Holder(name, pair.getPublic()),
                pair.getPrivate(),
                now.minus(BACKDATED),
                now.plus(LIFE),
                List.of(
                        extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.yes(), Der.integer(BigInteger.ZERO))),
                        extension(KEY_USAGE, true, CERTIFICATE_SIGNING),
                        extension(
                                NameConstraints.OID,
                                true,
                                NameConstraints.ofHost(hostName).der()),
                        extension(SUBJECT_KEY_IDENTIFIER, false, Der.octetString(id))));
        return new LocalAuthority(read(certificate, pair.getPrivate()));
    }

    /** The one whose key and certificate are in {@code pem}.
     *
     * @throws UnusableException when they are not there, or do not belong together
     */
    public static LocalAuthority parse(String pem) throws UnusableException {
        CertifiedKey pair = CertifiedKey.of(pem, pem);
        if (pair.certificate().getBasicConstraints() < 0) {
            throw new UnusableException("it is the certificate of a server, not of an authority");
        }
        return new LocalAuthority(pair);
    }

    /** Its certificate, for clients to trust. */
    public X509Certificate certificate() {
        return self.certificate();
    }

    /** Key and certificate, as {@link #parse} reads them: a secret. */
    public String secretText() {
        return text(self);
    }

    /** Its certificate as PEM. */
    public String certificateText() {
        return certificateText(self.certificate());
    }

    /** Those of {@code names} that it may certify, and clients that trust it would believe. */
    public ServerNames certifiable(ServerNames names) {
        return names.within(constraints);
    }

    /** A new key and a certificate for this server, which names what of {@code names} is {@link #certifiable}. */
    public CertifiedKey issue(ServerNames names, Instant now) {
        ServerNames certified = certifiable(names);
        KeyPair pair = EcKeyPair.make();
        List<byte[]> alternatives = new ArrayList<>();
        certified.hostNames().forEach(name -> alternatives.add(GeneralName.dns(name)));
        certified.addresses().forEach(address -> alternatives.add(GeneralName.address(address)));
        String commonName = certified.hostNames().stream().findFirst().orElse("noonmark");
        X509Certificate issuer = self.certificate();
        Instant notBefore = later(now.minus(BACKDATED), issuer.getNotBefore().toInstant());
        Instant notAfter = earlier(now.plus(SERVER_LIFE), issuer.getNotAfter().toInstant());
        byte[] certificate = certificate(
                new Holder(name(commonName), pair.getPublic()),
                new Holder(issuer.getSubjectX500Principal(), issuer.getPublicKey()),
                self.key(),
                notBefore,
                notAfter,
                List.of(
                        extension(KEY_USAGE, true, DIGITAL_SIGNATURE),
                        extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(SERVER_AUTHENTICATION))),
                        extension(SUBJECT_ALTERNATIVE_NAME, false, Der.sequence(alternatives.toArray(byte[][]::new))),
                        extension(SUBJECT_KEY_IDENTIFIER, false, Der.octetString(keyIdentifier(pair.getPublic()))),
                        extension(
                                AUTHORITY_KEY_IDENTIFIER,
                                false,
                                Der.sequence(Der.implicit(0, keyIdentifier(issuer.getPublicKey()))))));
        return read(certificate, pair.getPrivate());
    }

    /** Whether it issued {@code pair}, and to all of {@code names} that it may certify. */
    public boolean covers(ServerNames names, CertifiedKey pair) {
        try {
            pair.certificate().verify(self.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            return false;
        }
        return certifiable(names).areIn(pair);
    }

    /** Key and certificates of a pair as PEM: a secret. */
    public static String text(CertifiedKey pair) {
        StringBuilder text =
                new StringBuilder(Pem.text("PRIVATE KEY", pair.key().getEncoded()));
        pair.chain().forEach(certificate -> text.append(certificateText(certificate)));
        return text.toString();
    }

    private static String certificateText(X509Certificate certificate) {
        try {
            return Pem.text("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has its bytes", e);
        }
    }

    /** Whom a certificate is about, or who issued it. */
    private record Holder(X500Principal name, PublicKey key) {}

    /** Certificate of RFC 5280, section 4.1. */
    private static byte[] certificate(
            Holder subject,
            Holder issuer,
            PrivateKey issuerKey,
            Instant notBefore,
            Instant notAfter,
            List<byte[]> extensions) {
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(serialNumber(subject.key())),
                SHA256_WITH_ECDSA,
                issuer.name().getEncoded(),
                Der.sequence(
                        Der.time(notBefore.truncatedTo(ChronoUnit.SECONDS)),
                        Der.time(notAfter.truncatedTo(ChronoUnit.SECONDS))),
                subject.name().getEncoded(),
                subject.key().getEncoded(),
                Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(issuerKey);
            signature.update(body);
            return Der.sequence(body, SHA256_WITH_ECDSA, Der.bitString(0, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java signs with a key on P-256", e);
        }
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.yes(), Der.octetString(value))
                : Der.sequence(Der.oid(oid), Der.octetString(value));
    }

    private static X500Principal name(String commonName) {
        return new X500Principal(Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(commonName)))));
    }

    /** Each certificate has a key of its own, so what the key says of itself is as unique as a random number. */
    private static BigInteger serialNumber(PublicKey key) {
        return new BigInteger(1, Arrays.copyOf(sha256(key.getEncoded()), 16)).setBit(0);
    }

    /** RFC 7093, section 2, method 4, cut to the usual 20 octets. */
    private static byte[] keyIdentifier(PublicKey key) {
        return Arrays.copyOf(sha256(key.getEncoded()), 20);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static CertifiedKey read(byte[] certificate, PrivateKey key) {
        try {
            return CertifiedKey.of(Pem.text("CERTIFICATE", certificate), Pem.text("PRIVATE KEY", key.getEncoded()));
        } catch (UnusableException e) {
            throw new IllegalStateException("what was just made must be right", e);
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
