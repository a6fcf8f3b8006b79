package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.noonmark.provisioning.Problem;

class FirstBootTest {
    private static final String WITH_KEY = "[ssh]\nauthorized_keys = \"" + Boots.KEY + "\"\n";
    private static final String CONFIG_TXT = """
            # noonmark: begin (made from noonmark.toml; changes here are overwritten)
            dtoverlay=disable-bt
            dtoverlay=pps-gpio,gpiopin=18
            # noonmark: end
            """;

    @Test
    void leavesTheImageAloneWhenNothingIsSaid() {
        Boots box = new Boots()
                .toml(SampleToml.text())
                .with("config.txt", CONFIG_TXT)
                .boot();
        assertEquals(
                List.of(Step.WriteBoot.class, Step.WriteFile.class),
                box.steps().stream().map(Step::getClass).toList(),
                "the report, and the note of what was applied");
        assertEquals(List.of(), box.problems());
    }

    /** All settings come from the file again but its secrets, and the report says which are missing. */
    @Test
    void recoversFromTheFileWhenTheDataPartitionWasMadeAnew() {
        Boots box = new Boots()
                .toml("[system]\nhostname = \"clock\"\n" + WITH_KEY
                        + "[wifi]\nssid = \"net\"\npassword = \"correct horse\"\ncountry = \"DE\"\n")
                .with(UserConf.NAME, "admin:$6$salt$hash\n")
                .boot();
        assertEquals(List.of(), box.boot().steps());
        box.withMendedData().boot();
        String said = String.join("\n", box.sentences());
        assertTrue(said.contains("data partition: it was made anew"), said);
        assertTrue(said.contains("has no password"), said);
        assertTrue(said.contains("console password: warning: it was taken out of its file"), said);
        assertTrue(box.steps().contains(new Step.WriteFile(State.HOSTNAME, "clock\n", false)), box::toString);
        assertTrue(box.steps().stream()
                .anyMatch(step -> step instanceof Step.WriteBoot(String name, RawFile text)
                        && name.equals(BootFolder.REPORT)
                        && text.text().contains("write the passwords again")));
    }

    @Test
    void doesNothingWhenNothingHasChanged() {
        Boots box =
                new Boots().toml("[system]\nhostname = \"clock\"\n" + WITH_KEY).boot();
        assertFalse(box.steps().isEmpty());
        assertEquals(List.of(), box.boot().steps());
    }

    @Test
    void reportsAFileOfNearlyTheRightNameThatComesLater() {
        Boots box = new Boots().toml("[system]\nhostname = \"ntp1\"\n").boot();
        box.with("noonmark.toml.txt", "[system]\nhostname = \"ntp2\"\n").boot();
        assertTrue(box.sentences().getFirst().startsWith("noonmark.toml.txt: the file is not read"), box::toString);
        assertTrue(box.steps().stream()
                .anyMatch(step ->
                        step instanceof Step.WriteBoot(String name, RawFile _) && name.equals(BootFolder.REPORT)));
        assertEquals(List.of(), box.boot().steps());
    }

    @Test
    void keepsTheKeysThatAreInPlaceWhenTheNewFileCannotBeRead() {
        Boots box = new Boots().toml(WITH_KEY).boot();
        for (String unreadable :
                List.of("\ufeff".repeat(3) + "[ssh", "[ssh]\nauthorized_keys = '''\n", "[ssh]\n", "")) {
            box.toml(unreadable).boot();
            assertTrue(box.system(State.AUTHORIZED_KEYS).orElse("").contains(Boots.KEY), unreadable);
        }
    }

    @Test
    void takesKeysThatCanBeSeenInABrokenListWhenNobodyCouldLogInElse() {
        Boots box = new Boots()
                .toml("[ssh]\nauthorized_keys = [\n \"" + Boots.KEY + "\"\n \u201c" + Boots.KEY + " 2\u201d\n#\""
                        + Boots.KEY + " 3\"\n")
                .boot();
        String keys = box.system(State.AUTHORIZED_KEYS).orElse("");
        assertTrue(keys.contains(Boots.KEY + "\n") && keys.contains(Boots.KEY + " 2\n"), keys);
        assertFalse(keys.contains(Boots.KEY + " 3"), keys);
        assertFalse(box.problems().isEmpty());
    }

