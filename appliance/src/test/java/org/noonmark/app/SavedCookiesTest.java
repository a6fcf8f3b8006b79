package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.nts.Aead;
import org.noonmark.sources.AgreedTime;
import org.noonmark.sources.Association;
import org.noonmark.sources.LocalClock;
import org.noonmark.sources.Moment;
import org.noonmark.sources.NtsKeys;
import org.noonmark.sources.Outside;
import org.noonmark.sources.SelectionRules;
import org.noonmark.sources.SourceAddress;
import org.noonmark.sources.SourceConfig;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.Sources;

/** Keys and cookies between two runs: what was kept is had again, and what the disk made of it does no harm. */
class SavedCookiesTest {
    private static final int DAMAGES = Math.max(1_000, Integer.getInteger("noonmark.hostile.answers", 0) / 1_000);
    private static final long NOW = 1_795_305_600_000_000_000L;
    private static final SourceAddress SERVER = SourceAddress.of(new byte[] {10, 0, 0, 1}, "10.0.0.1");

    @TempDir
    private Path folder;

    private SavedCookies saved;
    private Association server;
    private Path file;

    @BeforeEach
    void findServer() {
        saved = new SavedCookies(Optional.of(folder.toString()), () -> NOW);
        file = folder.resolve("10.0.0.1.nts");
        Finder finder = new Finder();
        finder.find();
        server = finder.found.getFirst();
    }

    @Test
    void whatIsKeptIsHadOnce() {
        NtsKeys keys = keys(8);
        saved.keep(server, keys);
        NtsKeys again = saved.take(server).orElseThrow();
        assertEquals(keys.aead(), again.aead());
        assertArrayEquals(keys.c2s(), again.c2s());
        assertArrayEquals(keys.s2c(), again.s2c());
        assertEquals(8, again.cookies().size());
        assertArrayEquals(keys.cookies().getLast(), again.cookies().getLast());
        assertFalse(Files.exists(file), "a cookie is for one request");
        assertTrue(saved.take(server).isEmpty());
    }

    /** Of a disk that was cut, or wrote something else: no exception, and never keys that are none. */
    @Test
    void damagedFilesAreOfNoUseAndDoNoHarm() throws IOException {
        saved.keep(server, keys(8));
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom chance = new SplittableRandom(9);
        int taken = 0;
        for (int i = 0; i < DAMAGES; i++) {
            Files.write(file, damaged(whole, chance));
            Optional<NtsKeys> keys = saved.take(server);
            if (keys.isPresent()) {
                taken++;
                NtsKeys found = keys.get();
                assertEquals(found.aead().keyLength(), found.c2s().length);
                assertFalse(found.cookies().isEmpty());
                assertTrue(found.cookies().size() <= 8 && found.ageNanos() >= 0, "seed 9, number " + i);
                assertTrue(found.ntpPort() >= 0 && found.ntpPort() <= 65_535, "port " + found.ntpPort());
                assertTrue(found.cookies().stream().allMatch(cookie -> cookie.length > 0), "a cookie of nothing");
            }
        }
        assertTrue(taken > 0 && taken < DAMAGES, "some are still keys: " + taken);
    }

    private static byte[] damaged(byte[] whole, SplittableRandom chance) {
        byte[] octets = Arrays.copyOf(
                whole, chance.nextInt(3) == 0 ? chance.nextInt(whole.length + 1) : whole.length); // cut short
        for (int hits = chance.nextInt(4); hits > 0 && octets.length > 0; hits--) {
            int at = chance.nextInt(octets.length);
            switch (chance.nextInt(4)) {
                case 0 -> octets[at] = (byte) chance.nextInt();
                case 1 -> octets[at] = (byte) "0123456789 .-\n".charAt(chance.nextInt(14));
                case 2 -> octets[at] ^= (byte) (1 << chance.nextInt(8));
                default -> Arrays.fill(octets, at, Math.min(octets.length, at + 512), (byte) 0); // a sector
            }
        }
        if (chance.nextInt(50) == 0) {
            octets = new String(octets, StandardCharsets.ISO_8859_1)
                    .repeat(chance.nextInt(1, 20))
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        return octets;
    }

    private static NtsKeys keys(int count) {
        SplittableRandom chance = new SplittableRandom(5);
        List<byte[]> cookies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cookies.add(octets(chance, 100));
        }
        Aead aead = Aead.AES_SIV_CMAC_256;
        return new NtsKeys(
                aead,
                octets(chance, aead.keyLength()),
                octets(chance, aead.keyLength()),
                cookies,
                Optional.of(SERVER),
                123,
                0);
    }

    private static byte[] octets(SplittableRandom chance, int count) {
        byte[] octets = new byte[count];
        chance.nextBytes(octets);
        return octets;
    }

    /** Asks nobody; but its servers are found. */
    private static final class Finder implements Outside {
        private final List<Association> found = new ArrayList<>();

        void find() {
            SourceOptions plain = SourceOptions.DEFAULTS;
            SourceOptions options = new SourceOptions(
                    plain.port(),
                    plain.version(),
                    0,
                    Optional.of(new SourceOptions.Nts(4_460, 0, 1)),
                    0,
                    0,
                    plain.manner(),
                    plain.polling(),
                    plain.limits(),
                    plain.choice());
            Sources sources = new Sources(
                    List.of(SourceConfig.server(SERVER.text(), options)),
                    SelectionRules.DEFAULTS,
                    List.of(),
                    new LocalClock(100, 1_000, NOW),
                    1,
                    new AgreedTime(this::now, 1_000),
                    this);
            sources.onResolved(SERVER.text(), List.of(SERVER));
        }

        @Override
        public Optional<NtsKeys> savedKeys(Association of) {
            found.add(of);
            return Optional.empty();
        }

        @Override
        public long random() {
            return 0;
        }

        @Override
        public Moment now() {
            return new Moment(NOW, 0);
        }

        @Override
        public boolean send(Association to, byte[] request) {
            return false;
        }

        @Override
        public void hangUp(Association of) {}

        @Override
        public void establish(Association with, boolean withoutGcmSiv) {}

        @Override
        public Set<Integer> ownReferenceIds() {
            return Set.of();
        }

        @Override
        public void lookUp(String name) {}
    }
}
