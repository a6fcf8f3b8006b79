package org.noonmark.provisioning.firstboot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;

/**
 * Decides what to do with the files of the boot partition. What is right is applied; a wrong line loses only itself, and is told with
 * its cure. Nothing here can lock an owner out: keys that are in place stay unless the file has others, addresses and Wi-Fi that are in
 * place stay when their line is wrong, and whoever has the card can edit the file.
 *
 * <p>A file that cannot be read to its end (another encoding, a text that is not closed) is not half a wish: where something was
 * applied before, all of that stays; at the first start, what can be read of it is applied, since a machine with an address and a key
 * is better than none.
 */
public final class FirstBoot {
    private static final Set<String> OTHER_SYSTEMS =
            Set.of("firstrun.sh", "user-data", "network-config", "wpa_supplicant.conf");

    private final BootFolder boot;
    private final State state;
    private final Draft draft;
    /** Secrets by file and line, with the name of the key. */
    private final Map<String, Map<Integer, String>> secrets = new TreeMap<>();

    private final Map<String, String> texts = new TreeMap<>();

    private FirstBoot(BootFolder boot, State state) {
        this.boot = boot;
        this.state = state;
        this.draft = new Draft(state);
    }

    /**
     * What is to be done, and what to tell.
     *
     * @param steps in their order
     * @param report what was refused and what is in force
     */
    public record Plan(List<Step> steps, Report report) {
        /** Whether something was refused. */
        public boolean hasRefused() {
            return report.problems().stream().anyMatch(Problem::isError);
        }
    }

    /** Decides. Never throws for what the files say. */
    public static Plan plan(BootFolder boot, State state) {
        return new FirstBoot(boot, state).plan();
    }

    private Plan plan() {
        Optional<Settings> own = own();
        Settings settings = own.orElseGet(Settings::new);
        Optional<ConsolePassword> password = imager(settings);
        strangers();
        List<Step> firmware = new ArrayList<>();
        if (own.isPresent() || !wasApplied()) {
            refuseSharedSecrets(settings);
            apply(settings, password).ifPresent(text -> {
                firmware.add(new Step.WriteBoot(BootFolder.CONFIG_TXT, text));
                firmware.add(new Step.Reboot());
            });
        } else {
            draft.say("Everything", "as before, because " + NoonmarkToml.NAME + " cannot be read");
        }
        return complete(firmware);
    }

    /** The settings of noonmark.toml, none if there is no such file; empty when it cannot be read to its end. */
    private Optional<Settings> own() {
        Optional<RawFile> file = boot.file(NoonmarkToml.NAME);
        if (file.isEmpty()) {
            return Optional.of(new Settings());
        }
        Optional<TomlDocument> document = document(NoonmarkToml.NAME, file.get());
        if (document.isEmpty() || (!document.get().whole() && wasApplied())) {
            return Optional.empty();
        }
        return Optional.of(NoonmarkToml.read(document.get(), draft));
    }

    /** Whether an earlier run left anything. */
    private boolean wasApplied() {
        return !state.kept().isEmpty();
    }

    private Optional<TomlDocument> document(String name, RawFile file) {
        Optional<String> text = TextOfFile.decode(name, file, draft);
        text.ifPresent(read -> texts.put(name, read));
        return text.map(read -> TomlDocument.parse(name, read, draft));
    }

    /** Adds what Imager's files say to {@code settings}; returns the password for the console. */
    private Optional<ConsolePassword> imager(Settings settings) {
        Optional<ConsolePassword> password = Optional.empty();
        for (String name : List.of(ImagerToml.PRESEED, ImagerToml.CUSTOM)) {
            Optional<TomlDocument> document = boot.file(name).flatMap(file -> document(name, file));
            if (document.isPresent()) {
                boolean tookOut = SecretLines.isTakenOutOf(texts.getOrDefault(name, ""));
                ImagerToml.Read read = ImagerToml.read(document.get(), tookOut, draft);
                settings.fillFrom(read.settings());
                password = password.or(read::password);
            }
        }
        Optional<String> userConf =
                boot.file(UserConf.NAME).flatMap(file -> TextOfFile.decode(UserConf.NAME, file, draft));
        userConf.ifPresent(text -> texts.put(UserConf.NAME, text));
        Optional<ConsolePassword> older = userConf.flatMap(text -> UserConf.read(text, draft));
        return password.or(() -> older);
    }

