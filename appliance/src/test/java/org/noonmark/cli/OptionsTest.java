package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

class OptionsTest {
    private final CommandSpec spec = CommandSpec.create().name("command");
    private final Options options = new Options(spec)
            .value("--count", "N", Integer.class, "7", "how many")
            .optional("--name", "WORD", String.class, "what")
            .flag("-x", "whether");

    @Test
    void takesDefaultsWhereNothingIsSaid() {
        parse();
        assertEquals(7, options.whole("--count"));
        assertEquals(Optional.empty(), options.find("--name", String.class));
        assertFalse(options.isOn("-x"));
    }

    @Test
    void takesWhatIsSaid() {
        parse("--count", "9", "--name", "moon", "-x");
        assertEquals(9, options.whole("--count"));
        assertEquals(Optional.of("moon"), options.find("--name", String.class));
        assertTrue(options.isOn("-x"));
    }

    @Test
    void refusesAWordWhereANumberIsWanted() {
        assertThrows(ParameterException.class, () -> parse("--count", "many"));
    }

    private void parse(String... arguments) {
        new CommandLine(spec).parseArgs(arguments);
    }
}
