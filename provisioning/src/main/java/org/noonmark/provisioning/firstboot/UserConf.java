package org.noonmark.provisioning.firstboot;

import java.util.Optional;
import java.util.function.Consumer;
import org.noonmark.provisioning.Printable;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;

/** The older files by which Raspberry Pi OS is told of a user and of SSH. */
final class UserConf {
    static final String NAME = "userconf.txt";
    static final String SSH = "ssh";
    static final String SSH_TXT = "ssh.txt";

    private UserConf() {}

    /** The password's hash of the line {@code user:hash}; empty when there is none or it is not one. */
    static Optional<ConsolePassword> read(String text, Consumer<Problem> problems) {
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 0) {
                problems.accept(problem(
                        Severity.ERROR,
                        number,
                        "the line is not 'user:hash'",
                        "write 'admin:' and what 'openssl passwd -6' prints"));
                return Optional.empty();
            }
            if (!line.substring(0, colon).equals(SshLogin.USER)) {
                problems.accept(problem(
                        Severity.WARNING,
                        number,
                        "user '" + Printable.of(line.substring(0, colon)) + "' is not made, its password is that of '"
                                + SshLogin.USER + "'",
                        "log in as '" + SshLogin.USER + "'"));
            }
            String hash = line.substring(colon + 1);
            if (!ConsolePassword.isHash(hash)) {
                problems.accept(problem(
                        Severity.ERROR,
                        number,
                        "what stands after ':' is not the hash of a password",
                        "write what 'openssl passwd -6' prints"));
                return Optional.empty();
            }
            return Optional.of(new ConsolePassword(NAME, number, hash));
        }
        return Optional.empty();
    }

    private static Problem problem(Severity severity, int line, String fault, String cure) {
        return new Problem(severity, NAME, line, "user", "(not shown)", fault, cure);
    }
}
