package org.noonmark.certificates;

import java.nio.charset.StandardCharsets;
import org.noonmark.provisioning.IpAddress;

/** Names as certificates hold them (RFC 5280, section 4.2.1.6). */
final class GeneralName {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private GeneralName() {}

    static byte[] dns(String hostName) {
        return Der.implicit(DNS_NAME, hostName.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] address(IpAddress address) {
        return Der.implicit(IP_ADDRESS, address.toBytes());
    }
}
