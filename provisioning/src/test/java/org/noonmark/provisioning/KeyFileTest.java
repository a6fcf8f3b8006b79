package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {
    private static final String AES128 = "30 AES128 HEX:7EA62AE64D190114D46D5A082F948EC1";

    /** The example of chrony.conf(5). */
    @Test
    void readsChronysExample() {
        List<SymmetricKey> keys = accepted("""
                10 tulip
                11 hyacinth
                # both sides
                20 MD5 ASCII:crocus
                  25   sha1 HEX:933F62BE1D604E68A81B557F18CFA200483F5B70

                30 AES128 HEX:7EA62AE64D190114D46D5A082F948EC1
                31 AES256 HEX:37DDCBC67BB902BCB8E995977FAB4D2B5642F5B32EBCEEE421921D97E5CBFE39
                4294967295 SHA3-256 ASCII:ASCII:HEX:
                """).config().keys();
        assertEquals(
                List.of(
                        "key 10 MD5",
                        "key 11 MD5",
                        "key 20 MD5",
                        "key 25 SHA1",
                        "key 30 AES128",
                        "key 31 AES256",
                        "key 4294967295 SHA3-256"),
                keys.stream().map(SymmetricKey::toString).toList());
        assertArrayEquals(
                "tulip".getBytes(StandardCharsets.US_ASCII), keys.getFirst().secret());
        assertArrayEquals(
                "crocus".getBytes(StandardCharsets.US_ASCII), keys.get(2).secret());
        assertEquals(160, keys.get(3).bits());
        assertArrayEquals(
                "ASCII:HEX:".getBytes(StandardCharsets.US_ASCII), keys.getLast().secret());
    }

    @Test
    void withoutTheLineThereAreNoKeys() {
        assertEquals(List.of(), Readings.config("allow\n").keys());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tulip|/k:1: the line does not begin with a key ID, a whole number from 1 to 4294967295: ",
                "0 tulip|/k:1: the line does not begin with a key ID",
                "4294967296 tulip|/k:1: the line does not begin with a key ID",
                "10|/k:1: key '10' needs one or two words after its number",
                "10 MD5 tulip hyacinth|/k:1: key '10' needs one or two words after its number",
                "10 TIGER tulip|/k:1: key '10' has the unknown type 'TIGER': write one of MD5, SHA1, SHA256, SHA384, SHA512, SHA3-224,",
                "10 SHA256 HEX:ABC|/k:1: key '10' has no even number of hexadecimal digits after HEX:",
                "10 SHA256 HEX:0x12|/k:1: key '10' has no even number of hexadecimal digits after HEX:",
                "10 SHA256 HEX:|/k:1: key '10' has no even number of hexadecimal digits after HEX:",
                "10 ASCII:|/k:1: key '10' is empty or no text: write its octets",
                "10 AES128 tulip|/k:1: key '10' has 40 bits, expected 128 for AES128: write HEX: and 32 digits",
                "7 SHA1 HEX:933F62BE1D604E68A81B557F18CFA200483F5B70;7 hyacinth|/k:2: key '7' repeats that of line 1: keep one",
            })
    void aFaultyLineIsRefusedWithFileLineValueAndCure(String lines, String message) {
        ConfigReading.Refused refused =
                assertInstanceOf(ConfigReading.Refused.class, read(lines.replace(';', '\n'), false));
        List<Problem> errors =
                refused.problems().stream().filter(Problem::isError).toList();
        errors.forEach(Readings::assertComplete);
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().toString().startsWith(message), errors.getFirst()::toString);
    }

    @Test
    void noMessageShowsAKey() {
        String all = read("tulip\n10 MD5 hyacinth crocus\n11 SHA1 HEX:5ECRE7\n12 AES256 hyacinth\n13 hyacinth", true)
                .problems()
                .toString();
        for (String secret : List.of("tulip", "hyacinth", "crocus", "5ECRE7")) {
            assertFalse(all.contains(secret), all);
        }
    }

    @Test
    void aMissingFileIsRefused() {
        assertEquals(
                "/n.conf:1: the file '/k' of 'keyfile' cannot be read, no such file: write the full path of a file of keys that this"
                        + " user can read, or remove the line",
                Readings.onlyError("keyfile /k"));
    }

    @Test
    void weakKeysAreWarnedOfOnceForAll() {
        assertEquals(
                List.of(
                        "/k:2: warning: key '10' (and 1 more) is shorter than 80 bits, so it can be guessed from one packet: make new"
                                + " ones of 128 random bits: 'AES128 HEX:' and 32 digits",
                        "/k:4: warning: key '12' is of type MD5, whose MAC lets fields be added to a packet unseen: use AES128 or SHA256"
                                + " where the clients know it"),
                warnings(AES128 + "\n10 tulip\n11 SHA1 tulip\n12 MD5 HEX:00112233445566778899AABBCCDDEEFF", false));
    }

    @Test
    void aFileThatEverybodyCanReadIsWarnedOf() {
        assertEquals(
                List.of("/k: warning: '/k' can be read or written by every user of this machine: run 'chmod o-rwx /k'"),
                warnings(AES128, true));
        assertEquals(List.of(), warnings(AES128, false));
    }

    @Test
    void thereIsABoundToTheirNumber() {
        StringBuilder lines = new StringBuilder();
        for (int id = 1; id <= 1025; id++) {
            lines.append(id).append(" SHA256 0123456789abcdef\n");
        }
        String problems = read(lines.toString(), false).problems().toString();
        assertTrue(problems.contains("/k:1025: the file has more than '1024' keys"), problems);
    }

    private static List<String> warnings(String keys, boolean open) {
        List<Problem> found = read(keys, open).problems().stream()
                .filter(problem -> problem.directive().equals("keyfile"))
                .toList();
        found.forEach(Readings::assertComplete);
        return found.stream().map(Problem::toString).toList();
    }

    private static ConfigReading.Accepted accepted(String keys) {
        return assertInstanceOf(ConfigReading.Accepted.class, read(keys, false));
    }

    private static ConfigReading read(String keys, boolean open) {
        MapConfigFiles files = new MapConfigFiles()
                .with("/n.conf", "receiver /dev/s pps /dev/pps0\nallow\nkeyfile /k\n")
                .with("/k", keys);
        return new ConfigReader(open ? files.openToOthers("/k") : files).read("/n.conf");
    }
}
