package org.noonmark.provisioning.firstboot;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;

/**
 * What Raspberry Pi Imager writes: rpi-preseed.toml (2.x, {@code config_version = "1.0"}), and custom.toml of Raspberry Pi OS, which is
 * the older form of the same. Their values are taken as if they stood in noonmark.toml.
 */
final class ImagerToml {
    static final String PRESEED = "rpi-preseed.toml";
    static final String CUSTOM = "custom.toml";

    private static final Map<String, Key<?>> KEYS = Map.of(
            "system.hostname", Keys.HOSTNAME,
            "locale.timezone", Keys.TIMEZONE,
            "ssh.authorized_keys", Keys.AUTHORIZED_KEYS,
            "wlan.ssid", Keys.SSID,
            "wlan.password", Keys.WIFI_PASSWORD,
            "wlan.country", Keys.COUNTRY,
            "wlan.hidden", Keys.HIDDEN);

    /** What needs no word: it is so anyway, or belongs to another key. */
    private static final Map<String, Object> GRANTED = Map.of(
            "ssh.enabled", true,
            "ssh.password_authentication", false,
            "user.name", SshLogin.USER,
            "user.passwordless_sudo", true);

    private final String text;
    private final Consumer<Problem> problems;
    private final Settings settings = new Settings();
    private Optional<ConsolePassword> password = Optional.empty();

    private ImagerToml(String text, Consumer<Problem> problems) {
        this.text = text;
        this.problems = problems;
    }

    /** What such a file says. */
    record Read(Settings settings, Optional<ConsolePassword> password) {}

    /** {@code text} is that of the document. */
    static Read read(TomlDocument document, String text, Consumer<Problem> problems) {
        ImagerToml reader = new ImagerToml(text, problems);
        document.loose().stream()
                .filter(given -> !given.name().equals("config_version"))
                .forEach(reader::passOver);
        document.sections().forEach(section -> section.values().forEach(reader::value));
        reader.completeWifi();
        return new Read(reader.settings, reader.password);
    }

    private void value(Given given) {
        Key<?> key = KEYS.get(given.key());
        if (key != null) {
            take(key, given);
        } else if (given.key().equals("user.password")) {
            password(given);
        } else if (given.name().equals("password_encrypted") || given.key().equals("user.groups")) {
            // Belongs to the password; the login user has its groups.
            return;
        } else if (!given.value().equals(GRANTED.get(given.key()))) {
            passOver(given);
        }
    }

    private <T> void take(Key<T> key, Given given) {
        key.read(given).ifPresent(value -> settings.put(key, new Settings.Found<>(value, given)));
    }

    private void password(Given given) {
        Optional<String> hash = given.text().filter(ConsolePassword::isHash);
        if (hash.isEmpty() || !SecretLines.isAlone(text, given.line(), given.name())) {
            given.refuse(
                    hash.isEmpty() ? "is not the hash of a password" : "does not stand on a line of its own",
                    "set it in Raspberry Pi Imager, or write none");
            return;
        }
        password = Optional.of(new ConsolePassword(given.file(), given.line(), hash.get()));
    }

    /** Imager writes no password for an open network; where one was taken out after use, it is not open. */
    private void completeWifi() {
        Optional<Settings.Found<String>> name = settings.find(Keys.SSID);
        if (name.isPresent()
                && !settings.has(Keys.WIFI_PASSWORD)
                && !SecretLines.isTakenOutOf(text, Keys.WIFI_PASSWORD.name())) {
            settings.put(Keys.WIFI_PASSWORD, new Settings.Found<>("", name.get().given()));
        }
    }

    private void passOver(Given given) {
        String cure = switch (given.key()) {
            case "user.name" -> "log in as '" + SshLogin.USER + "'";
            case "ssh.enabled", "ssh.password_authentication" -> "log in with a key";
            default -> "nothing needs to be done";
        };
        problems.accept(new Problem(
                Severity.WARNING,
                given.file(),
                given.line(),
                given.key(),
                given.shown(),
                given.written() + " has no effect here",
                cure));
    }
}
