package org.noonmark.provisioning.firstboot;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.noonmark.provisioning.Directives;
import org.noonmark.provisioning.Printable;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;

/** Reads noonmark.toml by the table of keys. */
final class NoonmarkToml {
    static final String NAME = "noonmark.toml";

    private final Consumer<Problem> problems;
    private final Settings settings = new Settings();

    private NoonmarkToml(Consumer<Problem> problems) {
        this.problems = problems;
    }

    /** What is right in the file; all else is told. */
    static Settings read(TomlDocument document, Consumer<Problem> problems) {
        NoonmarkToml reader = new NoonmarkToml(problems);
        document.loose().forEach(NoonmarkToml::refuseLoose);
        document.sections().forEach(section -> reader.section(document.file(), section));
        return reader.settings;
    }

    private static void refuseLoose(Given given) {
        if (Keys.section(given.name()).isPresent()) {
            given.refuse("is not a section", "write '[" + given.name() + "]' on a line, and the values below it");
            return;
        }
        Optional<Key<?>> key =
                Keys.all().filter(known -> known.name().equals(given.name())).findFirst();
        given.refuse(
                "stands in no section",
                key.map(known -> "write '[" + known.section() + "]' on a line above it")
                        .orElse("remove the line"));
    }

    private void section(String file, TomlDocument.Section section) {
        String name = section.name();
        if (Keys.section(name).isPresent()) {
            section.values().forEach(this::value);
            return;
        }
        String about = Keys.SECTIONS_TO_COME.get(name);
        boolean toCome = about != null;
        String fault = toCome
                ? "section [" + name + "] (" + about + ") is not yet in this version"
                : "section [" + Printable.of(name) + "] is unknown";
        problems.accept(new Problem(
                Severity.ERROR,
                file,
                section.line(),
                Printable.of(name),
                Printable.of(name),
                fault,
                toCome ? "remove it until it is" : cureForSection(name)));
    }

    private static String cureForSection(String name) {
        return Optional.ofNullable(Keys.FOREIGN_SECTIONS.get(name))
                .or(() -> Directives.nearest(name, Keys.SECTIONS.stream().map(Keys.Section::name)))
                .map(meant -> "did you mean [" + meant + "]?")
                .orElseGet(() -> "the sections are "
                        + String.join(
                                ", ",
                                Keys.SECTIONS.stream()
                                        .map(known -> "[" + known.name() + "]")
                                        .toList()));
    }

    private void value(Given given) {
        Optional<Key<?>> key = Keys.find(given.section(), given.name());
        if (key.isPresent()) {
            take(key.get(), given);
        } else if (Keys.KEYS_TO_COME.contains(given.key())) {
            given.refuse("is not yet in this version", "remove the line until it is");
        } else {
            given.refuse("is unknown in [" + given.section() + "]", cureForKey(given));
        }
    }

    private <T> void take(Key<T> key, Given given) {
        key.read(given).ifPresent(value -> settings.put(key, new Settings.Found<>(value, given)));
    }

    private static String cureForKey(Given given) {
        Optional<String> elsewhere = Keys.all()
                .filter(key -> key.name().equals(given.name()))
                .findFirst()
                .map(key -> "it belongs below [" + key.section() + "]");
        Optional<String> known =
                Optional.ofNullable(Keys.FOREIGN_KEYS.get(given.key())).or(() -> elsewhere);
        return known.orElseGet(() -> Directives.nearest(given.name(), names(given.section()))
                .map(meant -> "did you mean '" + meant + "'?")
                .orElseGet(() -> "the keys of [" + given.section() + "] are "
                        + String.join(", ", names(given.section()).toList())));
    }

    private static Stream<String> names(String section) {
        return Keys.all().filter(key -> key.section().equals(section)).map(Key::name);
    }
}
