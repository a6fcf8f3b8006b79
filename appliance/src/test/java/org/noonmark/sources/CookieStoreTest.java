package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.nts.Aead;

/** Keys and cookies of a client of NTS, against our own server's answers. */
class CookieStoreTest {
    private static final int ANSWERS = Integer.getInteger("noonmark.hostile.answers", 100_000);
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_800_000_000L * SECOND;
    private static final long DAY = 86_400 * SECOND;

    private final NtsAnswers server = new NtsAnswers();
    private final CookieStore store = new CookieStore(28 * DAY, new Random(1));

    @ParameterizedTest
    @EnumSource
    void aCookieIsSpentByARequestAndReplacedByItsAnswer(Aead aead) {
        store.onKeys(server.establish(aead), 0);
        for (int i = 0; i < 20; i++) {
            assertTrue(store.isReady(i));
            byte[] request = store.request(new RequestStamps(0, 0, i + 1));
            assertEquals(7, store.status(0).cookies());
            assertTrue(store.accepts(packet(server.answer(request, NOW + i * SECOND))));
            assertEquals(8, store.status(0).cookies());
        }
    }

    @Test
    void lostCookiesAreAskedForWithTheNextRequest() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        store.request(new RequestStamps(0, 0, 1));
        store.request(new RequestStamps(0, 0, 2));
        store.request(new RequestStamps(0, 0, 3));
        byte[] request = store.request(new RequestStamps(0, 0, 4));
        assertEquals(4, store.status(0).cookies());
        assertTrue(store.accepts(packet(server.answer(request, NOW))));
        assertEquals(8, store.status(0).cookies());
    }

    @Test
    void withoutCookiesKeysAreEstablishedAnew() {
        assertTrue(store.begins(0));
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        for (int i = 0; i < 8; i++) {
            assertTrue(store.isReady(0));
            store.request(new RequestStamps(0, 0, i + 1));
        }
        assertFalse(store.isReady(0));
        // Its processor has just had the work of a handshake, and no answer showed that it was worth it.
        assertFalse(store.begins(1_023 * SECOND));
        assertTrue(store.begins(1_024 * SECOND));
        assertFalse(store.begins(5_000 * SECOND), "one at a time");
    }

    @Test
    void anAnswerIsTakenOnceAndOnlyForTheLastRequest() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        byte[] old = server.answer(store.request(new RequestStamps(0, 0, 1)), NOW);
        byte[] answer = server.answer(store.request(new RequestStamps(0, 0, 2)), NOW + SECOND);
        assertFalse(store.accepts(packet(old)));
        assertTrue(store.accepts(packet(answer)));
        assertFalse(store.accepts(packet(answer)));
    }

    @Test
    void aServerThatLostItsKeysIsAskedForNewOnes() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        assertTrue(store.accepts(packet(server.answer(store.request(new RequestStamps(0, 0, 1)), NOW))));
        server.loseKeys();
        byte[] nak = server.answer(store.request(new RequestStamps(0, 0, 2)), NOW + SECOND);
        assertFalse(store.accepts(packet(nak)));
        assertTrue(store.status(0).refused());
        assertFalse(store.isReady(0));
        assertTrue(store.begins(0));
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        assertTrue(store.accepts(packet(server.answer(store.request(new RequestStamps(0, 0, 3)), NOW + 2 * SECOND))));
    }

    /** Anybody could have sent it; a right answer to the same request says that nothing is wrong. */
    @Test
    void aForgedRefusalBeforeTheRightAnswerChangesNothing() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        byte[] request = store.request(new RequestStamps(0, 0, 1));
        byte[] answer = server.answer(request, NOW);
        byte[] forged = Arrays.copyOf(answer, 48 + 36);
        forged[1] = 0;
        forged[12] = 'N';
        forged[13] = 'T';
        forged[14] = 'S';
        forged[15] = 'N';
        assertFalse(store.accepts(packet(forged)));
        assertTrue(store.accepts(packet(answer)));
        assertTrue(store.isReady(0));
    }

    /** chrony's intervals: 16 s doubled for who cannot be connected to, 1024 s for who could. */
    @Test
    void keysAreTriedForLessAndLess() {
        long now = 0;
        for (int log2 = 4; log2 <= 19; log2++) {
            assertTrue(store.begins(now));
            store.onFailure(false, "there is no connection", now);
            assertFalse(store.begins(now + (SECOND << log2) - 1));
            now += SECOND << log2;
        }
        CookieStore other = new CookieStore(DAY, new Random(2));
        assertTrue(other.begins(0));
        other.onFailure(true, "no TLS", 0);
        assertFalse(other.begins(1_023 * SECOND));
        assertTrue(other.begins(1_024 * SECOND));
    }

    @Test
    void keysThatAreTooOldAreNotUsed() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        assertTrue(store.isReady(28 * DAY));
        assertFalse(store.isReady(28 * DAY + 1));
    }

    @Test
    void whatIsKeptHoldsInTheNextRun() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_512), 0);
        store.request(new RequestStamps(0, 0, 1));
        NtsKeys kept = store.kept(5 * SECOND).orElseThrow();
        assertEquals(7, kept.cookies().size());
        assertEquals(5 * SECOND, kept.ageNanos());
        CookieStore next = new CookieStore(DAY, new Random(3));
        next.restore(kept, 100);
        assertTrue(next.accepts(packet(server.answer(next.request(new RequestStamps(0, 0, 9)), NOW))));
    }

    /** No exception, and nothing that was changed is taken. */
    @Test
    void noChangedAnswerIsTaken() {
        store.onKeys(server.establish(Aead.AES_SIV_CMAC_256), 0);
        byte[] answer = server.answer(store.request(new RequestStamps(0, 0, 1)), NOW);
        SplittableRandom chance = new SplittableRandom(6);
        for (int i = 0; i < ANSWERS; i++) {
            byte[] changed = Arrays.copyOf(answer, chance.nextInt(8) == 0 ? chance.nextInt(48, 1_400) : answer.length);
            int at = chance.nextInt(changed.length);
            changed[at] ^= (byte) chance.nextInt(1, 256);
            for (int more = chance.nextInt(4); more > 0; more--) {
                changed[chance.nextInt(changed.length)] = (byte) chance.nextInt();
            }
            // Chance may have put back what it took.
            assertFalse(!Arrays.equals(changed, answer) && store.accepts(packet(changed)), "seed 6, number " + i);
        }
        assertTrue(store.accepts(packet(answer)));
    }

    /** From a name without keys to a time that is authenticated. */
    @Test
    void aServerWithNtsIsHeardOnceKeysAreThere() {
        SimulatedNetwork network = new SimulatedNetwork(4);
        network.add("10.0.0.1").nts = server;
        Sources sources = network.ask(SourceConfig.server(
                "10.0.0.1", SourceOptions.DEFAULTS.withNts(new SourceOptions.Nts(4_460, 0, 28 * DAY))));
        network.runUntil(10);
        assertEquals(0, network.server("10.0.0.1").asked, "asked without keys");
        assertEquals(1, network.establishments.size());
        sources.onKeys(network.establishments.getFirst(), server.establish(Aead.AES_128_GCM_SIV));
        network.runUntil(600);
        assertTrue(sources.at("10.0.0.1").orElseThrow().goodAnswers() > 5);
        assertTrue(Objects.requireNonNull(network.agreed.testimony()).weighty());
        server.loseKeys();
        network.runUntil(900);
        assertEquals(2, network.establishments.size());
    }

    private static NtpPacket packet(byte[] octets) {
        return new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
    }
}
