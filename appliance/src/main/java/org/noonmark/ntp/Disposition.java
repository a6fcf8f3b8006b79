package org.noonmark.ntp;

/** What became of a datagram: one answer, many reasons for none. Counted per packet thread in {@link PacketCounters}. */
public enum Disposition {
    ANSWERED("answered"),
    DENIED("the address is not covered by an allow directive"),
    UNUSABLE_SOURCE("source port 0, or the server's own address and port: forged"),
    REFLECTION(
            "source port of a service (below 123, or such as SNMP, SSDP, mDNS): forged, so that the answer hits that service"),
    RATE_LIMITED("asks more often than 'ratelimit' allows"),
    OVERLOADED("more requests came than can be answered, a flood perhaps: clients known before it are answered first"),
    TOO_SHORT("shorter than the 48 octets of an NTP header"),
    TOO_LONG("longer than any request of NTP version 4 with the extension fields in use"),
    BAD_LENGTH("length is not a multiple of four octets"),
    UNSUPPORTED_VERSION("NTP version is not 1, 2, 3 or 4"),
    CONTROL_MODE("mode 6 or 7 (ntpq, ntpdc): never answered, because such answers are misused to amplify attacks"),
    NOT_A_REQUEST("a mode that asks for nothing: server, symmetric passive, broadcast or reserved"),
    BAD_EXTENSION("malformed extension field or authenticator"),
    UNKNOWN_KEY("a MAC of a key that the key file does not have"),
    AUTHENTICATION_FAILED(
            "a MAC that does not fit its key: forged, damaged, or the client's key or its type is another"),
    MS_SNTP("asks for an answer signed by a Windows domain (MS-SNTP), which this server is not part of"),
    AUTHENTICATION_NOT_SERVED("asks for an answer authenticated by NTS, which is not served"),
    NTS_MALFORMED(
            "fields of NTS that break RFC 8915: unique identifier, cookie or authenticator is missing, double, wrong in its length, or"
                    + " not in its place"),
    NTS_NOT_TOLD("an NTS cookie that cannot be opened, or a wrong tag, from so many that not all are told so");

    private final String sentence;

    Disposition(String sentence) {
        this.sentence = sentence;
    }

    /** The reason in words, for reports. */
    public String sentence() {
        return sentence;
    }
}
