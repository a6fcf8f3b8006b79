package org.noonmark.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noonmark.nts.Aead;

/** Keys that were established with an NTS server, and the cookies that stand for them; as secret as they are. */
public final class NtsKeys {
    private final Aead aead;
    private final byte[] c2s;
    private final byte[] s2c;
    private final List<byte[]> cookies;
    private final Optional<SourceAddress> ntpAddress;
    private final int ntpPort;
    private final long ageNanos;

    /**
     * Keys.
     *
     * @param c2s of requests, as long as {@code aead} says
     * @param s2c of answers
     * @param cookies at least one
     * @param ntpAddress where to ask for the time; empty: where the keys came from
     * @param ntpPort UDP port of that; 0: as configured
     * @param ageNanos since they were established
     */
    public NtsKeys(
            Aead aead,
            byte[] c2s,
            byte[] s2c,
            List<byte[]> cookies,
            Optional<SourceAddress> ntpAddress,
            int ntpPort,
            long ageNanos) {
        if (c2s.length != aead.keyLength() || s2c.length != aead.keyLength() || cookies.isEmpty()) {
            throw new IllegalArgumentException("keys of " + c2s.length + " and " + s2c.length + " octets, "
                    + cookies.size() + " cookies; need " + aead.keyLength() + " and a cookie");
        }
        this.aead = aead;
        this.c2s = c2s.clone();
        this.s2c = s2c.clone();
        this.cookies = new ArrayList<>(cookies);
        this.ntpAddress = ntpAddress;
        this.ntpPort = ntpPort;
        this.ageNanos = ageNanos;
    }

    /** The algorithm. */
    public Aead aead() {
        return aead;
    }

    /** Key of requests. */
    public byte[] c2s() {
        return c2s.clone();
    }

    /** Key of answers. */
    public byte[] s2c() {
        return s2c.clone();
    }

    /** Each for one request. */
    public List<byte[]> cookies() {
        return List.copyOf(cookies);
    }

    /** Where to ask for the time; empty: where the keys came from. */
    public Optional<SourceAddress> ntpAddress() {
        return ntpAddress;
    }

    /** UDP port of that; 0: as configured. */
    public int ntpPort() {
        return ntpPort;
    }

    /** Since they were established. */
    public long ageNanos() {
        return ageNanos;
    }
}
