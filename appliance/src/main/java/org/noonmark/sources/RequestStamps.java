package org.noonmark.sources;

import org.noonmark.ntp.NtpPacket;

/**
 * The timestamps of a request. They tell nothing of this machine's clock: what is not brought back is chance.
 *
 * @param origin receive timestamp of the last answer in interleaved mode (RFC 9769, section 2); 0 in basic mode
 * @param receive chance, by which the answer to an interleaved request is known; 0 in basic mode
 * @param transmit chance, by which the answer is known (RFC 9109)
 */
record RequestStamps(long origin, long receive, long transmit) {
    /** For a request that brings back {@code origin}; 0: in basic mode. */
    static RequestStamps bringing(long origin, Outside outside) {
        long transmit = chance(outside);
        long receive = 0;
        while (origin != 0 && (receive == 0 || receive == transmit)) {
            receive = chance(outside);
        }
        return new RequestStamps(origin, receive, transmit);
    }

    /** Zero would mean that there is no stamp. */
    private static long chance(Outside outside) {
        long stamp = outside.random();
        while (stamp == 0) {
            stamp = outside.random();
        }
        return stamp;
    }

    void writeTo(NtpPacket packet) {
        packet.setOriginTimestamp(origin);
        packet.setReceiveTimestamp(receive);
        packet.setTransmitTimestamp(transmit);
    }
}
