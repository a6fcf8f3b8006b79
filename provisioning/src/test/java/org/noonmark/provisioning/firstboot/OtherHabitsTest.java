package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What owners write who know other systems: the cure tells them how it is called here. */
class OtherHabitsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            network  | ipv4 = "192.168.1.5/255.255.255.0" | write "192.168.1.5/24"
            network  | ipv4 = "192.168.1.5 255.255.254.0" | write "192.168.1.5/23"
            network  | ipv4 = "192.168.1.5 / 24"          | write "192.168.1.5/24"
            network  | ipv4 = "192.168.1.5/255.0.255.0"   | write 'ipv4 = "192.168.1.5/24"'
            network  | gateway = "192.168.1.1"            | did you mean 'ipv4_gateway'?
            network  | netmask = "255.255.255.0"          | write it as the length of the prefix: 255.255.255.0 is ipv4 = "ADDRESS/24"
            ntp      | allow = "10.0.0.0/255.255.0.0"     | write "10.0.0.0/16"
            ntp      | allow = "all"                      | write "0.0.0.0/0" and "::/0" for everybody
            ntp      | allow = ["pool.ntp.org"]           | write 'allow = ["onlink", "10.20.0.0/16"]'
            receiver | hat = "Adafruit"                   | did you mean "adafruit-ultimate-gps"?
            receiver | hat = "Uputronics"                 | did you mean "uputronics"?
            receiver | gpio = 4                           | did you mean 'pps_gpio'?
            system   | timezone = "berlin"                | did you mean "Europe/Berlin"?
            system   | timezone = "New York"              | did you mean "America/New_York"?
            """)
    void areMetWithTheWordsOfThisFile(String section, String line, String cure) {
        Boots box = new Boots().toml("[" + section + "]\n" + line + "\n").boot();
        assertEquals(1, box.problems().size(), box.sentences()::toString);
        assertEquals(cure, box.problems().getFirst().cure());
    }
}
