package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTomlTest {
    @Test
    void asksForNothing() {
        assertEquals(List.of(), new Boots().toml(SampleToml.text()).boot().problems());
    }

    @Test
    void holdsEveryKeyWithAValueThatIsTaken() {
        String all = SampleToml.text().replaceAll("(?m)^#([a-z0-9_]+ = |maxclockerror|''')", "$1");
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
    void fitsOnAScreenOfUsualWidthOrWraps() {
        assertTrue(SampleToml.text().lines().allMatch(line -> line.length() <= 180));
    }

    @Test
    void isMadeOfAsciiSoThatEveryEditorShowsIt() {
        assertTrue(SampleToml.text().chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)));
    }
}
