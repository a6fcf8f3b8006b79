package org.noonmark.certificates;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AcmeScheduleTest {
    private static final Instant TODAY = Instant.parse("2026-11-22T12:00:00Z");
    private static final List<String> NAMES = List.of("time.local");
    private static final CertifiedKey PAIR =
            LocalAuthority.make("time", TODAY).issue(new ServerNames(Set.of("time.local"), Set.of()), TODAY);

    @Test
    void aCertificateIsDueAtTwoThirdsOfItsLifeAndAtOnceWhereNoneFits() {
        assertEquals(TODAY, AcmeSchedule.due(Optional.empty(), NAMES, TODAY));
        assertEquals(TODAY, AcmeSchedule.due(Optional.of(PAIR), List.of("time.local", "new.local"), TODAY));
        Instant due = AcmeSchedule.due(Optional.of(PAIR), NAMES, TODAY);
        Duration life = Duration.between(PAIR.notBefore(), PAIR.notAfter());
        assertEquals(Duration.between(PAIR.notBefore(), due).multipliedBy(3), life.multipliedBy(2));
        Instant before = PAIR.notBefore().minusSeconds(1);
        assertEquals(
                before, AcmeSchedule.due(Optional.of(PAIR), NAMES, before), "one of the future serves nobody today");
    }

    @Test
    void pausesAfterFailuresDoubleUpToHalfADay() {
        assertEquals(Duration.ofMinutes(10), AcmeSchedule.pauseAfter(1));
        assertEquals(Duration.ofMinutes(20), AcmeSchedule.pauseAfter(2));
        assertEquals(Duration.ofMinutes(640), AcmeSchedule.pauseAfter(7));
        assertEquals(Duration.ofHours(12), AcmeSchedule.pauseAfter(8));
        assertEquals(Duration.ofHours(12), AcmeSchedule.pauseAfter(1_000));
    }

    @Test
    void anAccountsKeyOutlivesARestart() throws Exception {
        KeyPair made = EcKeyPair.make();
        KeyPair read = EcKeyPair.parse(EcKeyPair.text(made));
        assertArrayEquals(made.getPrivate().getEncoded(), read.getPrivate().getEncoded());
        assertEquals(made.getPublic(), read.getPublic());
        assertThrows(UnusableException.class, () -> EcKeyPair.parse("worn out"));
    }

    /** PKCS #10: body, algorithm, signature; the body names the hosts and bears the key. */
    @Test
    void aSigningRequestIsSignedByItsOwnKeyAndNamesTheHosts() throws Exception {
        KeyPair pair = EcKeyPair.make();
        byte[] request = SigningRequest.of(pair, List.of("time.example.net", "ntp.example.net"));
        String hex = HexFormat.of().formatHex(request);
        assertTrue(hex.contains(HexFormat.of().formatHex(pair.getPublic().getEncoded())));
        assertTrue(hex.contains(HexFormat.of().formatHex(GeneralName.dns("time.example.net"))
                + HexFormat.of().formatHex(GeneralName.dns("ntp.example.net"))));
        // The outer header and that of the body have three octets each, as both are of 128 to 255.
        int bodyLength = 3 + (request[5] & 0xff);
        int signatureLength = request[3 + bodyLength + 12 + 1] - 1;
        Signature check = Signature.getInstance("SHA256withECDSA");
        check.initVerify(pair.getPublic());
        check.update(request, 3, bodyLength);
        assertTrue(check.verify(Arrays.copyOfRange(request, request.length - signatureLength, request.length)));
    }
}