    @Test
    void takesAKeyFromEveryShapeInWhichOwnersPasteIt() {
        for (String shape : List.of(
                "[ssh]\nauthorized_keys = KEY\n",
                "[ssh]\nauthorized_keys = [KEY]\n",
                "[ssh]\nauthorized_keys = \"\"\"\nKEY\nKEY 2\n\"\"\"\n",
                "[ssh]\nauthorized_keys = [\u00a0\"KEY\"\u00a0]\n",
                "[ssh]\nKEY\n",
                "authorized_keys = \"KEY\"\n",
                "[SSH]\nauthorized_keys = \"KEY\"\n",
                "ssh:\n  authorized_keys:\n    - KEY\n")) {
            Boots box = new Boots().toml(shape.replace("KEY", Boots.KEY)).boot();
            assertTrue(box.system(State.AUTHORIZED_KEYS).orElse("").contains("\n" + Boots.KEY + "\n"), shape);
            assertFalse(box.problems().isEmpty(), shape);
        }
    }

    @Test
    void takesNoKeyWhoseOptionsCouldBeLostNorOneThatIsNotForLogin() {
        for (String shape : List.of(
                "[ssh]\nauthorized_keys = \"from=\"10.0.0.1\" KEY\"\n",
                "[ssh]\nauthorized_keys = from=\"10.0.0.1\" KEY\n",
                "[ssh]\n# \"KEY\"\nauthorized_keys = \n",
                "[backup]\nkeys = KEY\n")) {
            Boots box = new Boots().toml(shape.replace("KEY", Boots.KEY)).boot();
            assertEquals(Optional.empty(), box.system(State.AUTHORIZED_KEYS), shape);
        }
    }

    @Test
    void namesADocumentThatIsNotPlainTextOnceAndKeepsWhatWasApplied() {
        for (String document : List.of(
                "{\\rtf1\\ansi\n\\f0 [system]\\\n",
                "<!DOCTYPE html>\n<html>\n",
                "<html><body>\n",
                "PK\u0003\u0004\n\n")) {
            Boots box = new Boots().toml(WITH_KEY).boot().toml(document).boot();
            assertEquals(1, box.problems().size(), box.sentences()::toString);
            assertTrue(box.sentences().getFirst().contains("not plain text"), box.sentences()::toString);
            assertTrue(box.system(State.AUTHORIZED_KEYS).orElse("").contains(Boots.KEY), document);
        }
    }

    @Test
    void anEmptyListOfKeysLocksOutOnPurpose() {
        Boots box = new Boots()
                .toml(WITH_KEY)
                .boot()
                .toml("[ssh]\nauthorized_keys = []\n")
                .boot();
        assertFalse(box.system(State.AUTHORIZED_KEYS).orElse("").contains(Boots.KEY));
        assertEquals("nobody can log in", box.inForce("SSH"));
    }

    @Test
    void aLockedOutOwnerRecoversByEditingTheFile() {
        Boots box = new Boots()
                .toml("[ssh]\nauthorized_keys = []\n[network]\nipv4 = \"10.9.9.9/24\"\n")
                .boot();
        box.toml(WITH_KEY).boot();
        assertTrue(box.system(State.AUTHORIZED_KEYS).orElse("").contains(Boots.KEY));
        assertTrue(box.system(State.WIRED).orElse("").contains("DHCP=yes"));
    }

    @Test
    void keepsTheAddressThatIsInPlaceWhenTheNewOneIsWrong() {
        Boots box = new Boots().toml("[network]\nipv4 = \"10.0.0.5/24\"\n").boot();
        String before = box.system(State.WIRED).orElse("");
        box.toml("[network]\nipv4 = \"10.0.0.500/24\"\n[system]\nhostname = \"still-applied\"\n")
                .boot();
        assertEquals(Optional.of(before), box.system(State.WIRED));
        assertEquals(Optional.of("still-applied\n"), box.system(State.HOSTNAME));
        assertTrue(box.inForce("Network").startsWith("as before"), box.inForce("Network"));
    }

