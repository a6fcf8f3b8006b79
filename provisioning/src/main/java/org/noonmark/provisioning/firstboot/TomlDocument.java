package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/**
 * A TOML file as far as it can be read: the library goes on after a wrong line, so that a line loses only itself.
 *
 * @param file its name
 * @param sections in the order of the file
 * @param loose values before the first section
 * @param whole false when a text that is not closed swallowed the rest
 */
record TomlDocument(String file, List<Section> sections, List<Given> loose, boolean whole) {
    private static final int DEEPEST = 8;

    /** A section with its values; {@code isTable} is false for what only looks like one: {@code [[name]]}. */
    record Section(String name, int line, boolean isTable, List<Given> values) {}

    /** Reads all that can be read and tells of the rest. */
    static TomlDocument parse(String file, String text, Consumer<Problem> problems) {
        TomlParseOptions options =
                TomlParseOptions.sourceless().withVersion(TomlVersion.V1_0_0).withMaxNestingDepth(DEEPEST);
        TomlParseResult result = Toml.parse(text, options);
        SyntaxDiagnosis diagnosis = new SyntaxDiagnosis(file, text);
        List<String> lines = text.lines().toList();
        boolean whole = true;
        for (TomlParseError error : result.errors()) {
            problems.accept(diagnosis.of(error));
            whole &= !diagnosis.isCutOff(error);
        }
        List<Section> sections = new ArrayList<>();
        List<Given> loose = new ArrayList<>();
        for (Map.Entry<String, Object> entry : result.entrySet()) {
            String name = entry.getKey();
            int line = line(result, name);
            if (entry.getValue() instanceof TomlTable table) {
                sections.add(new Section(name, line, true, values(file, name, table, lines, problems)));
            } else {
                loose.add(new Given(file, line, "", name, line, isSecret("", name), entry.getValue(), problems));
            }
        }
        return new TomlDocument(file, sections, loose, whole);
    }

    private static List<Given> values(
            String file, String section, TomlTable table, List<String> lines, Consumer<Problem> problems) {
        List<Given> values = new ArrayList<>();
        for (Map.Entry<String, Object> entry : table.entrySet()) {
            String name = entry.getKey();
            int line = line(table, name);
            boolean secret = isSecret(section, name);
            values.add(new Given(file, line, section, name, textLine(lines, line), secret, entry.getValue(), problems));
        }
        return values;
    }

    /** A line break right after three opening quotes does not count as text. */
    private static int textLine(List<String> lines, int line) {
        String raw = line >= 1 && line <= lines.size() ? lines.get(line - 1).strip() : "";
        return raw.endsWith("= '''") || raw.endsWith("= \"\"\"") || raw.endsWith("='''") || raw.endsWith("=\"\"\"")
                ? line + 1
                : line;
    }

    private static int line(TomlTable table, String name) {
        TomlPosition position = table.inputPositionOf(List.of(name));
        return position == null ? 0 : position.line();
    }

    /**
     * Whether a value is not to be shown: by the table; by its name, when an owner put it in the wrong place; and whatever is unknown
     * beside a password, which may be one with a slip in its name.
     */
    static boolean isSecret(String section, String name) {
        Optional<Key<?>> key = Keys.find(section, name);
        return key.map(Key::secret)
                .orElseGet(() -> section.equals(Keys.WIFI_PASSWORD.section())
                        || name.matches("(?i).*(pas+w|passphrase|psk|pwd|token|secret|hash).*"));
    }
}
