package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noonmark.ntp.MacAlgorithm;
import org.noonmark.ntp.SymmetricKey;

/**
 * Answers of every kind of malice at the client: no exception, and nothing that anybody believes. The full run is
 * {@code -Dnoonmark.hostile.answers=5000000}.
 */
class HostileAnswersTest {
    private static final int ANSWERS = Integer.getInteger("noonmark.hostile.answers", 200_000);
    private static final SymmetricKey KEY =
            new SymmetricKey(7, MacAlgorithm.SHA256, "an example of a key".getBytes(StandardCharsets.US_ASCII));

    /** Answers of somebody who does not see the requests: he cannot know the transmit stamp, and without it nothing counts. */
    @Test
    void nobodyWhoDoesNotSeeTheRequestIsBelieved() {
        SimulatedNetwork network = new SimulatedNetwork(1);
        network.add("10.0.0.1").silent = true;
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", SourceOptions.DEFAULTS));
        network.runUntil(1);
        Association association = sources.at("10.0.0.1").orElseThrow();
        SplittableRandom chance = new SplittableRandom(2);
        for (int i = 0; i < ANSWERS; i++) {
            network.hand(association, mutated(chance, chance.nextInt(8) == 0 ? chance.nextInt(1_300) : 48));
        }
        assertEquals(0, association.counts().valid());
        assertEquals(ANSWERS, association.counts().received());
        assertNull(network.agreed.testimony());
        assertEquals(0, association.reach());
    }

    /** The server itself is mad: whatever it says is either no sample or one whose bound tells how bad it is. */
    @Test
    void aMadServerEscapesNothingAndIsAskedNoMoreForIt() {
        SimulatedNetwork network = new SimulatedNetwork(3);
        SimulatedNetwork.Server server = network.add("10.0.0.1");
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", SourceOptions.DEFAULTS));
        SplittableRandom chance = new SplittableRandom(4);
        network.runUntil(1);
        Association association = sources.at("10.0.0.1").orElseThrow();
        long second = 1;
        for (int i = 0; i < ANSWERS / 20; i++) {
            // What follows the origin is chance, in answers to real requests.
            server.errorNanos = chance.nextInt(3) == 0 ? chance.nextLong() >> chance.nextInt(64) : 0;
            server.stratum = chance.nextInt(256);
            server.leap = chance.nextInt(4);
            server.referenceId = chance.nextInt();
            second += 64;
            network.runUntil(second);
            sources.status(chance.nextDouble());
            assertTrue(association.pollLog2Seconds() >= 6, "poll " + association.pollLog2Seconds());
        }
        assertTrue(association.counts().valid() > 0);
    }

    @Test
    void anAnswerWithoutTheRightMacIsNotBelieved() {
        SimulatedNetwork network = new SimulatedNetwork(5);
        network.add("10.0.0.1"); // answers with the MAC of the request, which is not that of the answer
        Sources sources = network.ask(
                SelectionRules.DEFAULTS,
                List.of(KEY),
                SourceConfig.server("10.0.0.1", SourceOptions.DEFAULTS.withKey(KEY.id())));
        network.runUntil(1_000);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertTrue(association.counts().received() > 5);
        assertEquals(0, association.counts().valid());
        assertEquals(
                "none of its answers passes the tests: check the key, and that it is an NTP server",
                sources.status(0).getFirst().note());
    }

    /** The same answer a thousand times is one sample. */
    @Test
    void anAnswerCountsOnce() {
        SimulatedNetwork network = new SimulatedNetwork(6);
        network.add("10.0.0.1").behind(new SimulatedNetwork.Path(400_000, 0.5, 50_000, 0, 1));
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", SourceOptions.DEFAULTS));
        network.runUntil(10_000);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertEquals(association.counts().requests(), association.counts().valid());
    }

    private static byte[] mutated(SplittableRandom chance, int length) {
        byte[] octets = new byte[length];
        chance.nextBytes(octets);
        if (length >= 48 && chance.nextInt(4) != 0) {
            octets[0] = (byte) (chance.nextInt(4) << 6 | (1 + chance.nextInt(4)) << 3 | 4);
            octets[1] = (byte) chance.nextInt(3);
            if (chance.nextBoolean()) {
                Arrays.fill(octets, 24, 32, (byte) 0);
            }
        }
        return octets;
    }
}
