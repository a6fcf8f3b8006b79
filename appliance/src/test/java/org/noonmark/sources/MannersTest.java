package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.sources.SimulatedNetwork.MILLI;
import static org.noonmark.sources.SimulatedNetwork.SECOND;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.sources.SimulatedNetwork.Path;
import org.noonmark.sources.SimulatedNetwork.Server;

/** In which mode a server is asked, and which of its samples are used. */
class MannersTest {
    private static final SourceOptions.Polling QUICK = new SourceOptions.Polling(4, 4, 8, true, false, false, false);
    private static final int NEVER = SourceOptions.Manner.NO_PRESEND;
    private static final Path STILL = new Path(400_000, 0.5, 0, 0, 0);

    private final SimulatedNetwork network = new SimulatedNetwork(11);

    /** Its answers leave 300 us after they were stamped: half of that is error in basic mode, and none in interleaved. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterleavedServerTellsWhenItsAnswersReallyLeft(boolean interleaved) {
        Server server = network.add("10.0.0.1").behind(STILL);
        server.interleaves = true;
        server.departureDelayNanos = 300_000;
        Sources sources = network.ask(asked(manner(false, interleaved, false, NEVER)));
        network.runUntil(600);
        Association association = sources.at("10.0.0.1").orElseThrow();
        Reply reply = Objects.requireNonNull(association.lastReply());
        assertEquals(interleaved, reply.interleaved());
        NtpSample sample = Objects.requireNonNull(association.lastSample());
        double error = lastError(association);
        assertEquals(interleaved ? 0 : -150_000, error, 2_000, "offset's error");
        assertEquals(interleaved ? 400_000 : 700_000, sample.delayNanos(), 2_000);
        assertEquals(0x3ff, reply.tests());
        // The answer that begins it tells of an exchange that was used already: that one is measured anew, and none is
        // lost.
        assertTrue(association.statistics().samples() > 6);
        assertEquals(association.counts().valid(), association.goodAnswers());
    }

    @Test
    void lostAnswersLeaveInterleavedModeRight() {
        Server server = network.add("10.0.0.1").behind(new Path(400_000, 0.5, 0, 0.3, 0.2));
        server.interleaves = true;
        server.departureDelayNanos = 300_000;
        Sources sources = network.ask(asked(manner(false, true, false, NEVER)));
        Association association = null;
        for (int seconds = 100; seconds < 6_000; seconds += 100) {
            network.runUntil(seconds);
            association = sources.at("10.0.0.1").orElseThrow();
            Reply reply = Objects.requireNonNull(association.lastReply());
            if (reply.isGood()) {
                double expected = reply.interleaved() ? 0 : -150_000;
                assertEquals(expected, lastError(association), 3_000, "at " + seconds + " s");
            }
        }
        // So many unanswered, and it is asked in basic mode.
        server.silent = true;
        network.runUntil(6_200);
        server.silent = false;
        network.runUntil(6_220);
        assertFalse(Objects.requireNonNull(Objects.requireNonNull(association).lastReply())
                .interleaved());
    }

    /** What it stamped before it was set is of another time: the exchange is not measured once more. */
    @Test
    void anExchangeOfBeforeAServerKnewTheTimeIsNotMeasuredLater() {
        Server server = network.add("10.0.0.1").behind(STILL).wrongBy(5 * SECOND);
        server.interleaves = true;
        server.leap = 3;
        Sources sources = network.ask(asked(manner(false, true, false, NEVER)));
        network.runUntil(100);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertTrue(association.counts().valid() > 3, "it answers");
        assertEquals(0, association.goodAnswers());
        server.leap = 0;
        server.errorNanos = 0;
        for (int seconds = 101; seconds < 300; seconds++) {
            network.runUntil(seconds);
            if (association.lastSample() != null) {
                assertEquals(0, lastError(association), 20_000, "at " + seconds + " s");
            }
        }
        assertTrue(Objects.requireNonNull(association.lastReply()).interleaved(), "and it is interleaved again");
    }

    @Test
    void aServerWithoutInterleavedModeIsHeardInBasicMode() {
        network.add("10.0.0.1");
        Sources sources = network.ask(asked(manner(false, true, false, NEVER)));
        network.runUntil(300);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertEquals(association.counts().valid(), association.goodAnswers());
        assertFalse(Objects.requireNonNull(association.lastReply()).interleaved());
    }

