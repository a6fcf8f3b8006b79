package org.noonmark.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.noonmark.provisioning.IpAddress;

/** What the JDK's own path validation (RFC 5280, section 6) makes of our certificates; other programs judge them in the rig. */
class LocalAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ServerNames NAMES = names(Set.of("noonmark.local", "noonmark"), "192.168.1.5", "fd00::5");

    private final LocalAuthority authority = LocalAuthority.make("noonmark", NOW);

    @Test
    void itsCertificatesAreValidForAYear() throws Exception {
        CertifiedKey pair = authority.issue(NAMES, NOW);
        for (Duration age : List.of(Duration.ZERO, Duration.ofDays(365))) {
            validate(authority.certificate(), pair.certificate(), NOW.plus(age));
        }
        assertThrows(
                CertPathValidatorException.class,
                () -> validate(authority.certificate(), pair.certificate(), NOW.plus(Duration.ofDays(367))));
        assertEquals(Set.of("noonmark.local", "noonmark"), Set.copyOf(pair.hostNames()));
        assertTrue(pair.addresses().contains("192.168.1.5"), pair.addresses().toString());
        assertEquals(-1, pair.certificate().getBasicConstraints());
    }

    @Test
    void itIsForTwentyYearsAlsoBeyondTheYearsOfTwoDigits() throws Exception {
        Instant late = Instant.parse("2049-06-01T00:00:00Z");
        LocalAuthority old = LocalAuthority.make("noonmark", late);
        CertifiedKey pair = old.issue(NAMES, late.plus(Duration.ofDays(365)));
        validate(old.certificate(), pair.certificate(), late.plus(Duration.ofDays(366)));
        assertEquals(
                Date.from(late.plus(Duration.ofDays(7_300))), old.certificate().getNotAfter());
    }

    @Test
    void whatItMayNotSpeakForIsLeftOut() {
        ServerNames all = names(Set.of("noonmark.local", "bank.example.com"), "192.168.1.5", "8.8.8.8", "2001:db8::1");
        CertifiedKey pair = authority.issue(all, NOW);
        assertEquals(List.of("noonmark.local"), pair.hostNames());
        assertEquals(List.of("192.168.1.5"), pair.addresses());
    }

    /** As a thief of its key would try: the constraints in its certificate make clients refuse. */
    @Test
    void clientsRefuseItForOtherNames() throws Exception {
        LocalAuthority bank = LocalAuthority.make("bank.example.com", NOW);
        CertifiedKey forged = bank.issue(names(Set.of("bank.example.com"), "192.168.1.5"), NOW);
        validate(bank.certificate(), forged.certificate(), NOW);
        LocalAuthority home = LocalAuthority.make("home", NOW);
        assertFalse(NameConstraints.of(home.certificate()).permit("bank.example.com"));
        assertTrue(NameConstraints.of(bank.certificate()).permit("www.bank.example.com"));
        assertFalse(NameConstraints.of(bank.certificate()).permit("notbank.example.com"));
    }

    @Test
    void itIsReadBackAsItWasWritten() throws Exception {
        LocalAuthority read = LocalAuthority.parse(authority.secretText());
        assertEquals(authority.certificate(), read.certificate());
        CertifiedKey pair = read.issue(NAMES, NOW);
        assertTrue(authority.covers(NAMES, pair));
        assertEquals(
                pair.chain(),
                CertifiedKey.of(LocalAuthority.text(pair), LocalAuthority.text(pair))
                        .chain());
        String server = LocalAuthority.text(pair);
        assertThrows(UnusableException.class, () -> LocalAuthority.parse(server));
    }

    /** Before the date is proven nothing is made and nothing judged, whatever the clock says: no RTC, or one that is wrong by ten years. */
    @Test
    void withoutAProvenDateItKeepsWhatThereIsOrWaits() {
        Optional<CertifiedKey> pair = Optional.of(authority.issue(NAMES, NOW));
        Optional<LocalAuthority> there = Optional.of(authority);
        assertEquals(
                Renewal.WAIT_FOR_THE_TIME, Renewal.of(Optional.empty(), Optional.empty(), Optional.empty(), NAMES));
        assertEquals(Renewal.WAIT_FOR_THE_TIME, Renewal.of(there, Optional.empty(), Optional.empty(), NAMES));
        assertEquals(Renewal.KEEP, Renewal.of(there, pair, Optional.empty(), names(Set.of("other.local"))));
    }

    @Test
    void withAProvenDateItRenewsWhatIsOldOrNamesOthers() {
        CertifiedKey pair = authority.issue(NAMES, NOW);
        assertEquals(Renewal.MAKE_AUTHORITY, step(null, null, 0, NAMES));
        assertEquals(Renewal.ISSUE_CERTIFICATE, step(authority, null, 0, NAMES));
        assertEquals(Renewal.KEEP, step(authority, pair, 200, NAMES));
        assertEquals(Renewal.ISSUE_CERTIFICATE, step(authority, pair, 300, NAMES));
        assertEquals(Renewal.ISSUE_CERTIFICATE, step(authority, pair, 3_000, NAMES));
        // Before the authority's own first day anything issued would be as little valid.
        assertEquals(Renewal.KEEP, step(authority, pair, -3_650, NAMES));
        assertEquals(Renewal.MAKE_AUTHORITY, step(authority, pair, 7_299, NAMES));
        // A new name or address; one that went away, or that it may not certify, is no reason.
        assertEquals(
                Renewal.ISSUE_CERTIFICATE, step(authority, pair, 0, names(Set.of("noonmark.local"), "192.168.1.6")));
        assertEquals(Renewal.KEEP, step(authority, pair, 0, names(Set.of("noonmark.local"), "8.8.8.8")));
        CertifiedKey foreign = LocalAuthority.make("noonmark", NOW).issue(NAMES, NOW);
        assertEquals(Renewal.ISSUE_CERTIFICATE, step(authority, foreign, 0, NAMES));
    }

    /** A certificate ends with its authority at the latest: one that was just issued is kept all the same, or the authority is replaced. */
    @Test
    void whatWasJustIssuedIsNotIssuedAgain() {
        for (long day = 6_500; day < 7_310; day += 10) {
            CertifiedKey issued = authority.issue(NAMES, NOW.plus(Duration.ofDays(day)));
            assertNotEquals(Renewal.ISSUE_CERTIFICATE, step(authority, issued, day, NAMES), "day " + day);
        }
    }

    @Test
    void datesAreToldInTime() {
        CertifiedKey pair = authority.issue(NAMES, NOW);
        assertEquals(Optional.empty(), Judgement.of(pair, NOW.plus(Duration.ofDays(330))));
        assertTrue(Judgement.of(pair, NOW.plus(Duration.ofDays(350))).orElse("").contains("in 16 days"));
        assertTrue(Judgement.of(pair, NOW.plus(Duration.ofDays(400))).orElse("").contains("ended on 2027-11-23"));
        assertTrue(
                Judgement.of(pair, NOW.minus(Duration.ofDays(3_650))).orElse("").contains("begins only on"));
    }

    private static Renewal step(
            @Nullable LocalAuthority there, @Nullable CertifiedKey pair, long days, ServerNames names) {
        return Renewal.of(
                Optional.ofNullable(there),
                Optional.ofNullable(pair),
                Optional.of(NOW.plus(Duration.ofDays(days))),
                names);
    }

    private static ServerNames names(Set<String> hosts, String... addresses) {
        return new ServerNames(
                hosts,
                Arrays.stream(addresses)
                        .map(text -> IpAddress.parse(text).orElseThrow())
                        .collect(Collectors.toSet()));
    }

    private static void validate(X509Certificate authority, X509Certificate certificate, Instant at) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }
}
