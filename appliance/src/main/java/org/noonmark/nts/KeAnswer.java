package org.noonmark.nts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a server answers to a client's key establishment request, so far as it has come (RFC 8915, section 4); and that request. */
public sealed interface KeAnswer {
    /** As long as chrony takes it. */
    int MOST_BYTES = 16_384;

    /** More must come. */
    record Incomplete() implements KeAnswer {}

    /** Nothing that keys could be made of: {@code why}, one phrase. */
    record Refused(String why) implements KeAnswer {}

    /**
     * Keys are to be had.
     *
     * @param aead one of those that were offered
     * @param compliantGcmSivExport whether the server exports the keys of AEAD 30 as RFC 8915 says, and says so (chrony's record 1024)
     * @param cookies at least one and at most {@link KeNegotiation#COOKIES}, each for one request
     * @param ntpServer name or address of whom to ask for the time; empty: the same server
     * @param ntpPort UDP port of that; 0: not said
     */
    record Granted(
            Aead aead, boolean compliantGcmSivExport, List<byte[]> cookies, Optional<String> ntpServer, int ntpPort)
            implements KeAnswer {
        public Granted {
            cookies = List.copyOf(cookies);
        }

        /** Context of the exporter for the key of requests; chrony's of 4.4 to 4.6 take that of AEAD 15 for AEAD 30. */
        public byte[] contextOfC2s() {
            return exported().contextOfC2s();
        }

        /** The same for the key of answers. */
        public byte[] contextOfS2c() {
            return exported().contextOfS2c();
        }

        private KeAgreement.Agreed exported() {
            boolean early = aead == Aead.AES_128_GCM_SIV && !compliantGcmSivExport;
            return new KeAgreement.Agreed(early ? Aead.AES_SIV_CMAC_256 : aead, false);
        }
    }

    /** The request for keys of NTPv4 with one of {@code aeads}, the dearest first. */
    static byte[] request(List<Aead> aeads) {
        byte[] ids = new byte[2 * aeads.size()];
        for (int i = 0; i < aeads.size(); i++) {
            ids[2 * i] = (byte) (aeads.get(i).id() >> 8);
            ids[2 * i + 1] = (byte) aeads.get(i).id();
        }
        KeRecords records = new KeRecords()
                .add(KeRecords.NEXT_PROTOCOL, true, KeRequest.NTPV4)
                .add(KeRecords.AEAD_ALGORITHM, true, ids);
        if (aeads.contains(Aead.AES_128_GCM_SIV)) {
            records.add(KeRecords.COMPLIANT_GCM_SIV_EXPORT, false, new byte[0]);
        }
        return records.message();
    }

    /** Reads the first {@code length} bytes of {@code bytes}, which answer a request for {@code offered}. Any bytes are answered. */
    static KeAnswer parse(byte[] bytes, int length, List<Aead> offered) {
        return new Reading(bytes, length, offered).answer();
    }

    /** One pass over the records. */
    final class Reading {
        private static final int MOST_COOKIE_BYTES = 256;
        private static final int MOST_NAME_BYTES = 255;

        private final byte[] bytes;
        private final int length;
        private final List<Aead> offered;
        private boolean ntp;
        private Optional<Aead> aead = Optional.empty();
        private boolean compliant;
        private final List<byte[]> cookies = new ArrayList<>();
        private Optional<String> server = Optional.empty();
        private int port;

        private Reading(byte[] bytes, int length, List<Aead> offered) {
            this.bytes = bytes;
            this.length = length;
            this.offered = offered;
        }

        private KeAnswer answer() {
            int at = 0;
            while (length - at >= KeRecords.HEADER_BYTES) {
                int type = at(at) & ~KeRecords.CRITICAL;
                boolean critical = (at(at) & KeRecords.CRITICAL) != 0;
                int bodyAt = at + KeRecords.HEADER_BYTES;
                int end = bodyAt + at(at + 2);
                if (end > MOST_BYTES) {
                    return new Refused("its answer is too long");
                }
                if (end > length) {
                    return new Incomplete();
                }
                if (type == KeRecords.END_OF_MESSAGE) {
                    return whole();
                }
                String fault = take(type, critical, bodyAt, end);
                if (!fault.isEmpty()) {
                    return new Refused(fault);
                }
                at = end;
            }
            return length >= MOST_BYTES ? new Refused("its answer is too long") : new Incomplete();
        }

        /** Empty when the record is as it should be, or may be passed over. */
        private String take(int type, boolean critical, int from, int to) {
            switch (type) {
                case KeRecords.NEXT_PROTOCOL -> {
                    ntp = to - from == 2 && at(from) == KeRequest.NTPV4;
                    return ntp ? "" : "it does not serve NTPv4 with NTS";
                }
                case KeRecords.AEAD_ALGORITHM -> {
                    aead = to - from == 2 ? Aead.of(at(from)).filter(offered::contains) : Optional.empty();
                    return aead.isPresent() ? "" : "it has none of the algorithms that were offered (ntsaeads)";
                }
                case KeRecords.ERROR -> {
                    return "it refuses with error " + (to - from == 2 ? at(from) : "without a number");
                }
                case KeRecords.WARNING -> {
                    return "it warns instead of answering";
                }
                case KeRecords.NEW_COOKIE -> takeCookie(from, to);
                case KeRecords.SERVER -> {
                    server = name(from, to);
                    return server.isPresent() ? "" : "it names no server that could be";
                }
                case KeRecords.PORT -> {
                    port = to - from == 2 ? at(from) : 0;
                    return port != 0 ? "" : "it names no port that could be";
                }
                case KeRecords.COMPLIANT_GCM_SIV_EXPORT -> compliant = true;
                default -> {
                    return critical ? "its answer has a critical record of type " + type : "";
                }
            }
            return "";
        }

        private void takeCookie(int from, int to) {
            int octets = to - from;
            if (octets > 0
                    && octets <= MOST_COOKIE_BYTES
                    && octets % 4 == 0
                    && cookies.size() < KeNegotiation.COOKIES) {
                cookies.add(Arrays.copyOfRange(bytes, from, to));
            }
        }

        private Optional<String> name(int from, int to) {
            String name = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
            boolean printable = name.chars().allMatch(c -> c > ' ' && c < 0x7f);
            return printable && !name.isEmpty() && name.length() <= MOST_NAME_BYTES
                    ? Optional.of(name)
                    : Optional.empty();
        }

        private KeAnswer whole() {
            if (!ntp || aead.isEmpty() || cookies.isEmpty()) {
                return new Refused(
                        "its answer lacks " + (!ntp ? "the protocol" : aead.isEmpty() ? "the algorithm" : "cookies"));
            }
            return new Granted(aead.get(), compliant, cookies, server, port);
        }

        private int at(int index) {
            return ((bytes[index] & 0xff) << 8) | (bytes[index + 1] & 0xff);
        }
    }
}