    /** Sent as an equal; a server's answer to that is none. */
    @Test
    void anEqualIsAskedInSymmetricModeAndAnswersPassively() {
        network.add("10.0.0.1");
        Sources sources = network.ask(asked(manner(true, true, false, NEVER)));
        network.runUntil(300);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertEquals(2, Objects.requireNonNull(association.lastReply()).mode());
        assertEquals('*', sources.status(0).getFirst().verdict().sourceLetter());
    }

    @ParameterizedTest
    @CsvSource({"true, 4", "false, 2", "false, 1"})
    void anAnswerOfAnotherModeThanWasAskedForIsNone(boolean peer, int mode) {
        network.add("10.0.0.1").mode = mode;
        Sources sources = network.ask(asked(manner(peer, false, false, NEVER)));
        network.runUntil(300);
        SourceStatus.Counts counts = sources.at("10.0.0.1").orElseThrow().counts();
        assertTrue(counts.received() > 5);
        assertEquals(0, counts.valid());
    }

    /** Whoever has seen the exchange before knows its stamps, and none of them opens the present one. */
    @ParameterizedTest
    @EnumSource(value = Forgery.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void anAnswerWithStampsOfThePollBeforeIsNone(Forgery forgery) {
        Server server = network.add("10.0.0.1").behind(STILL);
        server.interleaves = true;
        Sources sources = network.ask(asked(manner(false, true, false, NEVER)));
        Forger forger = new Forger(server);
        network.runUntil(200);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertTrue(Objects.requireNonNull(association.lastReply()).interleaved());
        long valid = association.counts().valid();
        forger.next = forgery;
        int asked = server.asked;
        while (server.asked == asked) {
            network.runUntil(network.now().rawNanos() / SECOND + 1);
        }
        network.runUntil(network.now().rawNanos() / SECOND + 1);
        assertEquals(valid, association.counts().valid());
        forger.next = Forgery.NONE;
        network.runUntil(network.now().rawNanos() / SECOND + 100);
        assertTrue(association.counts().valid() > valid, "the true server is heard again");
        // And the very answer once more.
        valid = association.counts().valid();
        network.hand(association, forger.last);
        assertEquals(valid, association.counts().valid());
    }

    /** What stands where the origin belongs. */
    enum Forgery {
        NONE,
        TRANSMIT_OF_THE_POLL_BEFORE,
        RECEIVE_OF_THE_POLL_BEFORE,
        RECEIVE_OF_THE_ANSWER_BEFORE,
        WHOLE_ANSWER_BEFORE
    }

    /** On the way: knows the exchange before. */
    private static final class Forger {
        Forgery next = Forgery.NONE;
        byte[] last = new byte[NtpPacket.HEADER_LENGTH];
        private long transmit;
        private long receive;

        Forger(Server server) {
            server.tampers = this::on;
        }

        private void on(NtpPacket asked, NtpPacket answer) {
            NtpPacket before = new NtpPacket(ByteBuffer.wrap(last), 0, last.length);
            switch (next) {
                case NONE -> {}
                case TRANSMIT_OF_THE_POLL_BEFORE -> answer.setOriginTimestamp(transmit);
                case RECEIVE_OF_THE_POLL_BEFORE -> answer.setOriginTimestamp(receive);
                case RECEIVE_OF_THE_ANSWER_BEFORE -> answer.setOriginTimestamp(before.receiveTimestamp());
                case WHOLE_ANSWER_BEFORE -> {
                    answer.setOriginTimestamp(before.originTimestamp());
                    answer.setReceiveTimestamp(before.receiveTimestamp());
                    answer.setTransmitTimestamp(before.transmitTimestamp());
                }
            }
            transmit = asked.transmitTimestamp();
            receive = asked.receiveTimestamp();
            byte[] sent = new byte[NtpPacket.HEADER_LENGTH];
            NtpPacket copy = new NtpPacket(ByteBuffer.wrap(sent), 0, sent.length);
            copy.setLeapVersionMode(answer.leapIndicator(), answer.version(), answer.mode());
            copy.setStratum(answer.stratum());
            copy.setReferenceId(answer.referenceId());
            copy.setOriginTimestamp(answer.originTimestamp());
            copy.setReceiveTimestamp(answer.receiveTimestamp());
            copy.setTransmitTimestamp(answer.transmitTimestamp());
            last = sent;
        }
    }

    /** It follows this machine: two boxes that watch each other never both follow the other. */
    @Test
    void anEqualThatFollowsThisMachineIsNotFollowed() {
        Server equal = network.add("10.0.0.1");
        equal.stratum = 2;
        equal.referenceId = 0x0a000063; // 10.0.0.99, which is here
        Sources sources = network.ask(asked(manner(true, false, false, NEVER)));
        network.runUntil(300);
        assertEquals(0, sources.at("10.0.0.1").orElseThrow().goodAnswers());
        assertEquals(null, network.agreed.lead());
    }

    @Test
    void aRequestGoesAheadWhereTheIntervalIsLong() {
        Server server = network.add("10.0.0.1");
        network.ask(asked(manner(false, false, false, 4)));
        network.runUntil(300);
        List<Long> after =
                server.askedAt.stream().filter(at -> at > 100 * SECOND).toList();
        assertTrue(after.size() > 20, after.toString());
        for (int i = 1; i < after.size(); i++) {
            long apart = after.get(i) - after.get(i - 1);
            assertTrue(apart == 2 * SECOND || (apart >= 16 * SECOND && apart < 17 * SECOND), "apart by " + apart);
        }
    }

    @Test
    void aCopiedServersStratumAndReferenceAreTakenOver() {
        Server server = network.add("10.0.0.1");
        server.stratum = 2;
        network.ask(asked(manner(false, false, true, NEVER)));
        network.runUntil(300);
        Lead lead = Objects.requireNonNull(network.agreed.lead());
        assertEquals(1, lead.stratum());
        assertEquals(server.referenceId, lead.referenceId());
    }

    /** The samples of five polls make one, and an outlier among them is never it. */
    @Test
    void aFilterUsesTheMiddleOfSeveralPolls() {
        network.add("10.0.0.1").behind(new Path(400_000, 0.5, 40_000, 0, 0));
        SourceOptions options = SourceOptions.DEFAULTS.withPolling(QUICK).withLimits(limits(0, 5, 0));
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", options));
        network.runUntil(16 * 60);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertEquals(association.goodAnswers() / 5.0, association.statistics().samples(), 1);

        MedianOfPolls median = new MedianOfPolls(3);
        long[] errors = {10, 9_000_000, -40};
        NtpSample used = null;
        for (int i = 0; i < errors.length; i++) {
            median.onPoll();
            used = median.add(new NtpSample(i * SECOND, 0, errors[i] + i * 1_000L, 100, 10, 100, 10), 1e-6);
        }
        assertEquals(10, Objects.requireNonNull(used).referenceMinusRawNanos());
    }

    /** Three of the five polls of the first sample were before it followed this machine, and may have been echoes. */
    @Test
    void aFilterForgetsWhatWasGatheredBeforeAServerFollowedThisMachine() {
        Server server = network.add("10.0.0.1").behind(STILL).wrongBy(100 * MILLI);
        int gps = server.referenceId;
        SourceOptions options = SourceOptions.DEFAULTS.withPolling(QUICK).withLimits(limits(0, 5, 0));
        Association association = null;
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", options));
        for (int second = 1; second < 16 * 20; second++) {
            network.runUntil(second);
            association = sources.at("10.0.0.1").orElseThrow();
            boolean follows =
                    association.goodAnswers() == 3 && association.counts().valid() < 4;
            server.stratum = follows ? 2 : 1;
            server.referenceId = follows ? 0x0a000063 : gps; // 10.0.0.99, which is here
            server.errorNanos = association.goodAnswers() < 3 ? 100 * MILLI : 0;
            if (association.lastSample() != null) {
                assertEquals(0, lastError(association), 20_000, "at " + second + " s");
            }
        }
        assertEquals(1, Objects.requireNonNull(association).counts().valid() - association.goodAnswers());
    }

    @Test
    void aQuantileUsesTheShortestRoundTrips() {
        network.add("10.0.0.1").behind(new Path(400_000, 0.5, 400_000, 0, 0));
        SourceOptions options = SourceOptions.DEFAULTS.withPolling(QUICK).withLimits(limits(0.3, 1, 0));
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", options));
        network.runUntil(16 * 300);
        Association association = sources.at("10.0.0.1").orElseThrow();
        double share = (double) association.goodAnswers() / association.counts().valid();
        assertEquals(0.3, share, 0.08);
    }

    /** Once 32 polls, as many as are remembered, were made on the longer way, its share is used again: here within 50. */
    @Test
    void aQuantileFollowsTheWayWhenThatGrowsLonger() {
        Server server = network.add("10.0.0.1").behind(new Path(400_000, 0.5, 400_000, 0, 0));
        SourceOptions options = SourceOptions.DEFAULTS.withPolling(QUICK).withLimits(limits(0.3, 1, 0));
        Sources sources = network.ask(SourceConfig.server("10.0.0.1", options));
        network.runUntil(16 * 300);
        Association association = sources.at("10.0.0.1").orElseThrow();
        server.behind(new Path(20 * MILLI, 0.5, 400_000, 0, 0));
        long good = association.goodAnswers();
        network.runUntil(16 * 310);
        assertTrue(association.goodAnswers() <= good + 1, "not while the old way is remembered");
        network.runUntil(16 * 350);
        assertTrue(association.goodAnswers() > good + 1, "accepted again");
        good = association.goodAnswers();
        long valid = association.counts().valid();
        network.runUntil(16 * 450);
        double share = (double) (association.goodAnswers() - good)
                / (association.counts().valid() - valid);
        assertEquals(0.3, share, 0.1);
    }

    @Test
    void aQuantileForgetsWithTheSamples() {
        DelayQuantile shortest = new DelayQuantile(0.1);
        for (int i = 0; i < 40; i++) {
            shortest.accepts(400_000);
        }
        assertFalse(shortest.accepts(800_000));
        shortest.forget();
        assertTrue(shortest.accepts(800_000));
    }

    /** All jitter is in requests, which makes the server seem ahead by half of it; said so, that is taken away. */
    @Test
    void anAsymmetryThatIsKnownIsTakenAway() {
        double[] errors = new double[2];
        for (int i = 0; i < 2; i++) {
            SourceStatistics statistics = new SourceStatistics(limits(0, 1, -0.5 * i), 100, new CrystalRate());
            for (int n = 0; n < 30; n++) {
                long excess = n * 7L % 13 * 10_000;
                statistics.add(
                        new NtpSample(16 * SECOND * n, 0, excess / 2, 400_000 + excess, 100, 400_000 + excess, 100));
            }
            errors[i] = Math.abs((double) statistics.referenceMinusRawNanos(29 * 16 * SECOND));
        }
        assertTrue(errors[0] > 5_000, "without: " + errors[0]);
        assertTrue(errors[1] < 100, "with: " + errors[1]);
    }

    @Test
    void addressesOfTheOtherFamilyAreNotAsked() {
        network.add("10.0.0.1");
        network.names.put(
                "time.example.net", List.of(SourceAddress.of(new byte[16], "::"), network.server("10.0.0.1").address));
        SourceOptions options = SourceOptions.DEFAULTS.withManner(
                new SourceOptions.Manner(false, false, false, NEVER, SourceOptions.Family.IPV4));
        Sources sources = network.ask(new SourceConfig("time.example.net", true, 4, options));
        network.runUntil(10);
        assertEquals(
                List.of("10.0.0.1"),
                sources.status(0).stream().map(SourceStatus::address).toList());
    }

    /** The last sample against the truth when it was taken. */
    private double lastError(Association association) {
        NtpSample sample = Objects.requireNonNull(association.lastSample());
        double truth = -sample.rawNanos() * network.crystalPpb * 1e-9 + SimulatedNetwork.EPOCH;
        return sample.referenceMinusRawNanos() - truth;
    }

    private static SourceConfig asked(SourceOptions.Manner manner) {
        return SourceConfig.server(
                "10.0.0.1", SourceOptions.DEFAULTS.withPolling(QUICK).withManner(manner));
    }

    private static SourceOptions.Manner manner(boolean peer, boolean interleaved, boolean copy, int presend) {
        return new SourceOptions.Manner(peer, interleaved, copy, presend, SourceOptions.Family.ANY);
    }

    private static SourceOptions.Limits limits(double quantile, int polls, double asymmetry) {
        return new SourceOptions.Limits(3_000 * MILLI, 0, 10, 6, 0, quantile, polls, asymmetry);
    }
}