    /** Files that an owner may take for ours. */
    private void strangers() {
        for (String name : boot.names().stream().sorted().toList()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.matches(
                    "noonmark\\.toml\\.[a-z0-9]+|noonmark\\.(tml|txt|tom)|noonmark\\.toml~?( ?\\(\\d+\\))|noonmark ?\\(\\d+\\)\\.toml")) {
                draft.accept(TextOfFile.whole(
                        Severity.ERROR,
                        name,
                        "the file is not read, its name is not " + NoonmarkToml.NAME,
                        "rename it to " + NoonmarkToml.NAME
                                + " (Windows hides the last part of a name: switch on 'File name extensions')"));
            } else if (OTHER_SYSTEMS.contains(lower)) {
                draft.accept(TextOfFile.whole(
                        Severity.WARNING,
                        name,
                        "the file is not read, it is for another system",
                        "write the settings into " + NoonmarkToml.NAME));
            }
        }
    }

    /** A secret that shares its line cannot be taken out, so it is not taken at all. */
    private void refuseSharedSecrets(Settings settings) {
        settings.find(Keys.WIFI_PASSWORD)
                .filter(found -> !found.value().isEmpty())
                .map(Settings.Found::given)
                .ifPresent(given -> {
                    if (SecretLines.isAlone(texts.getOrDefault(given.file(), ""), given.line(), given.name())) {
                        takeOut(given.file(), given.line(), "password");
                    } else {
                        settings.refuse(
                                Keys.WIFI_PASSWORD,
                                "does not stand on a line of its own",
                                "write it so, since the line is taken out after use");
                    }
                });
    }

    private void takeOut(String file, int line, String name) {
        secrets.computeIfAbsent(file, _ -> new TreeMap<>()).put(line, name);
    }

    /** Makes the system's files; returns the new config.txt if it must change. */
    private Optional<String> apply(Settings settings, Optional<ConsolePassword> password) {
        Names.into(draft, settings);
        SshLogin.into(draft, settings);
        password(password);
        Network.into(draft, settings);
        Wifi.into(draft, settings);
        if (settings.has(Keys.SSID) && settings.get(Keys.DISABLE_WIFI, false)) {
            settings.refuse(Keys.DISABLE_WIFI, "would switch off the network of [wifi]", "remove one of them");
        }
        Receiver receiver = Receiver.of(settings);
        TimeServer.into(draft, settings, receiver);
        Tuning.into(draft, settings);
        Optional<String> config = boot.file(BootFolder.CONFIG_TXT)
                .map(RawFile::bytes)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        return config.flatMap(text -> ConfigTxt.with(text, ConfigTxt.block(settings, receiver)));
    }

    private void password(Optional<ConsolePassword> password) {
        password.ifPresent(given -> {
            draft.writeSecret(State.CONSOLE_PASSWORD, given.text());
            takeOut(given.file(), given.line(), "password");
        });
        if (password.isPresent() || state.has(State.CONSOLE_PASSWORD)) {
            draft.say("Console", "user " + SshLogin.USER + " with a password, at keyboard and screen only");
        }
    }

    /**
     * The order matters: first all that is kept in the system, which needs no card that can be written; then the secrets are taken
     * out, then the firmware's file and the report, at last the restart. After a power cut between any two, all of it is done again with the same end.
     */
    private Plan complete(List<Step> firmware) {
        List<Problem> sorted = sorted(draft.problems());
        Report report = new Report(sorted, draft.inForce());
        List<Step> steps = new ArrayList<>(draft.files());
        String issue = report.issue();
        if (!issue.isEmpty()) {
            steps.add(new Step.WriteFile(State.ISSUE, issue, false));
        } else if (state.has(State.ISSUE)) {
            steps.add(new Step.Remove(State.ISSUE));
        }
        steps.addAll(draft.live());
        if (state.keepsData()) {
            secrets.forEach((name, lines) -> steps.add(new Step.WriteBoot(
                    name, SecretLines.takenOut(texts.getOrDefault(name, ""), lines, state.today()))));
        }
        firmware.stream().filter(Step.WriteBoot.class::isInstance).forEach(steps::add);
        Optional<String> earlier = boot.file(BootFolder.REPORT)
                .map(RawFile::bytes)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        if (earlier.filter(text -> report.isAsIn(text, state.today())).isEmpty()) {
            steps.add(new Step.WriteBoot(BootFolder.REPORT, report.text(state.today())));
        }
        firmware.stream().filter(Step.Reboot.class::isInstance).forEach(steps::add);
        return new Plan(List.copyOf(steps), report);
    }

    /** By file in the order in which they are read, then by line. */
    private static List<Problem> sorted(List<Problem> problems) {
        List<String> order = problems.stream().map(Problem::file).distinct().toList();
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt((Problem problem) -> order.indexOf(problem.file()))
                .thenComparingInt(Problem::line));
        return sorted;
    }
}
