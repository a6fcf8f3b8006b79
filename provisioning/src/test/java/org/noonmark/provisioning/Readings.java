package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** Reads text as the file /n.conf. */
final class Readings {
    static final String PATH = "/n.conf";

    private Readings() {}

    static ConfigReading of(String text) {
        return new ConfigReader(new MapConfigFiles().with(PATH, text)).read(PATH);
    }

    static ApplianceConfig config(String text) {
        return assertInstanceOf(ConfigReading.Accepted.class, of(text)).config();
    }

    /** The only receiver of a configuration. */
    static ReceiverConfig receiver(String text) {
        List<ReceiverConfig> receivers = config(text).receivers();
        assertEquals(1, receivers.size());
        return receivers.getFirst();
    }

    static List<String> errors(String text) {
        return messages(of(text).problems().stream().filter(Problem::isError).toList());
    }

    static List<String> warnings(String text) {
        return messages(of(text).problems().stream()
                .filter(problem -> !problem.isError())
                .toList());
    }

    static String onlyError(String text) {
        List<String> errors = errors(text);
        assertEquals(1, errors.size(), errors.toString());
        return errors.getFirst();
    }

    private static List<String> messages(List<Problem> problems) {
        problems.forEach(Readings::assertComplete);
        return problems.stream().map(Problem::toString).toList();
    }

    /** Every message names file, line, value and cure, on one printable line. */
    static void assertComplete(Problem problem) {
        String message = problem.toString();
        assertTrue(
                message.startsWith(problem.file() + (problem.line() > 0 ? ":" + problem.line() + ": " : ": ")),
                message);
        assertTrue(!problem.value().isEmpty() && problem.fault().contains(problem.value()), message);
        assertTrue(!problem.cure().isEmpty() && message.endsWith(": " + problem.cure()), message);
        assertTrue(message.length() < 700, message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }
}
