package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Configurations damaged at random, with a seed that a failure prints: never an exception, every message complete. */
class MutationTest {
    private static final int ROUNDS = 200_000;

    private static final List<String> LINES = List.of(
            "receiver /dev/serial0 baud 9600 pps /dev/pps0 edge clear refid GPS offset 52e-9 delay 0.001",
            "receiver /dev/serial0",
            "refclock PPS /dev/pps0:clear lock GPS refid PPS poll 4 precision 1e-7 prefer",
            "refclock SHM 0 refid GPS offset 0.1",
            "allow 192.168.0.0/16",
            "allow all 2001:db8::/32",
            "deny 10.1",
            "port 123",
            "bindaddress ::ffff:1.2.3.4",
            "makestep 1e0 -1",
            "local stratum 10 distance .25 orphan",
            "maxclockerror 1.5",
            "driftfile /var/lib/noonmark/drift interval 60",
            "leapseclist /l",
            "leapsectz right/UTC",
            "logdir /log",
            "controlsocket /c",
            "include /d/*.conf",
            "include /d/[a-b]?.conf",
            "confdir /d /e",
            "server time.example.net iburst nts",
            "broadcast 10 10.1.18.21",
            "! comment",
            "alow 1");

    private static final String CHARACTERS = " \t\n\r\0#!/:.*?[]-+eE019azAZ\u001b\u00e9\ufffd\ufeff\ud83d%';";

    @Test
    void damagedConfigurationsAreReadOrRefusedWithCompleteMessages() {
        long accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(4_711_000_000L + round);
            MapConfigFiles files = new MapConfigFiles()
                    .with("/n.conf", mutated(random, text(random)))
                    .with("/d/a.conf", mutated(random, text(random)))
                    .with("/d/ab.conf", "include /n.conf");
            accepted += check(files, round);
        }
        assertTrue(
                accepted > ROUNDS / 200,
                "only " + accepted + " accepted: the mutations test nothing but the first refusal");
    }

    private static int check(MapConfigFiles files, int round) {
        try {
            ConfigReading reading = new ConfigReader(files).read("/n.conf");
            reading.problems().forEach(Readings::assertComplete);
            assertTrue(reading.problems().size() <= 201);
            return reading instanceof ConfigReading.Accepted ? 1 : 0;
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("round " + round, e);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(LINES.get(random.nextInt(LINES.size()))).append('\n');
        }
        return text.toString();
    }

    private static String mutated(Random random, String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = random.nextInt(4); i > 0 && out.length() > 1; i--) {
            int at = random.nextInt(out.length());
            int length = random.nextInt(Math.min(12, out.length() - at));
            char character = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(6)) {
                case 0 -> out.setCharAt(at, character);
                case 1 -> out.insert(at, character);
                case 2 -> out.delete(at, at + length);
                case 3 -> out.insert(random.nextInt(out.length()), out.substring(at, at + length));
                case 4 -> out.setLength(at);
                default -> out.insert(at, out.substring(at, at + length).repeat(random.nextInt(9)));
            }
        }
        return out.toString();
    }
}