    @Test
    void whatIsNoLongerSaidGoesBackToTheStandard() {
        Boots box = new Boots()
                .toml(
                        "[system]\nhostname = \"clock\"\n[network]\nvlan = 7\n[tuning]\neee = true\n[ntp]\nallow = \"10.1\"\n")
                .boot();
        assertTrue(box.system(State.VLAN_DEVICE).isPresent());
        box.toml("").boot();
        assertEquals(Optional.of("noonmark\n"), box.system(State.HOSTNAME));
        assertEquals(Optional.empty(), box.system(State.VLAN_DEVICE));
        assertTrue(box.system(State.TUNING).orElse("").contains("EEE=off"));
        assertFalse(box.system(State.RECEIVER).orElse("").contains("deny"));
    }

    @Test
    void takesTheWifiPasswordOutAndKeepsItsKey() {
        Boots box = new Boots()
                .toml("[wifi]\r\nssid = \"IEEE\"\r\npassword = \"password\"\r\ncountry = \"DE\"\r\n")
                .boot();
        assertTrue(box.system(State.WIFI)
                .orElse("")
                .contains("psk=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e\n"));
        assertEquals(
                "[wifi]\r\nssid = \"IEEE\"\r\n# applied 2026-11-22: password\r\ncountry = \"DE\"\r\n",
                box.onBoot(NoonmarkToml.NAME));
        box.toml(box.onBoot(NoonmarkToml.NAME).replace("DE", "FR")).boot();
        assertTrue(box.system(State.WIFI).orElse("").contains("psk=f42c6fc5"));
        assertEquals(List.of(), box.problems());
        box.toml(box.onBoot(NoonmarkToml.NAME).replace("IEEE", "other")).boot();
        assertTrue(
                box.sentences().toString().contains("ssid = 'other' has no password"),
                box.sentences().toString());
        assertTrue(box.system(State.WIFI).isPresent(), "a wrong line leaves the earlier network in force");
    }

    @Test
    void leavesAConfigTxtAloneThatIsTooLongToBeReadToItsEnd() {
        String config = "# a remark\n".repeat(6_000);
        Boots box = new Boots()
                .with("config.txt", config)
                .toml("[receiver]\npps_gpio = 4\n")
                .boot();
        assertEquals(config, box.onBoot("config.txt"));
        assertFalse(box.restarts());
        assertTrue(
                box.sentences().toString().contains("gpiopin=4"),
                box.sentences().toString());
    }

    @Test
    void leavesSecretsWhereTheyAreWhenNothingCanBeKept() {
        String text = "[wifi]\nssid = \"net\"\npassword = \"password\"\n";
        assertEquals(text, new Boots().withoutData().toml(text).boot().onBoot(NoonmarkToml.NAME));
    }

    @Test
    void tellsNoSecretInAnyMessage() {
        String secret = "hush-hush-hush";
        for (String line : List.of(
                "password = " + secret,
                "password = \u201c" + secret + "\u201d",
                "password = \"" + secret,
                "password \"" + secret + "\"",
                "password: " + secret,
                "pasword = \"" + secret + "\"",
                "Passwort = \"" + secret + "\"",
                "password = [\"" + secret + "\"]",
                "password = \"" + secret + "\\q\"",
                "password = \"" + secret + "\" \"" + secret + "\"",
                "password = \"" + secret + "\"\npassword = \"" + secret + "\"",
                "password = \"" + secret + "\u0000\"",
                "x = {password = \"" + secret + "\"}")) {
            Boots box =
                    new Boots().toml("[wifi]\nssid = \"net\"\n" + line + "\n").boot();
            assertFalse(box.problems().isEmpty(), line);
            assertFalse(
                    box.problems().toString().contains(secret),
                    () -> box.problems().toString());
            assertFalse(box.onBoot(BootFolder.REPORT).contains(secret), line);
        }
    }

