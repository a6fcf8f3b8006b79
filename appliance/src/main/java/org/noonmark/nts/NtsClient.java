package org.noonmark.nts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.NtsFields;

/**
 * The other side: makes requests and checks answers, for a server that tries itself out, for the bench, and for tests. One client with
 * its keys; for one thread.
 */
public final class NtsClient {
    private static final int UNIQUE_IDENTIFIER = 32;
    private static final int LENGTHS = 4;
    private static final int FIRST_OCTET = 4 << 3 | NtpPacket.MODE_CLIENT;
    private static final int STRATUM = 1;
    private static final int REFERENCE_ID = 12;
    private static final int ORIGIN_TIMESTAMP = 24;
    private static final int RECEIVE_TIMESTAMP = 32;
    private static final int TRANSMIT_TIMESTAMP = 40;
    /** NTSN (RFC 8915, section 5.7). */
    private static final int NAK = 0x4e54_534e;

    private final Aead aead;
    private final AeadCipher c2s;
    private final AeadCipher s2c;
    private final Nonces nonces;

    /**
     * A client that has these keys.
     *
     * @param random fit for secrets, or not when nothing depends on it
     */
    public NtsClient(Aead aead, byte[] c2sKey, byte[] s2cKey, RandomGenerator random) {
        Scratch scratch = new Scratch();
        this.aead = aead;
        this.c2s = aead.cipher(scratch);
        this.s2c = aead.cipher(scratch);
        c2s.setKey(c2sKey, 0);
        s2c.setKey(s2cKey, 0);
        byte[] seed = new byte[Nonces.SEED_LENGTH];
        random.nextBytes(seed);
        nonces = new Nonces(seed);
    }

    /**
     * A request of version 4 in client mode.
     *
     * @param placeholders how many cookies it asks for beside the one for the one that it spends
     * @param transmitTimestamp its own, by which the answer is known
     */
    public byte[] request(byte[] cookie, int placeholders, long transmitTimestamp) {
        return request(cookie, placeholders, 0, 0, transmitTimestamp);
    }

    /**
     * The same, in interleaved mode (RFC 9769, section 2) where the first two timestamps are not 0.
     *
     * @param originTimestamp receive timestamp of the last answer
     * @param receiveTimestamp its own, by which an interleaved answer is known
     */
    public byte[] request(
            byte[] cookie, int placeholders, long originTimestamp, long receiveTimestamp, long transmitTimestamp) {
        int cookieField = NtsFields.FIELD_HEADER + cookie.length;
        int uniqueField = NtsFields.FIELD_HEADER + UNIQUE_IDENTIFIER;
        int authenticator = NtpPacket.HEADER_LENGTH + uniqueField + (1 + placeholders) * cookieField;
        int nonceAt = authenticator + NtsFields.FIELD_HEADER + LENGTHS;
        int sealedAt = nonceAt + aead.nonceLength();
        byte[] packet = new byte[sealedAt + Aead.TAG_LENGTH];
        packet[0] = (byte) FIRST_OCTET;
        for (int i = 0; i < Long.BYTES; i++) {
            packet[ORIGIN_TIMESTAMP + i] = (byte) (originTimestamp >>> (56 - 8 * i));
            packet[RECEIVE_TIMESTAMP + i] = (byte) (receiveTimestamp >>> (56 - 8 * i));
            packet[TRANSMIT_TIMESTAMP + i] = (byte) (transmitTimestamp >>> (56 - 8 * i));
        }
        int at = NtpPacket.HEADER_LENGTH;
        NtsPackets.setField(packet, at, NtsFields.UNIQUE_IDENTIFIER, uniqueField);
        nonces.next(packet, at + NtsFields.FIELD_HEADER, AesBlocks.BLOCK);
        nonces.next(packet, at + NtsFields.FIELD_HEADER + AesBlocks.BLOCK, AesBlocks.BLOCK);
        at += uniqueField;
        NtsPackets.setField(packet, at, NtsFields.COOKIE, cookieField);
        System.arraycopy(cookie, 0, packet, at + NtsFields.FIELD_HEADER, cookie.length);
        for (int i = 0; i < placeholders; i++) {
            at += cookieField;
            NtsPackets.setField(packet, at, NtsFields.COOKIE_PLACEHOLDER, cookieField);
        }
        NtsPackets.setField(packet, authenticator, NtsFields.AUTHENTICATOR, packet.length - authenticator);
        NtsPackets.setShorts(packet, authenticator + NtsFields.FIELD_HEADER, aead.nonceLength(), Aead.TAG_LENGTH);
        nonces.next(packet, nonceAt, aead.nonceLength());
        c2s.seal(packet, authenticator, packet, nonceAt, aead.nonceLength(), packet, 0, 0, packet, sealedAt);
        return packet;
    }

