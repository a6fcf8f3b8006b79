package org.noonmark.ntp;

/**
 * What follows the header: extension fields and a MAC (RFC 5905, section 7.5; RFC 7822). They are walked, not read: the fields have
 * no meaning for this server yet.
 */
final class ExtensionFields {
    /** RFC 7822, section 3: the shortest extension field. */
    private static final int MIN_FIELD_LENGTH = 16;
    /** Key id and MD5 digest; key id and SHA-1 digest (RFC 7822, section 4). What is left and no longer than that is a MAC. */
    private static final int MIN_MAC_LENGTH = 20;

    private static final int MAX_MAC_LENGTH = 24;
    /** A key id of 0 and nothing else: the sender could not check our last answer (RFC 5905, section 8). */
    private static final int CRYPTO_NAK_LENGTH = 4;

    private static final int NTS_UNIQUE_IDENTIFIER = 0x0104;
    private static final int NTS_COOKIE = 0x0204;
    private static final int NTS_COOKIE_PLACEHOLDER = 0x0304;
    private static final int NTS_AUTHENTICATOR = 0x0404;

    private ExtensionFields() {}

    /** {@link Disposition#ANSWERED} when nothing behind the header stands against an answer without authentication. */
    static Disposition judge(NtpPacket packet) {
        if (packet.length() % 4 != 0) {
            return Disposition.BAD_LENGTH;
        }
        if (packet.length() == NtpPacket.HEADER_LENGTH) {
            return Disposition.ANSWERED;
        }
        if (packet.version() < 4) {
            // Before version 4 there were no extension fields: anything is a MAC.
            return Disposition.AUTHENTICATION_NOT_SERVED;
        }
        return walk(packet);
    }

    private static Disposition walk(NtpPacket packet) {
        boolean nts = false;
        int at = NtpPacket.HEADER_LENGTH;
        while (at < packet.length()) {
            int rest = packet.length() - at;
            if (rest == CRYPTO_NAK_LENGTH || (rest >= MIN_MAC_LENGTH && rest <= MAX_MAC_LENGTH)) {
                return Disposition.AUTHENTICATION_NOT_SERVED;
            }
            int fieldLength = rest < MIN_FIELD_LENGTH ? 0 : packet.unsignedShort(at + 2);
            if (fieldLength < MIN_FIELD_LENGTH || fieldLength > rest || fieldLength % 4 != 0) {
                return Disposition.BAD_EXTENSION;
            }
            nts |= isNts(packet.unsignedShort(at));
            at += fieldLength;
        }
        return nts ? Disposition.AUTHENTICATION_NOT_SERVED : Disposition.ANSWERED;
    }

    private static boolean isNts(int fieldType) {
        return switch (fieldType) {
            case NTS_UNIQUE_IDENTIFIER, NTS_COOKIE, NTS_COOKIE_PLACEHOLDER, NTS_AUTHENTICATOR -> true;
            default -> false;
        };
    }
}
