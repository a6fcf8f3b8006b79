package org.noonmark.nts;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.NtsAuthenticator;
import org.noonmark.ntp.NtsFields;

/**
 * NTS of one packet thread (RFC 8915, section 5). Cookies are made when a request is verified, so that between the transmit timestamp and
 * the sending there is no more than the one encryption that has to cover it.
 *
 * <p>The authenticator's field: type and length (4 octets), length of the nonce (2), length of the ciphertext (2), nonce and ciphertext,
 * each filled up to a multiple of 4, and padding.
 */
final class NtsPackets implements NtsAuthenticator {
    /** As many as a client keeps. */
    private static final int MOST_COOKIES = 8;

    private static final int LENGTHS = 4;
    private static final int MIN_FIELD = 4;

    private final ClientKeys clients;
    private final Nonces nonces;
    private final Cookies cookies;
    private final byte[] packet = new byte[AeadCipher.MOST_TEXT];
    private final byte[] plain = new byte[AeadCipher.MOST_TEXT];
    private final byte[] contents = new byte[AeadCipher.MOST_TEXT];

    // The request last verified.
    private int client;
    private int cookiesWanted;

    /**
     * NTS for one packet thread.
     *
     * @param keys the present ones, read for each cookie; never null
     * @param seed {@link Nonces#SEED_LENGTH} octets that nobody can guess; wiped
     * @param capacity clients whose ciphers are kept, a power of two from {@link #MOST_AT_ONCE}
     * @param spare for how many of them beyond those of a batch there is memory left, over all packet threads
     */
    NtsPackets(Supplier<CookieKeys> keys, byte[] seed, int capacity, AtomicInteger spare) {
        if (capacity < MOST_AT_ONCE) {
            throw new IllegalArgumentException("capacity " + capacity + ", need " + MOST_AT_ONCE);
        }
        nonces = new Nonces(seed);
        cookies = new Cookies(keys, nonces);
        clients = new ClientKeys(capacity, spare, new Scratch());
    }

    @Override
    public Verdict verify(NtpPacket request, NtsFields fields) {
        int length = request.length();
        int at = fields.authenticatorAt() + NtsFields.FIELD_HEADER;
        if (length > AeadCipher.MOST_TEXT || at + LENGTHS > length) {
            return Verdict.MALFORMED;
        }
        request.copyTo(packet, length);
        int nonceLength = unsignedShort(packet, at);
        int sealedLength = unsignedShort(packet, at + 2);
        int nonceAt = at + LENGTHS;
        int sealedAt = nonceAt + wholeWords(nonceLength);
        int padding = length - sealedAt - wholeWords(sealedLength);
        if (padding < 0 || sealedLength < Aead.TAG_LENGTH) {
            return Verdict.MALFORMED;
        }
        Aead aead = openCookie(fields);
        if (aead == null) {
            return Verdict.UNKNOWN;
        }
        // RFC 8915, section 5.6: whoever saves on the nonce leaves that room, so that ours fits into the answer.
        if (!aead.takesNonce(nonceLength) || wholeWords(nonceLength) + padding < aead.nonceLength()) {
            return Verdict.MALFORMED;
        }
        client = clients.find(aead, contents);
        boolean right = clients.c2s(client)
                .open(packet, fields.authenticatorAt(), nonceAt, nonceLength, sealedAt, sealedLength, plain);
        return right ? countCookies(fields, sealedLength - Aead.TAG_LENGTH) : Verdict.UNKNOWN;
    }

    /** The algorithm of the cookie's keys, whose contents are then at hand; null when it is not one of ours. */
    private @Nullable Aead openCookie(NtsFields fields) {
        if (!cookies.open(packet, fields.cookieAt(), fields.cookieLength(), contents)) {
            return null;
        }
        Aead aead = Aead.known(unsignedShort(contents, 2));
        return aead != null && fields.cookieLength() == Cookies.length(aead) ? aead : null;
    }

    /** Placeholders may be encrypted too (RFC 8915, section 5.7); a cookie or an authenticator may not. */
    private Verdict countCookies(NtsFields fields, int length) {
        int wanted = 1 + fields.placeholders();
        int at = 0;
        while (at < length) {
            int fieldLength = length - at < MIN_FIELD ? 0 : unsignedShort(plain, at + 2);
            if (fieldLength < MIN_FIELD || fieldLength > length - at || fieldLength % 4 != 0) {
                return Verdict.MALFORMED;
            }
            switch (unsignedShort(plain, at)) {
                case NtsFields.COOKIE_PLACEHOLDER -> {
                    if (fieldLength - NtsFields.FIELD_HEADER != fields.cookieLength()) {
                        return Verdict.MALFORMED;
                    }
                    wanted++;
                }
                case NtsFields.COOKIE, NtsFields.AUTHENTICATOR, NtsFields.UNIQUE_IDENTIFIER -> {
                    return Verdict.MALFORMED;
                }
                default -> {}
            }
            at += fieldLength;
        }
        cookiesWanted = Math.min(wanted, MOST_COOKIES);
        return Verdict.AUTHENTIC;
    }

