package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::ffff:1.2.3.4, ::ffff:102:304",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "0:0:0:1::, 0:0:0:1::",
        "255.0.0.1, 255.0.0.1",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    })
    void readsAndShowsAddresses(String text, String shown) {
        assertEquals(shown, IpAddress.parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8:9", "12345::", "g::",
                        "::1%eth0",
                "[::1]", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.-4", "1.2.3.", "1.2.3.4:5", "::1.2.3", "1.2.3.4::",
                        "٣.1.1.1",
                "0x7f.0.0.1", "localhost", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7:8"
            })
    void refusesWhatIsNoAddress(String text) {
        assertEquals(Optional.empty(), IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4/33",
                "1/-1",
                "1/",
                "1/8/8",
                "::/129",
                "a",
                "1.2.3.4.5/8",
                "/8",
                "1..2",
                "256",
                "1.2.3.4/1x",
                "1/008x"
            })
    void refusesWhatIsNoSubnet(String text) {
        assertEquals(Optional.empty(), IpPrefix.parse(text));
    }

    @Test
    void holdsTheAddressesOfItsSubnetAndFamily() {
        IpPrefix prefix = IpPrefix.parse("10.128/9").orElseThrow();
        assertTrue(prefix.contains(IpAddress.parse("10.128.0.0").orElseThrow()));
        assertTrue(prefix.contains(IpAddress.parse("10.255.255.255").orElseThrow()));
        assertFalse(prefix.contains(IpAddress.parse("10.127.255.255").orElseThrow()));
        assertFalse(prefix.contains(IpAddress.parse("::a80:0").orElseThrow()));
        assertTrue(IpPrefix.ALL_IPV6.contains(IpAddress.parse("ffff::").orElseThrow()));
        assertTrue(IpPrefix.parse("2001:db8::8000:0:0:0/65")
                .orElseThrow()
                .contains(IpAddress.parse("2001:db8::8000:0:0:1").orElseThrow()));
        assertFalse(IpPrefix.parse("2001:db8::8000:0:0:0/65")
                .orElseThrow()
                .contains(IpAddress.parse("2001:db8::1").orElseThrow()));
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        Random random = new Random(20260914);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = random.nextInt(3) == 0 ? 0 : bytes[k];
            }
            InetAddress jdk = InetAddress.getByAddress(bytes);
            String text = jdk.getHostAddress();
            IpAddress ours = IpAddress.parse(text).orElseThrow();
            assertEquals(ours, IpAddress.parse(ours.toString()).orElseThrow(), text);
            if (jdk.getAddress().length == bytes.length) {
                assertArrayEquals(bytes, ours.toBytes(), text);
            }
        }
    }
}
