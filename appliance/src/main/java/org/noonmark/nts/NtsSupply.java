package org.noonmark.nts;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.noonmark.ntp.NtsAuthenticator;
import org.noonmark.ntp.NtsProvider;

/** NTS for all packet threads, with the same cookie keys. */
public final class NtsSupply implements NtsProvider {
    /** Clients whose ciphers each packet thread keeps; each takes about 6 kB. */
    static final int CLIENTS = 512;

    private final Supplier<CookieKeys> keys;
    private final RandomGenerator random;
    private final CookieMaker cookies;

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
        return new NtsPackets(keys, seed, CLIENTS);
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
