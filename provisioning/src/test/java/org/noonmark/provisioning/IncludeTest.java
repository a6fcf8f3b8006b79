package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncludeTest {
    private final MapConfigFiles files = new MapConfigFiles();

    @Test
    void includedFilesAreReadInPlaceAndTheLaterValueHolds() {
        files.with("/n.conf", "port 1\ninclude /a.conf\nport 3").with("/a.conf", "port 2");
        assertEquals(3, accepted().config().port());
        files.with("/n.conf", "port 1\ninclude /a.conf");
        assertEquals(2, accepted().config().port());
        assertEquals(List.of("no 'allow'", "no 'receiver'"), shortWarnings());
    }

    @Test
    void patternsReadTheirMatchesSortedByPath() {
        files.with("/n.conf", "include /etc/*/[0-9]?-*.conf")
                .with("/etc/b/10-x.conf", "port 4")
                .with("/etc/a/20-x.conf", "port 3")
                .with("/etc/a/10-y.conf", "port 2")
                .with("/etc/a/x.conf", "port 9")
                .with("/etc/a/10-y.conf.disabled", "port 9");
        assertEquals("/etc/b/10-x.conf:1", portOrigin());
    }

    @Test
    void directoriesAreReadByFileNameAndTheEarlierDirectoryWins() {
        files.with("/n.conf", "confdir /run/d /etc/d")
                .with("/etc/d/50-a.conf", "port 9")
                .with("/run/d/50-a.conf", "port 5")
                .with("/etc/d/60-b.conf", "port 6")
                .with("/run/d/55-c.conf", "port 7")
                .with("/run/d/.99.conf", "port 8")
                .with("/run/d/99.config", "port 8");
        assertEquals("/etc/d/60-b.conf:1", portOrigin());
        assertEquals(4, files.reads);
    }

    @Test
    void aPatternWithoutMatchAndADirectoryThatIsMissingAreWarnings() {
        files.with("/n.conf", "include /x/*.conf\nconfdir /y\nallow\nreceiver /dev/s pps /dev/p");
        assertEquals(
                List.of(
                        "/n.conf:1: warning: no file matches '/x/*.conf': remove the line if none should",
                        "/n.conf:2: warning: directory '/y' cannot be listed, no such directory: create it or remove the line"),
                accepted().problems().stream().map(Problem::toString).toList());
    }

    @Test
    void aFileThatIncludesItselfIsRefused() {
        files.with("/n.conf", "include /a.conf").with("/a.conf", "include /n.conf");
        assertEquals(
                List.of("/a.conf:1: '/n.conf' includes itself: remove the line"),
                refused().stream()
                        .filter(message -> !message.contains("warning"))
                        .toList());
    }

    @Test
    void tenLevelsAreReadAndTheEleventhIsRefused() {
        for (int i = 1; i < 12; i++) {
            files.with("/" + i, "include /" + (i + 1));
        }
        files.with("/12", "");
        files.with("/n.conf", "include /3");
        assertInstanceOf(ConfigReading.Refused.class, read());
        files.with("/n.conf", "include /4");
        assertInstanceOf(ConfigReading.Accepted.class, read());
    }

    @Test
    void includesThatMultiplyAreCutOff() {
        for (int i = 0; i < 8; i++) {
            files.with("/" + i, ("include /" + (i + 1) + "\n").repeat(9));
        }
        files.with("/8", "port 5").with("/n.conf", "include /0");
        assertTrue(refused().toString().contains("all files together may be 256"));
        assertTrue(files.reads <= 258, "read " + files.reads);
    }

    @Test
    void problemsNameTheFileTheyAreIn() {
        files.with("/n.conf", "\ninclude /a.conf").with("/a.conf", "\n\nalow");
        assertEquals(
                "/a.conf:3: unknown directive 'alow': did you mean 'allow'?",
                refused().getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "*.conf, a.conf, true",
        "*.conf, .conf, false",
        "*.conf, a.conf.bak, false",
        "*, .hidden, false",
        ".*, .hidden, true",
        "[a-c]x, bx, true",
        "[!a-c]x, bx, false",
        "[^a]x, bx, true",
        "[]]x, ]x, true",
        "[ab, [ab, true",
        "a?c, abc, true",
        "a?c, ac, false",
        "**a**, xay, true",
        "'', '', true",
        "[!, [!, true",
        "[a-]x, -x, true",
    })
    void matchesNamesAsTheShellDoes(String pattern, String name, boolean matches) {
        assertEquals(matches, PathPattern.matches(pattern, name));
    }

    @Test
    void aHostilePatternCostsNoMoreThanItsLength() {
        assertFalse(PathPattern.matches("*a".repeat(500) + "b", "a".repeat(255)));
    }

    private ConfigReading read() {
        return new ConfigReader(files).read("/n.conf");
    }

    private ConfigReading.Accepted accepted() {
        ConfigReading reading = read();
        reading.problems().forEach(Readings::assertComplete);
        return assertInstanceOf(ConfigReading.Accepted.class, reading);
    }

    private List<String> refused() {
        ConfigReading.Refused refused = assertInstanceOf(ConfigReading.Refused.class, read());
        refused.problems().forEach(Readings::assertComplete);
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private List<String> shortWarnings() {
        return accepted().problems().stream()
                .map(problem -> problem.fault().split(" line", 2)[0])
                .toList();
    }

    private String portOrigin() {
        return accepted().settings().stream()
                .filter(setting -> setting.text().startsWith("port"))
                .findFirst()
                .orElseThrow()
                .origin();
    }
}
