package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.discipline.Witness;
import org.noonmark.ntp.MacAlgorithm;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.nts.Aead;

/**
 * Answers of every kind of malice at the client: no exception, and nothing that anybody believes. The full run is
 * {@code -Dnoonmark.hostile.answers=5000000}.
 */
class HostileAnswersTest {
    private static final int ANSWERS = Integer.getInteger("noonmark.hostile.answers", 200_000);
    private static final int MUTATIONS_EACH = 100;
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

    /**
     * Somebody on the way of one server of three sees each request, and is faster with a hundred answers of his own. They may well count as
     * samples; but what is agreed holds the truth, and the clock stays where it is.
     */
    @Test
    void mutatedAnswersOfOneServerMoveNothingAgainstTwo() {
        SimulatedNetwork network = new SimulatedNetwork(7);
        for (int i = 1; i <= 3; i++) {
            network.add("10.0.0." + i);
        }
        network.server("10.0.0.1").mutations = MUTATIONS_EACH;
        Sources sources = network.ask(
                SourceConfig.server("10.0.0.1", SourceOptions.DEFAULTS),
                SourceConfig.server("10.0.0.2", SourceOptions.DEFAULTS),
                SourceConfig.server("10.0.0.3", SourceOptions.DEFAULTS));
        ClockAfter clock = new ClockAfter(network);
        runUntilMutated(network, clock, sources, network.server("10.0.0.1"));
    }

    /** Whoever is on the way of a server with a key, or with NTS, can keep its answers away and nothing else. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mutatedAnswersOfAServerThatShowsWhoItIsAreNotHeard(boolean nts) {
        SimulatedNetwork network = new SimulatedNetwork(8);
        SimulatedNetwork.Server server = network.add("10.0.0.1");
        server.mutations = MUTATIONS_EACH;
        NtsAnswers answers = new NtsAnswers();
        if (nts) {
            server.nts = answers;
        } else {
            server.keyId = KEY.id();
        }
        SourceOptions options = nts
                ? SourceOptions.DEFAULTS.withNts(new SourceOptions.Nts(4_460, 0, Long.MAX_VALUE / 4))
                : SourceOptions.DEFAULTS.withKey(KEY.id());
        Sources sources = network.ask(SelectionRules.DEFAULTS, List.of(KEY), SourceConfig.server("10.0.0.1", options));
        network.runUntil(1);
        if (nts) {
            sources.onKeys(network.establishments.getFirst(), answers.establish(Aead.AES_SIV_CMAC_256));
        }
        Association association = sources.at("10.0.0.1").orElseThrow();
        runUntilMutated(network, new ClockAfter(network), sources, server);
        // Every answer but the last, which may be under way, was heard in spite of them.
        assertTrue(
                association.counts().valid() >= association.counts().requests() - 1,
                association.counts().toString());
        assertTrue(association.counts().valid() <= server.asked);
    }

    private static void runUntilMutated(
            SimulatedNetwork network, ClockAfter clock, Sources sources, SimulatedNetwork.Server server) {
        long second = 2;
        while ((long) server.asked * server.mutations < ANSWERS) {
            network.runUntil(++second);
            clock.tick();
            sources.status(0);
        }
        System.out.printf(
                "hostile mutated=%d simulated_s=%d worst_ns=%.0f%n",
                (long) server.asked * server.mutations, second, clock.worstNanos);
        assertTrue(clock.followed > second / 2, "it was followed all the same: " + clock.followed);
    }

    /** A clock after the servers: right at the start, and it must stay so. */
    private static final class ClockAfter {
        private static final double MOST_NANOS = 1_000_000;

        private final SimulatedNetwork network;
        private final Takeover takeover = new Takeover(-23, 1_000, TimingOptions.Limits.DEFAULTS);
        private double frequencyPpb;
        private double worstNanos;
        private long followed;

        ClockAfter(SimulatedNetwork network) {
            this.network = network;
            network.crystalPpb = 0;
        }

        void tick() {
            Correction correction = takeover.onTick(
                    network.now(), frequencyPpb, new Takeover.Own(false, 0, true, 0), network.agreed.lead());
            switch (correction) {
                case Correction.Step step -> throw new AssertionError(step.toString());
                case Correction.Slew slew -> {
                    frequencyPpb = slew.frequencyPpb();
                    network.step(slew.nanos());
                }
                case Correction.Steer _, Correction.Refuse _, Correction.Hold _ -> {}
            }
            // By no frequency that it is given does it run away within the second.
            assertTrue(Math.abs(frequencyPpb) < 100_000, "frequency " + frequencyPpb);
            network.step(Math.round(frequencyPpb));
            double error = Math.abs((double) network.trueOffsetNanos());
            worstNanos = Math.max(worstNanos, error);
            assertTrue(error < MOST_NANOS, "off by " + error + " ns");
            followed += takeover.served().isPresent() ? 1 : 0;
            // Not the bound that is served: that is the best one's own word, and it may be the liar as long as it
            // agrees with the others.
            Witness.Testimony agreed = network.agreed.testimony();
            assertTrue(
                    agreed == null
                            || Math.abs((double) agreed.offsetNanos() - network.trueOffsetNanos())
                                    <= agreed.errorBoundNanos(),
                    () -> agreed + ", but it is off by " + network.trueOffsetNanos());
        }
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