    @Test
    void restartsOnceWhenTheFirmwaresFileChanges() {
        Boots box = new Boots()
                .toml("[receiver]\npps_gpio = 4\n")
                .with("config.txt", "a=1\r\n" + CONFIG_TXT)
                .boot();
        assertTrue(box.restarts());
        assertTrue(box.onBoot("config.txt").contains("dtoverlay=pps-gpio,gpiopin=4"));
        assertFalse(box.boot().restarts());
        assertFalse(box.toml("[receiver]\npps_gpio = 4\n[system]\nhostname = \"x\"\n")
                .boot()
                .restarts());
    }

    @Test
    void putsALostBlockBack() {
        Boots box = new Boots().toml("").with("config.txt", CONFIG_TXT).boot();
        box.with("config.txt", "arm_64bit=1\n").boot();
        assertTrue(box.restarts());
        assertTrue(box.onBoot("config.txt")
                .endsWith("[all]\ndtoverlay=disable-bt\ndtoverlay=pps-gpio,gpiopin=18\n# noonmark: end\n"));
    }

    @Test
    void imagersFileCountsWhereNoonmarksSaysNothing() {
        Boots box = new Boots()
                .toml("[system]\nhostname = \"own\"\n")
                .with(
                        ImagerToml.PRESEED,
                        "config_version = \"1.0\"\n[system]\nhostname = \"imager\"\n[ssh]\nenabled = true\nauthorized_keys = [\n  \""
                                + Boots.KEY + "\",\n]\n[locale]\ntimezone = \"Europe/Paris\"\n")
                .boot();
        assertEquals(Optional.of("own\n"), box.system(State.HOSTNAME));
        assertTrue(box.system(State.AUTHORIZED_KEYS).orElse("").contains(Boots.KEY));
        assertEquals("Europe/Paris", box.inForce("Time zone"));
        assertEquals(
                List.of(
                        "rpi-preseed.toml:3: warning: hostname = 'imager' is passed over: noonmark.toml line 2 goes first:"
                                + " remove one of them"),
                box.sentences());
    }

    @Test
    void anOpenNetworkOfImagerStaysOpenAndAnAppliedOneDoesNotBecomeIt() {
        Boots open = new Boots()
                .with(ImagerToml.PRESEED, "[wlan]\nssid = \"cafe\"\ncountry = \"GB\"\n")
                .boot();
        assertTrue(open.system(State.WIFI).orElse("").contains("key_mgmt=NONE"));
        Boots applied = new Boots()
                .with(ImagerToml.PRESEED, "[wlan]\nssid = \"home\"\n# applied 2026-11-01: password\ncountry = \"GB\"\n")
                .boot();
        assertEquals(Optional.empty(), applied.system(State.WIFI));
        assertTrue(applied.sentences().toString().contains("has no password"));
    }

    @Test
    void aUsersPasswordIsForTheConsoleOnly() {
        Boots box = new Boots()
                .with(UserConf.NAME, "admin:$6$salt$abcdefghijklmnop\n")
                .boot();
        assertEquals(Optional.of("admin:$6$salt$abcdefghijklmnop\n"), box.system(State.CONSOLE_PASSWORD));
        assertEquals("# applied 2026-11-22: console password\n", box.onBoot(UserConf.NAME));
        assertEquals(Optional.of("admin:$6$salt$abcdefghijklmnop\n"), box.boot().system(State.CONSOLE_PASSWORD));
        box.with(UserConf.NAME, "").boot();
        assertEquals(Optional.empty(), box.system(State.CONSOLE_PASSWORD));
    }

    @Test
    void refusesAZoneThatTheSystemDoesNotHave() {
        Boots box = new Boots().toml("[system]\ntimezone = \"Asia/Calcutta\"\n").boot();
        assertEquals(1, box.problems().size());
        assertEquals(Optional.empty(), box.system(State.LOCALTIME));
    }

    @Test
    void theReportHasLineEndsOfWindows() {
        String report = new Boots().toml("x = 1\n").boot().onBoot(BootFolder.REPORT);
        assertTrue(report.contains("\r\n"));
        assertFalse(report.replace("\r\n", "").contains("\n"));
    }

