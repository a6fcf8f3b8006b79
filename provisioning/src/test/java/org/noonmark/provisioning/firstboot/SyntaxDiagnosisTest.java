package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SyntaxDiagnosisTest {
    static Stream<Arguments> slips() {
        return Stream.of(
                Arguments.of("hostname = noon", "'hostname = noon' has no quotes: write 'hostname = \"noon\"'"),
                Arguments.of(
                        "hostname = \u201cnoon\u201d",
                        "'hostname = \\u201cnoon\\u201d' has typographic quotes, which word processors make: write straight ones:"
                                + " \"...\""),
                Arguments.of(
                        "hostname = \"noon",
                        "'hostname = \"noon' has a quote that is not closed: end the text with the quote it begins with"),
                Arguments.of(
                        "hostname: \"noon\"",
                        "'hostname ...' is neither a section nor 'key = value': write '=' in place of ':'"),
                Arguments.of("ssh:", "'ssh ...' is neither a section nor 'key = value': write '[ssh]'"),
                Arguments.of("wifi]", "'wifi]' is neither a section nor 'key = value': write '[wifi]'"),
                Arguments.of("```toml", "the line is the mark-up of a web page or a chat: remove the line"),
                Arguments.of(
                        "hostname\u00a0= \"noon\"",
                        "'hostname\\u00a0 ...' has a space that is none, as web pages and word processors make: type the line again"),
                Arguments.of("hostname =", "'hostname =' has no value: write 'hostname = \"noonmark\"'"),
                Arguments.of("= 1", "the line has no key before '=': write the key, as in the sample"),
                Arguments.of(
                        "hostname = \"no\\on\"",
                        "'hostname = \"no\\on\"' has a backslash that means nothing: write two backslashes, or put the text"
                                + " between single quotes"),
                Arguments.of(
                        "hostname = \"a\" b",
                        "'hostname = \"a\" b' has more than a value: put a text between quotes, a remark behind #"),
                Arguments.of(
                        "hostname = [\"a\" \"b\"]",
                        "'hostname = [\"a\" \"b\"]' is where a bracket is not closed, or a comma is missing between two values: write"
                                + " [\"one\", \"two\"]"),
                Arguments.of("[wifi", "section '[wifi' has no closing bracket: write '[wifi]'"),
                Arguments.of(
                        "hidden = Yes", "'hidden = Yes' is not true or false: write true or false, in small letters"));
    }

    @ParameterizedTest
    @MethodSource("slips")
    void saysInTheOwnersWordsWhatIsWrongWithALine(String line, String sentence) {
        Boots box =
                new Boots().toml("[system]\n" + line + "\ntimezone = \"UTC\"\n").boot();
        List<String> expected = List.of("noonmark.toml:2: " + sentence);
        assertEquals(expected, box.sentences().subList(0, 1));
    }

    @ParameterizedTest
    @MethodSource("slips")
    void theLinesAroundAWrongOneAreTaken(String line, String sentence) {
        String text =
                "[ssh]\nauthorized_keys = \"" + Boots.KEY + "\"\n[system]\n" + line + "\r\n[receiver]\nbaud = 4800\n";
        Boots box = new Boots().toml(text).boot();
        assertEquals(1, box.system(State.AUTHORIZED_KEYS).stream().count(), sentence);
        assertEquals("/dev/serial0 at 4800 baud, pulses on GPIO 18, rising edge", box.inForce("Receiver"));
    }

    @ParameterizedTest
    @MethodSource("slips")
    void lineEndsOfWindowsAndAByteOrderMarkChangeNothing(String line, String sentence) {
        String text = "[system]\n" + line + "\ntimezone = \"UTC\"\n";
        assertEquals(
                new Boots().toml(text).boot().sentences(),
                new Boots()
                        .toml("\ufeff" + text.replace("\n", " \t\r\n"))
                        .boot()
                        .sentences(),
                sentence);
    }
}