    /**
     * The cookies of an answer to {@code request}; empty when it is not authentic, or not the answer to that.
     *
     * @param answer header and fields; any octets will do
     */
    public Optional<List<byte[]>> open(byte[] answer, byte[] request) {
        int authenticator = find(answer, NtsFields.AUTHENTICATOR);
        if (!answers(answer, request)
                || authenticator < 0
                || authenticator + NtsPackets.unsignedShort(answer, authenticator + 2) != answer.length
                || authenticator + NtsFields.FIELD_HEADER + LENGTHS > answer.length
                || answer.length > AeadCipher.MOST_TEXT) {
            return Optional.empty();
        }
        int nonceAt = authenticator + NtsFields.FIELD_HEADER + LENGTHS;
        int nonceLength = NtsPackets.unsignedShort(answer, nonceAt - LENGTHS);
        int sealedLength = NtsPackets.unsignedShort(answer, nonceAt - 2);
        int sealedAt = nonceAt + NtsPackets.wholeWords(nonceLength);
        byte[] plain = new byte[AeadCipher.MOST_TEXT];
        if (sealedAt + sealedLength > answer.length
                || sealedLength < Aead.TAG_LENGTH
                || !aead.takesNonce(nonceLength)
                || !s2c.open(answer, authenticator, nonceAt, nonceLength, sealedAt, sealedLength, plain)) {
            return Optional.empty();
        }
        return Optional.of(cookies(plain, sealedLength - Aead.TAG_LENGTH));
    }

    /** Whether {@code answer} refuses {@code request} because its cookie cannot be opened (NAK); nobody has signed that. */
    public static boolean isRefusal(byte[] answer, byte[] request) {
        return answers(answer, request)
                && answer[STRATUM] == 0
                && NtsPackets.unsignedShort(answer, REFERENCE_ID) == NAK >>> 16
                && NtsPackets.unsignedShort(answer, REFERENCE_ID + 2) == (NAK & 0xffff);
    }

    /** Whether the answer has the request's unique identifier. */
    private static boolean answers(byte[] answer, byte[] request) {
        int found = find(answer, NtsFields.UNIQUE_IDENTIFIER);
        int length = NtsFields.FIELD_HEADER + UNIQUE_IDENTIFIER;
        return found >= 0
                && NtsPackets.unsignedShort(answer, found + 2) == length
                && Arrays.equals(
                        answer,
                        found,
                        found + length,
                        request,
                        NtpPacket.HEADER_LENGTH,
                        NtpPacket.HEADER_LENGTH + length);
    }

    /** Where the first field of that type begins; -1 when there is none before something that is no field. */
    private static int find(byte[] packet, int type) {
        int at = NtpPacket.HEADER_LENGTH;
        while (at + NtsFields.FIELD_HEADER <= packet.length) {
            int length = NtsPackets.unsignedShort(packet, at + 2);
            if (length < NtsFields.FIELD_HEADER || length % 4 != 0 || length > packet.length - at) {
                return -1;
            }
            if (NtsPackets.unsignedShort(packet, at) == type) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    private static List<byte[]> cookies(byte[] plain, int end) {
        List<byte[]> cookies = new ArrayList<>();
        int length;
        for (int field = 0; field + NtsFields.FIELD_HEADER < end; field += length) {
            length = NtsPackets.unsignedShort(plain, field + 2);
            if (length <= NtsFields.FIELD_HEADER || length > end - field) {
                return List.of();
            }
            if (NtsPackets.unsignedShort(plain, field) == NtsFields.COOKIE) {
                cookies.add(Arrays.copyOfRange(plain, field + NtsFields.FIELD_HEADER, field + length));
            }
        }
        return cookies;
    }
}
