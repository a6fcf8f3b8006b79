package org.noonmark.ntp;

/**
 * What follows the header: extension fields and a MAC (RFC 5905, section 7.5; RFC 7822). Fields are walked, not read; of those of NTS it
 * is noted where they stand. For one thread.
 */
final class ExtensionFields {
    /** RFC 7822, section 3: the shortest extension field. */
    private static final int MIN_FIELD_LENGTH = 16;
    /** Key id and 16 octets of digest, the shortest; key id and 20, the longest of version 4 (RFC 7822, section 4). */
    private static final int MIN_MAC_LENGTH = 20;

    private static final int MAX_V4_MAC_LENGTH = 24;
    private static final int MAX_MAC_LENGTH = MacAuthenticator.KEY_ID + KeyedMac.MOST_DIGEST_BYTES;
    /** A key id of 0 and nothing else: the sender could not check our last answer (RFC 5905, section 8). */
    private static final int CRYPTO_NAK_LENGTH = 4;
    /** MS-SNTP, sections 2.2.1 and 2.2.3: the authenticator of a request is all zero behind the key id, or behind 8 octets. */
    private static final int MS_SNTP_LENGTH = 20;

    private static final int MS_SNTP_EXTENDED_LENGTH = 72;

    private final NtsFields nts = new NtsFields();
    private int macStart;

    /** Where the fields of NTS stand in the packet last judged, if it has any. */
    NtsFields nts() {
        return nts;
    }

    /** Where the MAC of the packet last judged begins; 0: it has none. */
    int macStart() {
        return macStart;
    }

    /** {@link Disposition#ANSWERED} when nothing behind the header stands against an answer; a MAC is still to be checked then. */
    Disposition judge(NtpPacket packet) {
        macStart = 0;
        nts.clear();
        if (packet.length() % 4 != 0) {
            return Disposition.BAD_LENGTH;
        }
        if (packet.length() == NtpPacket.HEADER_LENGTH) {
            return Disposition.ANSWERED;
        }
        // Before version 4 there were no extension fields: anything is a MAC.
        return packet.version() < 4 ? judgeMac(packet) : walk(packet);
    }

    private Disposition judgeMac(NtpPacket packet) {
        int length = packet.length() - NtpPacket.HEADER_LENGTH;
        if (length == CRYPTO_NAK_LENGTH) {
            return Disposition.AUTHENTICATION_FAILED;
        }
        if (isMsSntp(packet, length)) {
            return Disposition.MS_SNTP;
        }
        if (length < MIN_MAC_LENGTH || length > MAX_MAC_LENGTH) {
            return Disposition.BAD_EXTENSION;
        }
        macStart = NtpPacket.HEADER_LENGTH;
        return Disposition.ANSWERED;
    }

    private Disposition walk(NtpPacket packet) {
        int at = NtpPacket.HEADER_LENGTH;
        while (at < packet.length()) {
            int rest = packet.length() - at;
            if (rest == CRYPTO_NAK_LENGTH) {
                return Disposition.AUTHENTICATION_FAILED;
            }
            if (rest >= MIN_MAC_LENGTH && rest <= MAX_V4_MAC_LENGTH) {
                macStart = at;
                break;
            }
            int fieldLength = rest < MIN_FIELD_LENGTH ? 0 : packet.unsignedShort(at + 2);
            if (fieldLength < MIN_FIELD_LENGTH || fieldLength > rest || fieldLength % 4 != 0) {
                return Disposition.BAD_EXTENSION;
            }
            nts.onField(packet.unsignedShort(at), at, fieldLength);
            at += fieldLength;
        }
        boolean good = !nts.isPresent() || (nts.isWhole(packet.length()) && packet.mode() == NtpPacket.MODE_CLIENT);
        return good ? Disposition.ANSWERED : Disposition.NTS_MALFORMED;
    }

    private static boolean isMsSntp(NtpPacket packet, int length) {
        int start = NtpPacket.HEADER_LENGTH;
        if (packet.version() != 3 || packet.word(start) == 0) {
            return false;
        }
        return switch (length) {
            case MS_SNTP_LENGTH -> isZero(packet, start + 4);
            case MS_SNTP_EXTENDED_LENGTH -> isZero(packet, start + 8);
            default -> false;
        };
    }

    private static boolean isZero(NtpPacket packet, int from) {
        for (int at = from; at < packet.length(); at += 4) {
            if (packet.word(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
