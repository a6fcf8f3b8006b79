package org.noonmark.provisioning;

/** The commented sample {@code noonmark.conf}, made from the table. */
public final class SampleConfig {
    private SampleConfig() {}

    /** The whole file. It is itself a configuration that is accepted without warning. */
    public static String text() {
        StringBuilder out = new StringBuilder("""
                # Configuration of Noonmark, in the syntax of chrony.conf(5). Check it with 'noonmark config check';
                # 'noonmark config explain DIRECTIVE' tells more. Your own lines are best kept in /etc/noonmark/conf.d.
                """);
        for (Directive.Supported directive : SupportedDirectives.TABLE) {
            out.append("\n# ").append(directive.effect()).append('\n');
            out.append("#   ").append(Explanation.synopsis(directive)).append('\n');
            directive.sample().forEach(line -> out.append(line).append('\n'));
        }
        return out.toString();
    }
}
