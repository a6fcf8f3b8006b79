package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.NtpExchange;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.nts.Aead;
import org.noonmark.nts.NtsClient;
import org.noonmark.nts.NtsSupply;
import org.noonmark.provisioning.CookieKeysConfig;

/** Say {@code -Dnoonmark.kills=200} for more kills. */
class CookieKeyringTest {
    private static final int KILLS = Integer.getInteger("noonmark.kills", 3);
    private static final int WEEK = 604_800;
    private static final long START = 1_794_321_000;
    private static final byte[] KEY = new byte[32];

    private final Random random = new Random(1);
    private OptionalLong provenSeconds = OptionalLong.empty();
    private long monotonicNanos;

    @TempDir
    Path folder;

    @Test
    void cookiesHoldOverARestart() throws IOException {
        CookieKeyring first = keyring(WEEK);
        byte[] cookie = cookie(first);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertTrue(opens(keyring(WEEK), cookie));
        assertEquals(first.get(), keyring(WEEK).get());
    }

    @Test
    void withoutADirectoryNothingIsWritten() throws IOException {
        CookieKeyring keyring = new CookieKeyring(
                new CookieKeysConfig(Optional.empty(), WEEK), random, () -> provenSeconds, () -> monotonicNanos);
        keyring.rekey();
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        assertTrue(keyring.status().text().contains("They are not kept over a restart"));
    }

    @Test
    void keysAreRotatedByTheProvenTimeAlsoWhenTheServerWasOff() {
        CookieKeyring keyring = keyring(WEEK);
        provenSeconds = OptionalLong.of(START);
        keyring.onGlance();
        assertEquals(START, keyring.get().sinceSeconds());
        byte[] cookie = cookie(keyring);
        provenSeconds = OptionalLong.of(START + WEEK - 1);
        keyring.onGlance();
        assertEquals(START, keyring.get().sinceSeconds());

        CookieKeyring later = keyring(WEEK);
        provenSeconds = OptionalLong.of(START + 5 * WEEK);
        later.onGlance();
        later.onGlance();
        assertEquals(START + 5 * WEEK, later.get().sinceSeconds(), "one rotation, however long it was off");
        assertTrue(opens(later, cookie), "so what was current then still opens");
    }

    @Test
    void keysAreRotatedByTheTimeOfOperationWhileTheTimeIsNotProven() {
        CookieKeyring keyring = keyring(WEEK);
        var before = keyring.get();
        monotonicNanos = (WEEK - 1) * 1_000_000_000L;
        keyring.onGlance();
        assertEquals(before, keyring.get());
        monotonicNanos = WEEK * 1_000_000_000L;
        keyring.onGlance();
        assertEquals(before.next().id(), keyring.get().current().id());
    }

    @Test
    void aDateFromAWrongClockIsPutRight() {
        provenSeconds = OptionalLong.of(START + 1_000_000_000);
        keyring(WEEK).onGlance();
        provenSeconds = OptionalLong.of(START);
        CookieKeyring keyring = keyring(WEEK);
        keyring.onGlance();
        assertEquals(START, keyring.get().sinceSeconds());
    }

    @Test
    void rekeyRotatesAtOnceAndOldCookiesHoldThroughTwoOfThem() {
        CookieKeyring keyring = keyring(0x7fff_ffff);
        byte[] cookie = cookie(keyring);
        for (int i = 0; i < 2; i++) {
            assertTrue(keyring.rekey().contains(keyring.get().current().name()));
            assertTrue(opens(keyring, cookie));
            assertTrue(opens(keyring(WEEK), cookie), "after a restart");
        }
        keyring.rekey();
        assertFalse(opens(keyring, cookie));
    }

    @Test
    void oneOfAFleetReadsTheFileThatAnotherWritesAndNeverWritesIt() throws IOException {
        CookieKeyring follower = keyring(0);
        assertFalse(Files.exists(file()));
        follower.onGlance();
        assertTrue(follower.trouble().contains("no such file yet"));

        CookieKeyring leader = keyring(WEEK);
        follower.onGlance();
        assertEquals("", follower.trouble());
        assertTrue(opens(follower, cookie(leader)));
        String copy = Files.readString(file());
        leader.rekey();
        assertTrue(opens(follower, cookie(leader)), "a rotation that the copy has not come to yet");
        follower.onGlance();
        assertEquals(leader.get(), follower.get());
        String before = Files.readString(file());
        assertTrue(follower.rekey().contains("as in"));
        assertEquals(before, Files.readString(file()));

        Files.writeString(file(), copy.substring(0, 120));
        follower.onGlance();
        assertTrue(follower.trouble().contains("those in force are kept"), follower.trouble());
        assertEquals(leader.get(), follower.get(), "what was copied by halves changes nothing");
    }

