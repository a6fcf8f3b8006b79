package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleTomlTest {
    @Test
    void asksForNothing() {
        assertEquals(List.of(), new Boots().toml(SampleToml.text()).boot().problems());
    }

    @Test
    void holdsEveryKeyWithAValueThatIsTaken() {
        String all = SampleToml.text()
                .replaceAll("(?m)^#([a-z0-9_]+ = |maxclockerror|''')", "$1")
                .replaceAll("ssh-ed25519 .*(?=\")", Boots.KEY);
        Boots box = new Boots().toml(all).boot();
        assertEquals(List.of(), box.sentences());
        TomlDocument document = TomlDocument.parse(NoonmarkToml.NAME, all, _ -> {});
        List<String> held = document.sections().stream()
                .flatMap(section -> section.values().stream())
                .map(Given::key)
                .toList();
        assertEquals(Keys.all().map(Key::path).toList(), held);
    }

    @Test
    void itsKeyIsNotTakenForTheOwners() {
        String uncommented = SampleToml.text().replace("#authorized_keys", "authorized_keys");
        Boots box = new Boots().toml(uncommented).boot();
        assertEquals(Optional.empty(), box.system(State.AUTHORIZED_KEYS));
        assertEquals(1, box.problems().size());
        assertTrue(box.sentences().getFirst().contains("is an example or cut short"), box.sentences()::toString);
    }

    @Test
    void fitsOnAScreenOfUsualWidthOrWraps() {
        assertTrue(SampleToml.text().lines().allMatch(line -> line.length() <= 180));
    }

    @Test
    void isMadeOfAsciiSoThatEveryEditorShowsIt() {
        assertTrue(SampleToml.text().chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)));
    }
}
