package org.noonmark.provisioning.firstboot;

/** The commented sample, made from the table: it holds every key, and asks for nothing. */
public final class SampleToml {
    private SampleToml() {}

    /** The whole file. */
    public static String text() {
        StringBuilder out = new StringBuilder("""
                # Settings of this Noonmark. Remove the '#' before a setting, put your value in, save as plain text under this name,
                # and start the machine with this card. All of it may be left as it is, but login needs your key, in [ssh].
                # What became of it is told in noonmark-report.txt beside this file, and on the screen.
                # Lines without '#' must look like: key = "text" or key = 12 or key = true or key = ["one", "two"].
                # The lines in [brackets] stay as they are. A wrong line loses only itself.
                """);
        for (Keys.Section section : Keys.SECTIONS) {
            out.append("\n# ")
                    .append(section.effect())
                    .append(".\n[")
                    .append(section.name())
                    .append("]\n");
            for (Key<?> key : section.keys()) {
                out.append("# ")
                        .append(key.effect())
                        .append(". Without it: ")
                        .append(key.standard())
                        .append(".\n");
                (key.name() + " = " + key.sample())
                        .lines()
                        .forEach(line -> out.append('#').append(line).append('\n'));
            }
        }
        return out.toString();
    }
}
