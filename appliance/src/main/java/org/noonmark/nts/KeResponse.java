package org.noonmark.nts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a server says to a key establishment request, so far as it has come (RFC 8915, section 4): the client's side. */
public sealed interface KeResponse {
    /** Eight cookies of 200 octets are a third of it; a server that says more is none to be heard. */
    int MOST_BYTES = 16_384;

    /** More must come. */
    record Incomplete() implements KeResponse {}

    /** No keys: the reason in lower case. */
    record Refused(String reason) implements KeResponse {}

    /**
     * Keys, for NTPv4.
     *
     * @param aead number of the algorithm
     * @param cookies as many as it gave
     * @param server whom to ask for the time; empty: the one that was asked for the keys
     * @param port UDP port of that one; empty: 123
     */
    record Granted(int aead, List<byte[]> cookies, Optional<String> server, OptionalInt port) implements KeResponse {
        public Granted {
            cookies = List.copyOf(cookies);
        }
    }

    /** Reads the first {@code length} bytes of {@code bytes}. Any bytes are answered. */
    static KeResponse parse(byte[] bytes, int length) {
        return new Reading(bytes, length).response();
    }

    /** One pass over the records. */
    final class Reading {
        private final byte[] bytes;
        private final int length;
        private Optional<byte[]> protocols = Optional.empty();
        private Optional<byte[]> aeads = Optional.empty();
        private final List<byte[]> cookies = new ArrayList<>();
        private Optional<String> server = Optional.empty();
        private OptionalInt port = OptionalInt.empty();
        private Optional<String> refusal = Optional.empty();

        private Reading(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        private KeResponse response() {
            int at = 0;
            while (length - at >= KeRecords.HEADER_BYTES) {
                int type = number(bytes, at);
                int from = at + KeRecords.HEADER_BYTES;
                int to = from + number(bytes, at + 2);
                if (to > MOST_BYTES) {
                    return new Refused("more than a response has");
                }
                if (to > length) {
                    return new Incomplete();
                }
                if ((type & ~KeRecords.CRITICAL) == KeRecords.END_OF_MESSAGE) {
                    return whole();
                }
                take(type, Arrays.copyOfRange(bytes, from, to));
                at = to;
            }
            return new Incomplete();
        }

        private void take(int type, byte[] body) {
            switch (type & ~KeRecords.CRITICAL) {
                case KeRecords.NEXT_PROTOCOL -> protocols = Optional.of(body);
                case KeRecords.AEAD_ALGORITHM -> aeads = Optional.of(body);
                case KeRecords.NEW_COOKIE -> cookies.add(body);
                case KeRecords.SERVER -> server = Optional.of(new String(body, StandardCharsets.US_ASCII));
                case KeRecords.PORT ->
                    port = body.length == 2 ? OptionalInt.of(number(body, 0)) : refuse("a damaged port");
                case KeRecords.ERROR -> refuse("error" + code(body));
                case KeRecords.WARNING -> refuse("warning" + code(body));
                case KeRecords.COMPLIANT_GCM_SIV_EXPORT -> {
                    // An algorithm that needs it was not chosen without it.
                }
                default -> {
                    if ((type & KeRecords.CRITICAL) != 0) {
                        refuse("a critical record that is not known here");
                    }
                }
            }
        }

        private OptionalInt refuse(String why) {
            refusal = refusal.or(() -> Optional.of(why));
            return OptionalInt.empty();
        }

        private static String code(byte[] body) {
            return body.length == 2 ? " " + number(body, 0) : "";
        }

        private KeResponse whole() {
            if (refusal.isPresent()) {
                return new Refused(refusal.get());
            }
            if (!protocols
                    .map(body -> body.length == 2 && number(body, 0) == KeRequest.NTPV4)
                    .orElse(false)) {
                return new Refused("no protocol in common");
            }
            return aeads.filter(body -> body.length == 2)
                    .<KeResponse>map(body -> new Granted(number(body, 0), cookies, server, port))
                    .orElse(new Refused("no algorithm in common"));
        }

        private static int number(byte[] octets, int at) {
            return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
        }
    }
}