    @Override
    public int turnAround(NtpPacket request, NtsFields fields) {
        Aead aead = clients.aead(client);
        int length = request.length();
        int uniqueIdentifier = fields.uniqueIdentifierLength();
        System.arraycopy(packet, fields.uniqueIdentifierAt(), packet, NtpPacket.HEADER_LENGTH, uniqueIdentifier);
        int at = NtpPacket.HEADER_LENGTH + uniqueIdentifier;
        int nonceAt = at + NtsFields.FIELD_HEADER + LENGTHS;
        int plainAt = nonceAt + aead.nonceLength() + Aead.TAG_LENGTH;
        int cookieField = NtsFields.FIELD_HEADER + Cookies.length(aead);
        int count = Math.min(cookiesWanted, (length - plainAt) / cookieField);
        setField(packet, at, NtsFields.AUTHENTICATOR, length - at);
        setShorts(packet, at + NtsFields.FIELD_HEADER, aead.nonceLength(), Aead.TAG_LENGTH + count * cookieField);
        nonces.next(packet, nonceAt, aead.nonceLength());
        int end = plainAt;
        for (int i = 0; i < count; i++) {
            setField(packet, end, NtsFields.COOKIE, cookieField);
            cookies.seal(contents, Cookies.contentsLength(aead), packet, end + NtsFields.FIELD_HEADER);
            end += cookieField;
        }
        Arrays.fill(packet, end, length, (byte) 0);
        request.copyFrom(packet, NtpPacket.HEADER_LENGTH, NtpPacket.HEADER_LENGTH, length - NtpPacket.HEADER_LENGTH);
        return client;
    }

    @Override
    public void seal(NtpPacket answer, int whose) {
        Aead aead = clients.aead(whose);
        answer.copyTo(packet, answer.length());
        int at = authenticatorAt(answer);
        int nonceAt = at + NtsFields.FIELD_HEADER + LENGTHS;
        int sealedAt = nonceAt + aead.nonceLength();
        int length = plainLength(answer, at);
        clients.s2c(whose)
                .seal(
                        packet,
                        at,
                        packet,
                        nonceAt,
                        aead.nonceLength(),
                        packet,
                        sealedAt + Aead.TAG_LENGTH,
                        length,
                        plain,
                        0);
        answer.copyFrom(plain, 0, sealedAt, length + Aead.TAG_LENGTH);
    }

    @Override
    public int kind(NtpPacket answer, int whose) {
        Aead aead = clients.aead(whose);
        int count = plainLength(answer, authenticatorAt(answer)) / (NtsFields.FIELD_HEADER + Cookies.length(aead));
        int first = switch (aead) {
            case AES_SIV_CMAC_256 -> 0;
            case AES_SIV_CMAC_512 -> MOST_COOKIES;
            case AES_128_GCM_SIV -> 2 * MOST_COOKIES;
        };
        return first + Math.max(0, count - 1);
    }

    /** In an answer the unique identifier stands behind the header, and the authenticator behind that. */
    private static int authenticatorAt(NtpPacket answer) {
        return NtpPacket.HEADER_LENGTH + answer.unsignedShort(NtpPacket.HEADER_LENGTH + 2);
    }

    private static int plainLength(NtpPacket answer, int authenticatorAt) {
        return answer.unsignedShort(authenticatorAt + NtsFields.FIELD_HEADER + 2) - Aead.TAG_LENGTH;
    }

    static void setField(byte[] octets, int at, int type, int length) {
        setShorts(octets, at, type, length);
    }

    static void setShorts(byte[] octets, int at, int first, int second) {
        octets[at] = (byte) (first >>> 8);
        octets[at + 1] = (byte) first;
        octets[at + 2] = (byte) (second >>> 8);
        octets[at + 3] = (byte) second;
    }

    static int unsignedShort(byte[] octets, int at) {
        return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    }

    static int wholeWords(int octets) {
        return (octets + 3) & -4;
    }
}
