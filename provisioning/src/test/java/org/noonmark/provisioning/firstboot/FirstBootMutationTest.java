package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.noonmark.provisioning.Problem;

/** Settings files damaged at random, with a seed that a failure prints. */
class FirstBootMutationTest {
    private static final int ROUNDS = 1_000;

    private static final String SAMPLE = SampleToml.text()
            .replaceAll("(?m)^#([a-z0-9_]+ = |maxclockerror|''')", "$1")
            .replaceAll("(?m)^#.*\n", "")
            // A key, not a password: to make the one of the other takes longer than all the rest.
            .replace("correct horse battery", "0123456789abcdef".repeat(4));

    private static final List<String> PIECES = List.of(
            "\"",
            "'",
            "'''",
            "\"\"\"",
            "[",
            "]",
            "[[",
            "=",
            "#",
            "\n",
            "\r\n",
            "\t",
            "\0",
            "\\",
            "\u201c",
            "\ufeff",
            "{",
            "}",
            ",",
            ".",
            "password",
            "[ssh]",
            "[wifi]\npassword = \"x\"",
            "9",
            "-1",
            "true",
            "\u00fc",
            "\u2028",
            "\ud83d");

    @Test
    void neverThrowsNeverLosesAKeyThatIsInPlaceAndComesToRest() {
        long untouchedReports = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try {
                untouchedReports += check(new Random(815_000L + round)) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("round " + round, e);
            }
        }
        assertTrue(untouchedReports < ROUNDS / 2, "most mutations must do harm: " + untouchedReports + " did not");
    }

    private static boolean check(Random random) {
        byte[] bytes = mutated(random);
        Boots box = new Boots()
                .toml("[ssh]\nauthorized_keys = \"" + Boots.KEY + "\"\n")
                .boot();
        box.with(random.nextInt(8) == 0 ? ImagerToml.PRESEED : NoonmarkToml.NAME, bytes)
                .boot();
        List<Problem> problems = box.problems();
        for (Problem problem : problems) {
            assertFalse(problem.fault().isBlank() || problem.cure().isBlank(), problem::toString);
            assertTrue(problem.line() >= 0, problem::toString);
            assertFalse(problem.toString().chars().anyMatch(c -> c < ' '), problem::toString);
        }
        assertTrue(problems.size() <= 100);
        assertTrue(
                box.system(State.AUTHORIZED_KEYS).orElse("").contains("ssh-ed25519 AAAA")
                        || new String(bytes, StandardCharsets.UTF_8).contains("authorized_keys = []"),
                "a key is in place");
        box.boot();
        assertEquals(List.of(), box.steps(), "a second start has nothing to do");
        return problems.isEmpty();
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(SAMPLE);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(20));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.replace(at, at + 1, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                default -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
