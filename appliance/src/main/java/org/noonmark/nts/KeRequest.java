package org.noonmark.nts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client's key establishment request is, so far as it has come (RFC 8915, section 4). */
public sealed interface KeRequest {
    /** A client has two lists of a few numbers to send; what is longer than this is no request. */
    int MOST_BYTES = 4_096;

    /** The protocol number of NTPv4 (RFC 8915, section 7.7). */
    int NTPV4 = 0;

    /** More must come. */
    record Incomplete() implements KeRequest {}

    /** No request that can be granted. */
    record Refused(KeError error) implements KeRequest {}

    /**
     * A whole request.
     *
     * @param protocols numbers of next protocols, the client's dearest first
     * @param aeads numbers of AEAD algorithms, the client's dearest first; empty only when NTPv4 is not among the protocols
     * @param compliantGcmSivExport whether the client exports the keys of AEAD 30 as RFC 8915 says, and says so (chrony's record 1024)
     */
    record Offer(List<Integer> protocols, List<Integer> aeads, boolean compliantGcmSivExport) implements KeRequest {
        public Offer {
            protocols = List.copyOf(protocols);
            aeads = List.copyOf(aeads);
        }
    }

    /** Reads the first {@code length} bytes of {@code bytes}. Any bytes are answered; they are read once from the beginning each time. */
    static KeRequest parse(byte[] bytes, int length) {
        return new Reading(bytes, length).request();
    }

    /** One pass over the records. */
    final class Reading {
        private final byte[] bytes;
        private final int length;
        private final Set<Integer> seen = new HashSet<>();
        private List<Integer> protocols = List.of();
        private List<Integer> aeads = List.of();
        private boolean compliant;

        private Reading(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        private KeRequest request() {
            int at = 0;
            while (length - at >= KeRecords.HEADER_BYTES) {
                int type = at(at) & ~KeRecords.CRITICAL;
                boolean critical = (at(at) & KeRecords.CRITICAL) != 0;
                int bodyAt = at + KeRecords.HEADER_BYTES;
                int end = bodyAt + at(at + 2);
                if (end > MOST_BYTES) {
                    return new Refused(KeError.BAD_REQUEST);
                }
                if (end > length) {
                    return new Incomplete();
                }
                if (type == KeRecords.END_OF_MESSAGE) {
                    boolean wellFormed = critical && end == bodyAt && end == length;
                    return wellFormed ? whole() : new Refused(KeError.BAD_REQUEST);
                }
                KeError fault = take(type, critical, bodyAt, end);
                if (fault != null) {
                    return new Refused(fault);
                }
                at = end;
            }
            return length >= MOST_BYTES ? new Refused(KeError.BAD_REQUEST) : new Incomplete();
        }

        /** Null when the record is as it should be, or may be passed over. */
        private @Nullable KeError take(int type, boolean critical, int from, int to) {
            switch (type) {
                case KeRecords.NEXT_PROTOCOL -> {
                    if (!critical || isSecond(type) || isNoList(from, to)) {
                        return KeError.BAD_REQUEST;
                    }
                    protocols = numbers(from, to);
                }
                case KeRecords.AEAD_ALGORITHM -> {
                    if (isSecond(type) || isNoList(from, to)) {
                        return KeError.BAD_REQUEST;
                    }
                    aeads = numbers(from, to);
                }
                case KeRecords.COMPLIANT_GCM_SIV_EXPORT -> compliant = true;
                // Only servers send these.
                case KeRecords.ERROR, KeRecords.WARNING, KeRecords.NEW_COOKIE -> {
                    return KeError.BAD_REQUEST;
                }
                // What the client would like; there is one server here.
                case KeRecords.SERVER, KeRecords.PORT -> {}
                default -> {
                    return critical ? KeError.UNRECOGNIZED_CRITICAL_RECORD : null;
                }
            }
            return null;
        }

        private KeRequest whole() {
            boolean lacksAead = protocols.contains(NTPV4) && aeads.isEmpty();
            return protocols.isEmpty() || lacksAead
                    ? new Refused(KeError.BAD_REQUEST)
                    : new Offer(protocols, aeads, compliant);
        }

        private boolean isSecond(int type) {
            return !seen.add(type);
        }

        private static boolean isNoList(int from, int to) {
            return to == from || (to - from) % 2 != 0;
        }

        private List<Integer> numbers(int from, int to) {
            List<Integer> numbers = new ArrayList<>((to - from) / 2);
            for (int at = from; at < to; at += 2) {
                numbers.add(at(at));
            }
            return numbers;
        }

        private int at(int index) {
            return ((bytes[index] & 0xff) << 8) | (bytes[index + 1] & 0xff);
        }
    }
}
