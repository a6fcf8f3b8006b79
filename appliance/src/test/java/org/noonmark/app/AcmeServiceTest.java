package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.acme.OrderFailedException;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.ServerNames;
import org.noonmark.provisioning.NtsConfig;

class AcmeServiceTest {
    private static final Instant TODAY = Instant.parse("2026-11-22T12:00:00Z");
    private static final String NAME = "time.local";

    @TempDir
    private Path parent;

    private Instant now = TODAY;
    private int orders;

    @Test
    void aCertificateThatIsDueAtOnceIsAFailureWithAPause() {
        for (Duration wrong : List.of(Duration.ofDays(30), Duration.ofDays(-300), Duration.ofDays(-500))) {
            Path folder = parent.resolve("acme" + wrong);
            now = TODAY;
            orders = 0;
            AcmeService service = service(folder, () -> issuedAt(TODAY.plus(wrong)));
            lookForAnHour(service);
            assertEquals(3, orders, "at once, after 10 minutes, after 20 more");
            assertTrue(service.trouble().contains("ask those who run the service about its clock"), service.trouble());
            assertFalse(Files.exists(folder.resolve(AcmeService.PAIR)));
        }
    }

    @Test
    void aCertificateThatDisappearsIsNotOrderedAgainWithinThePause() throws Exception {
        Path folder = parent.resolve("acme");
        AcmeService service = service(folder, () -> issuedAt(TODAY));
        service.look(now);
        assertEquals("", service.trouble());
        Files.delete(folder.resolve(AcmeService.PAIR));
        now = now.plus(Duration.ofMinutes(9));
        service.look(now);
        assertEquals(1, orders);
        now = now.plus(Duration.ofMinutes(2));
        service.look(now);
        assertEquals(2, orders);
    }

    @Test
    void aFaultOfTheProgramIsAFailureWithAPauseAndPrintable() {
        AcmeService faulty = service(parent.resolve("faulty"), () -> {
            throw new IllegalStateException("odd");
        });
        lookForAnHour(faulty);
        assertEquals(3, orders);
        assertTrue(faulty.trouble().contains("this program has a fault"), faulty.trouble());
        AcmeService rude = service(parent.resolve("rude"), () -> {
            throw new OrderFailedException("it says \n\u001b[2J");
        });
        rude.look(now);
        assertTrue(rude.trouble().matches("[ -~]+"), rude.trouble());
    }

    @Test
    void aDamagedCountOfFailuresIsNone() throws Exception {
        Path folder = Files.createDirectories(parent.resolve("acme"));
        Files.writeString(folder.resolve("failures"), "1 " + Long.MAX_VALUE);
        service(folder, () -> issuedAt(TODAY)).look(now);
        assertTrue(Files.exists(folder.resolve(AcmeService.PAIR)));
        assertFalse(Files.exists(folder.resolve("failures")));
    }

    /** A file stands where the folder should: that stops root as well. */
    @Test
    void nothingIsOrderedThatCannotBeKept() throws Exception {
        Path folder = Files.writeString(parent.resolve("acme"), "");
        AcmeService service = service(folder, () -> issuedAt(TODAY));
        lookForAnHour(service);
        assertEquals(0, orders);
        assertTrue(service.trouble().contains("nothing can be written in " + folder), service.trouble());
        assertTrue(service.trouble().contains("the next try is at 2026-11-22T13:10:0"), service.trouble());
    }

    private void lookForAnHour(AcmeService service) {
        Instant end = now.plus(Duration.ofHours(1));
        while (now.isBefore(end)) {
            service.look(now);
            now = now.plusSeconds(1);
        }
    }

    private AcmeService service(Path folder, AcmeService.Orders from) {
        NtsConfig.Acme config = new NtsConfig.Acme(
                "https://acme.example.net/dir", List.of(NAME), Optional.empty(), 80, folder.toString(), "/none");
        return new AcmeService(config, () -> Optional.of(now), () -> {
            orders++;
            return from.order();
        });
    }

    private static CertifiedKey issuedAt(Instant time) {
        return LocalAuthority.make("time", time).issue(new ServerNames(Set.of(NAME), Set.of()), time);
    }
}
