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
    private static final int TRANSMIT_TIMESTAMP = 40;

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
        int cookieField = NtsFields.FIELD_HEADER + cookie.length;
        int uniqueField = NtsFields.FIELD_HEADER + UNIQUE_IDENTIFIER;
        int authenticator = NtpPacket.HEADER_LENGTH + uniqueField + (1 + placeholders) * cookieField;
        int nonceAt = authenticator + NtsFields.FIELD_HEADER + LENGTHS;
        int sealedAt = nonceAt + aead.nonceLength();
        byte[] packet = new byte[sealedAt + Aead.TAG_LENGTH];
        packet[0] = (byte) FIRST_OCTET;
        for (int i = 0; i < Long.BYTES; i++) {
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
     * @param answer header, fields and nothing behind them
     */
    public Optional<List<byte[]>> open(byte[] answer, byte[] request) {
        int at = NtpPacket.HEADER_LENGTH;
        int uniqueField = NtsFields.FIELD_HEADER + UNIQUE_IDENTIFIER;
        int authenticator = at + uniqueField;
        int nonceAt = authenticator + NtsFields.FIELD_HEADER + LENGTHS;
        if (answer.length < nonceAt || !Arrays.equals(answer, at, authenticator, request, at, authenticator)) {
            return Optional.empty();
        }
        int nonceLength = NtsPackets.unsignedShort(answer, nonceAt - LENGTHS);
        int sealedLength = NtsPackets.unsignedShort(answer, nonceAt - 2);
        int sealedAt = nonceAt + NtsPackets.wholeWords(nonceLength);
        byte[] plain = new byte[AeadCipher.MOST_TEXT];
        if (NtsPackets.unsignedShort(answer, authenticator) != NtsFields.AUTHENTICATOR
                || sealedAt + sealedLength > answer.length
                || sealedLength < Aead.TAG_LENGTH
                || !s2c.open(answer, authenticator, nonceAt, nonceLength, sealedAt, sealedLength, plain)) {
            return Optional.empty();
        }
        List<byte[]> cookies = new ArrayList<>();
        int end = sealedLength - Aead.TAG_LENGTH;
        for (int field = 0; field + NtsFields.FIELD_HEADER < end; ) {
            int length = NtsPackets.unsignedShort(plain, field + 2);
            if (NtsPackets.unsignedShort(plain, field) == NtsFields.COOKIE) {
                cookies.add(Arrays.copyOfRange(plain, field + NtsFields.FIELD_HEADER, field + length));
            }
            field += Math.max(NtsFields.FIELD_HEADER, length);
        }
        return Optional.of(cookies);
    }
}
