package org.noonmark.nts;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.noonmark.ntp.NtsAuthenticator;
import org.noonmark.ntp.NtsProvider;

/** NTS for all packet threads, with the same cookie keys. */
public final class NtsSupply implements NtsProvider {
    /** Clients whose ciphers a packet thread keeps at most. */
    static final int CLIENTS = 512;

    /**
     * Clients whose ciphers all threads keep together, beside the 64 of a batch that each has in any case. 4 to 4.6 kB each were measured: 7
     * MB of the daemon's 64 at most, and 0.3 more for each packet thread.
     */
    static final int CLIENTS_OF_ALL = 1_536;

    private final Supplier<CookieKeys> keys;
    private final RandomGenerator random;
    private final CookieMaker cookies;
    private final AtomicInteger spare = new AtomicInteger(CLIENTS_OF_ALL);

    /**
     * NTS with these keys.
     *
     * @param keys the present ones; never null
     * @param random fit for secrets, and for many threads
     */
    public NtsSupply(Supplier<CookieKeys> keys, RandomGenerator random) {
        this.keys = keys;
        this.random = random;
        this.cookies = new SharedCookieMaker(keys, random);
    }

    /** Makes the cookies that packet threads open. */
    public CookieMaker cookies() {
        return cookies;
    }

    @Override
    public NtsAuthenticator authenticator() {
        byte[] seed = new byte[Nonces.SEED_LENGTH];
        random.nextBytes(seed);
        return new NtsPackets(keys, seed, CLIENTS, spare);
    }

    @Override
    public byte[] sampleRequest() {
        Aead aead = Aead.AES_SIV_CMAC_256;
        byte[] c2s = new byte[aead.keyLength()];
        byte[] s2c = new byte[aead.keyLength()];
        random.nextBytes(c2s);
        random.nextBytes(s2c);
        return new NtsClient(aead, c2s, s2c, random).request(cookies.seal(aead, c2s, s2c), 0, random.nextLong());
    }
}
