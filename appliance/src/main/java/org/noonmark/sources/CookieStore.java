package org.noonmark.sources;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.nts.Aead;
import org.noonmark.nts.NtsClient;

/**
 * Keys and cookies of one NTS server (RFC 8915, section 5.7): spends a cookie with each request, asks for as many as are missing, and says when
 * new keys are due, no more often than chrony asks. Used by one thread.
 */
final class CookieStore {
    /** RFC 8915, section 5.7. */
    static final int MOST_COOKIES = 8;

    /** What placeholders may add to a request: eight of chrony's longest. */
    private static final int MOST_COOKIE_OCTETS = 8 * 108;

    private static final int FIELD_HEADER = 4;
    private static final long SECOND = 1_000_000_000L;
    /** Of a server that did not even make a connection: 16 s, and twice as long after each attempt. */
    private static final int LOG2_UNCONNECTED = 4;
    /** Of one that did: its processor has had the work of a handshake. */
    private static final int LOG2_CONNECTED = 10;

    private static final int LOG2_LONGEST = 19;

    private final long refreshNanos;
    private final RandomGenerator random;
    private final Deque<byte[]> cookies = new ArrayDeque<>();
    private @Nullable NtsKeys keys;
    private @Nullable NtsClient client;
    private byte @Nullable [] request;
    private int keyNumber;
    private int attempts;
    private long nextAttemptRawNanos = Long.MIN_VALUE;
    private long establishedRawNanos;
    private boolean establishing;
    private boolean refused; // by a NAK, since the last request
    private boolean accepted = true; // the last answer, or nothing was asked yet
    private boolean distrustsGcmSiv;
    private String trouble = "";

    /** @param refreshNanos keys are not used for longer (ntsrefresh) */
    CookieStore(long refreshNanos, RandomGenerator random) {
        this.refreshNanos = refreshNanos;
        this.random = random;
    }

    /** Whether a request can be made now. */
    boolean isReady(long rawNanos) {
        boolean useless = refused && !accepted;
        if (useless || rawNanos - establishedRawNanos > refreshNanos) {
            NtsKeys dropped = keys;
            // Both sides may derive other keys of AEAD 30 from the same handshake.
            distrustsGcmSiv |= useless && dropped != null && dropped.aead() == Aead.AES_128_GCM_SIV && attempts > 0;
            cookies.clear();
        }
        return !cookies.isEmpty();
    }

    /** Begins to establish keys; false when that is under way, or too early after the last time. */
    boolean begins(long rawNanos) {
        if (establishing || rawNanos < nextAttemptRawNanos) {
            return false;
        }
        establishing = true;
        attempts++;
        return true;
    }

    /** Whether AEAD 30 led to keys that the server did not know. */
    boolean distrustsGcmSiv() {
        return distrustsGcmSiv;
    }

    /** Keys were established; a server that then answers with them may be asked again as soon as cookies are out. */
    void onKeys(NtsKeys established, long rawNanos) {
        onEnded(true, "", rawNanos);
        take(established, rawNanos);
    }

    /** They were not: {@code connected} tells whether there was a connection at all, {@code why} is one phrase. */
    void onFailure(boolean connected, String why, long rawNanos) {
        onEnded(connected, why, rawNanos);
    }

    private void onEnded(boolean connected, String why, long rawNanos) {
        establishing = false;
        trouble = why;
        int log2 = Math.min((connected ? LOG2_CONNECTED : LOG2_UNCONNECTED) + attempts - 1, LOG2_LONGEST);
        nextAttemptRawNanos = rawNanos + (SECOND << log2);
    }

    /** Goes on with keys of an earlier run. */
    void restore(NtsKeys saved, long rawNanos) {
        take(saved, rawNanos);
    }

    private void take(NtsKeys taken, long rawNanos) {
        keys = taken;
        client = new NtsClient(taken.aead(), taken.c2s(), taken.s2c(), random);
        cookies.clear();
        taken.cookies().stream().limit(MOST_COOKIES).forEach(cookies::add);
        establishedRawNanos = rawNanos - taken.ageNanos();
        keyNumber++;
        refused = false;
        accepted = true;
    }

    /** A request with {@code stamps}; only when {@link #isReady}. */
    byte[] request(RequestStamps stamps) {
        NtsClient speaker = client;
        if (speaker == null || cookies.isEmpty()) {
            throw new IllegalStateException("a request without a cookie");
        }
        byte[] cookie = cookies.removeFirst();
        int room = MOST_COOKIE_OCTETS / (cookie.length + FIELD_HEADER);
        int wanted = Math.max(1, Math.min(MOST_COOKIES - cookies.size(), room));
        byte[] made = speaker.request(cookie, wanted - 1, stamps.origin(), stamps.receive(), stamps.transmit());
        request = made;
        refused = false;
        accepted = false;
        return made;
    }

    /** Whether the server has made this answer to the last request, and no other came before; takes its cookies. */
    boolean accepts(NtpPacket answer) {
        byte[] asked = request;
        NtsClient speaker = client;
        if (asked == null || speaker == null || accepted) {
            return false;
        }
        byte[] octets = new byte[answer.length()];
        answer.copyTo(octets, octets.length);
        Optional<List<byte[]>> fresh = speaker.open(octets, asked);
        if (fresh.isEmpty() || fresh.get().isEmpty()) {
            refused |= NtsClient.isRefusal(octets, asked);
            return false;
        }
        fresh.get().stream()
                .filter(cookie -> cookie.length <= MOST_COOKIE_OCTETS)
                .limit((long) MOST_COOKIES - cookies.size())
                .forEach(cookies::addLast);
        accepted = true;
        attempts = 0;
        nextAttemptRawNanos = Long.MIN_VALUE;
        return true;
    }

    /** What may be kept for the next run; empty without cookies. */
    Optional<NtsKeys> kept(long rawNanos) {
        NtsKeys present = keys;
        return present == null || cookies.isEmpty()
                ? Optional.empty()
                : Optional.of(new NtsKeys(
                        present.aead(),
                        present.c2s(),
                        present.s2c(),
                        new ArrayList<>(cookies),
                        present.ntpAddress(),
                        present.ntpPort(),
                        rawNanos - establishedRawNanos));
    }

    /** Why the last try to establish keys failed, one phrase; empty when it did not. */
    String trouble() {
        return trouble;
    }

    /** For reports. */
    SourceStatus.Nts status(long rawNanos) {
        NtsKeys present = keys;
        byte[] next = cookies.peekFirst();
        return new SourceStatus.Nts(
                keyNumber,
                present == null ? 0 : present.aead().id(),
                present == null ? 0 : 8 * present.aead().keyLength(),
                present == null ? -1 : Math.max(0, (rawNanos - establishedRawNanos) / SECOND),
                attempts,
                refused,
                cookies.size(),
                next == null ? 0 : next.length);
    }
}