    @Test
    void aDamagedFileIsSaidAndWrittenAnew() throws IOException {
        keyring(WEEK);
        Files.writeString(file(), "noonmark-cookie-keys-1\n");
        CookieKeyring keyring = keyring(WEEK);
        assertEquals(keyring.get(), keyring(WEEK).get());
    }

    @Test
    void whatIsLeftOfAWriteThatWasCutAnywhereIsNoHarm() throws IOException {
        CookieKeyring keyring = keyring(WEEK);
        byte[] cookie = cookie(keyring);
        String whole = Files.readString(file());
        for (int cut = 0; cut <= whole.length(); cut += 7) {
            Files.writeString(folder.resolve(CookieKeyring.FILE + ".new"), whole.substring(0, cut));
            CookieKeyring next = keyring(WEEK);
            assertTrue(opens(next, cookie));
            next.rekey();
            assertEquals(next.get(), keyring(WEEK).get());
            cookie = cookie(next);
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsSaidOnceItMatters() throws IOException {
        CookieKeyring keyring = new CookieKeyring(
                new CookieKeysConfig(Optional.of(folder.resolve("none").toString()), WEEK),
                random,
                () -> provenSeconds,
                () -> monotonicNanos);
        assertTrue(keyring.trouble().contains("cannot be written"));
        Files.createDirectory(folder.resolve("none"));
        keyring.onGlance();
        assertEquals("", keyring.trouble());
    }

    @Test
    void theReportHasNumbersAndAgesAndNoSecret() throws IOException {
        provenSeconds = OptionalLong.of(START);
        CookieKeyring keyring = keyring(WEEK);
        keyring.onGlance();
        provenSeconds = OptionalLong.of(START + 90_000);
        String report = keyring.status().text() + keyring.status().json();
        assertTrue(report.contains(keyring.get().current().name() + "  current"), report);
        assertTrue(report.contains("\"nextRotationSeconds\":" + (START + WEEK)), report);
        assertTrue(report.contains("\"ageSeconds\":90000"), report);
        for (String word : Files.readString(file()).split("\\s+", -1)) {
            assertFalse(word.length() == 64 && report.contains(word));
        }
    }

    @Test
    void aKillAtAnyMomentLeavesKeysThatOpenTheLastCookies() throws Exception {
        SplittableRandom when = new SplittableRandom(9);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = new ProcessBuilder(
                            java,
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Rotating.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
                assertNotEquals(null, lines.readLine(), "it has begun");
                Thread.sleep(0, when.nextInt(999_999));
                Thread.sleep(when.nextInt(20));
                child.toHandle().destroyForcibly();
                String last = null;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line.endsWith(".") ? line : last;
                }
                child.waitFor();
                CookieKeyring after = keyring(WEEK);
                assertTrue(Files.readString(file()).startsWith("noonmark-cookie-keys-1\n"));
                if (last != null) {
                    byte[] cookie = HexFormat.of().parseHex(last.substring(0, last.length() - 1));
                    assertTrue(opens(after, cookie), "kill " + kill);
                }
            }
        }
    }

    /** The child: rotates without a pause, and before each rotation prints a cookie of the current key. */
    static final class Rotating {
        private Rotating() {}

        public static void main(String[] arguments) {
            CookieKeyring keyring = new CookieKeyring(
                    new CookieKeysConfig(Optional.of(arguments[0]), WEEK),
                    new java.security.SecureRandom(),
                    OptionalLong::empty,
                    () -> 0);
            while (true) {
                System.out.println(HexFormat.of().formatHex(cookie(keyring)) + ".");
                System.out.flush();
                keyring.rekey();
            }
        }
    }

    private CookieKeyring keyring(int rotateSeconds) {
        return new CookieKeyring(
                new CookieKeysConfig(Optional.of(folder.toString()), rotateSeconds),
                random,
                () -> provenSeconds,
                () -> monotonicNanos);
    }

    private Path file() {
        return folder.resolve(CookieKeyring.FILE);
    }

    private static byte[] cookie(CookieKeyring keyring) {
        return new NtsSupply(keyring, new Random(2)).cookies().seal(Aead.AES_SIV_CMAC_256, KEY, KEY);
    }

    /** Whether a server with these keys answers who has that cookie. */
    private static boolean opens(CookieKeyring keyring, byte[] cookie) {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
        NtpResponder server =
                new NtpResponder(() -> everyone, NtpOptions.PLAIN.withNts(new NtsSupply(keyring, new Random(3))), 1);
        byte[] request = new NtsClient(Aead.AES_SIV_CMAC_256, KEY, KEY, new Random(4)).request(cookie, 0, 1);
        NtpExchange exchange = new NtpExchange();
        exchange.datagram(ByteBuffer.wrap(request), 0, request.length, false)
                .from(0, 0xffff_c0a8_0007L, 40_000)
                .to(0, 0xffff_c0a8_0001L, 123)
                .receivedAt(START * 1_000_000_000L);
        return server.respond(exchange) == Disposition.ANSWERED && exchange.isSealed();
    }
}
