package org.noonmark.provisioning.firstboot;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.noonmark.provisioning.Printable;

/** Who may log in over the network. Keys that are in place stay unless the file has others, or says expressly that nobody may. */
final class SshLogin {
    /** The login user of the image. */
    static final String USER = "admin";

    private SshLogin() {}

    /**
     * Takes what keys can be seen where an owner would put them, in a file whose list of keys could not be read, if nobody could log
     * in else.
     */
    static void rescue(Draft draft, Settings settings, String text) {
        List<String> lines = text.lines().toList();
        boolean broken = draft.problems().stream()
                .anyMatch(problem -> problem.isError()
                        && problem.line() > 0
                        && isForLogin(SourceLine.sectionAt(lines, problem.line())));
        boolean othersStay =
                draft.state().has(State.AUTHORIZED_KEYS) && draft.state().wasApplied();
        if (!broken || othersStay || settings.has(Keys.AUTHORIZED_KEYS)) {
            return;
        }
        List<String> own = IntStream.rangeClosed(1, lines.size())
                .filter(at -> isForLogin(SourceLine.sectionAt(lines, at)))
                .mapToObj(at -> lines.get(at - 1))
                .toList();
        List<SshKey> keys = SshKey.rescue(own);
        if (!keys.isEmpty()) {
            Given place = new Given(NoonmarkToml.NAME, 0, "ssh", Keys.AUTHORIZED_KEYS.name(), 0, false, "", draft);
            settings.put(Keys.AUTHORIZED_KEYS, new Settings.Found<>(keys, place));
        }
    }

    /** [ssh], also with a slip in its name; or no section yet, where it was forgotten. */
    private static boolean isForLogin(String section) {
        String ours = Keys.AUTHORIZED_KEYS.section();
        return section.isEmpty() || section.equalsIgnoreCase(ours) || ours.equals(Keys.FOREIGN_SECTIONS.get(section));
    }

    static void into(Draft draft, Settings settings) {
        Optional<List<SshKey>> keys = settings.get(Keys.AUTHORIZED_KEYS);
        if (keys.isEmpty()) {
            draft.say(
                    "SSH",
                    draft.state()
                            .kept(State.AUTHORIZED_KEYS)
                            .map(text -> "user " + USER + ", "
                                    + counted(text.lines()
                                            .filter(line -> !line.startsWith("#"))
                                            .count()) + " as before")
                            .orElse(
                                    "nobody can log in: no key could be taken from [ssh] authorized_keys of noonmark.toml"));
            return;
        }
        StringBuilder text = new StringBuilder(GeneratedFile.HEADER);
        keys.get().forEach(key -> text.append(key.line()).append('\n'));
        draft.write(State.AUTHORIZED_KEYS, text.toString());
        if (keys.get().isEmpty()) {
            settings.find(Keys.AUTHORIZED_KEYS)
                    .orElseThrow()
                    .given()
                    .remark("lets nobody log in", "add your public key");
        }
        draft.say(
                "SSH",
                keys.get().isEmpty()
                        ? "nobody can log in"
                        : "user " + USER + ", " + counted(keys.get().size()) + ": "
                                + String.join(
                                        ", ",
                                        keys.get().stream()
                                                .map(key -> Printable.of(key.name()))
                                                .toList()));
    }

    private static String counted(long keys) {
        return keys + (keys == 1 ? " key" : " keys");
    }
}