    @Test
    void theScreenTellsWhatWasRefusedWithoutInstructionsForGetty() {
        Boots box =
                new Boots().toml("[wifi]\n[system]\nhostname = \"a\\\\l\"\n").boot();
        assertTrue(
                box.system(State.ISSUE).orElse("").contains("'a\\\\l'"),
                box.system(State.ISSUE).orElse(""));
        box.toml("").boot();
        assertEquals(Optional.empty(), box.system(State.ISSUE));
    }

    @Test
    void addressesOfTheWirelessInterfaceNeedAWirelessNetwork() {
        String wireless = "[network]\ninterface = \"wireless\"\nipv4 = \"10.0.0.5/24\"\n";
        Boots box = new Boots().toml(wireless).boot();
        assertTrue(
                box.sentences().getFirst().contains("without a network in [wifi]"),
                box.sentences().toString());
        box = new Boots()
                .toml(wireless + "[wifi]\nssid = \"net\"\npassword = \"password\"\ncountry = \"DE\"\n")
                .boot();
        assertEquals(List.of(), box.problems());
        assertTrue(box.system(State.WIRELESS).orElse("").contains("Address=10.0.0.5/24"));
        assertTrue(box.system(State.WIRED).orElse("").contains("DHCP=yes"));
    }

    @Test
    void whatMayFailOnTheRunningMachineComesAfterTheReport() {
        Boots box = new Boots()
                .toml("[wifi]\nssid = \"net\"\npassword = \"password\"\n[receiver]\npps_gpio = 4\n")
                .with("config.txt", CONFIG_TXT)
                .boot();
        assertEquals(
                List.of(new Step.StartUnit("wpa_supplicant@wlan0.service"), new Step.Reboot()),
                box.steps().subList(box.steps().size() - 2, box.steps().size()));
    }

    @Test
    void linesForTheDaemonReadNoOtherFilesAndLeaveTheSocketWhereTheHealthCheckAsks() {
        Boots box = new Boots()
                .toml(
                        "[ntp]\nchrony_conf = '''\nConfDir /etc\n include /etc/*.conf\ncontrolsocket /run/a\nmaxclockerror 5\n'''\n")
                .boot();
        assertEquals(
                List.of(3, 4, 5), box.problems().stream().map(Problem::line).toList());
        List<String> lines = box.system(State.RECEIVER).orElse("").lines().toList();
        assertEquals(
                List.of(
                        "# refused: ConfDir /etc",
                        "# refused: include /etc/*.conf",
                        "# refused: controlsocket /run/a",
                        "maxclockerror 5"),
                lines.subList(lines.size() - 4, lines.size()));
    }

    @Test
    void aConfigTxtThatIsTooLargeIsNotCutOffAndRestartsNothing() {
        String large = "# a comment\n".repeat(6_000);
        Boots box = new Boots()
                .toml("[receiver]\npps_gpio = 4\n")
                .with("config.txt", large)
                .boot();
        assertEquals(large, box.onBoot("config.txt"));
        assertFalse(box.restarts());
        assertTrue(
                box.sentences().getFirst().contains("more than 64 KiB"),
                box.sentences().toString());
    }

    @Test
    void bytesOfConfigTxtThatAreNoTextStay() {
        byte[] latin = "# L\u00e4rm\n".getBytes(StandardCharsets.ISO_8859_1);
        Boots box = new Boots()
                .toml("[receiver]\npps_gpio = 4\n")
                .with("config.txt", latin)
                .boot();
        assertArrayEquals(latin, Arrays.copyOf(box.bytesOnBoot("config.txt"), latin.length));
        assertFalse(box.boot().restarts());
    }

    @Test
    void aBootPartitionThatWasNotMountedIsNoWishToForgetEverything() {
        Boots box = new Boots()
                .toml("[network]\nipv4 = \"10.0.0.5/24\"\n[wifi]\nssid = \"net\"\npassword = \"password\"\n")
                .boot()
                .withoutBootPartition()
                .boot();
        assertEquals(List.of(), box.steps());
        assertTrue(box.system(State.WIFI).isPresent());
        assertTrue(
                box.sentences().getFirst().contains("not mounted"),
                box.sentences().toString());
    }
}
