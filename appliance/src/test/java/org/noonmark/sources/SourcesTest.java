package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.sources.SimulatedNetwork.MILLI;
import static org.noonmark.sources.SimulatedNetwork.SECOND;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.Witness.Testimony;
import org.noonmark.nts.Aead;
import org.noonmark.sources.SimulatedNetwork.Path;
import org.noonmark.sources.SimulatedNetwork.Server;

/** Servers over a simulated network: who is believed, what is testified, and how often they are asked. */
class SourcesTest {
    private static final SourceOptions.Polling IBURST = new SourceOptions.Polling(6, 10, 8, true, false, false, false);
    private static final SourceOptions QUICK = SourceOptions.DEFAULTS.withPolling(IBURST);

    private final SimulatedNetwork network = new SimulatedNetwork(7);

    @Test
    void threeServersAgreeAndTheTestimonyHoldsTheTruth() {
        network.add("10.0.0.1");
        network.add("10.0.0.2").behind(Path.INTERNET);
        network.add("10.0.0.3").behind(Path.INTERNET);
        Sources sources = network.ask(server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3"));
        network.runUntil(120);
        assertTestimonyHoldsTheTruth();
        assertEquals(Map.of("10.0.0.1", '*', "10.0.0.2", '+', "10.0.0.3", '+'), letters(sources));
        assertEquals("", sources.disagreement());
    }

    @Test
    void aLyingServerIsNamedAndHasNoVote() {
        network.add("10.0.0.1");
        network.add("10.0.0.2");
        network.add("10.0.0.3").wrongBy(SECOND);
        Sources sources = network.ask(server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3"));
        network.runUntil(300);
        assertEquals('x', letters(sources).get("10.0.0.3"));
        assertTestimonyHoldsTheTruth();
    }

    @Test
    void twoThatContradictEachOtherSayNothingTogether() {
        network.add("10.0.0.1");
        network.add("10.0.0.2").wrongBy(SECOND);
        Sources sources = network.ask(server("10.0.0.1"), server("10.0.0.2"));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
        assertEquals("no majority: only 1 of 2 sources agree", sources.disagreement());
        assertEquals(Map.of("10.0.0.1", 'x', "10.0.0.2", 'x'), letters(sources));
    }

    @Test
    void aMajorityOfLiarsOutvotesTheRestUnlessThatIsTrusted() {
        network.add("10.0.0.1");
        network.add("10.0.0.2").wrongBy(SECOND);
        network.add("10.0.0.3").wrongBy(SECOND);
        network.ask(server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3"));
        network.runUntil(300);
        assertEquals((double) SECOND, (double) (testimony().offsetNanos() - network.trueOffsetNanos()), 2.0 * MILLI);

        SimulatedNetwork second = new SimulatedNetwork(8);
        second.add("10.0.0.1");
        second.add("10.0.0.2").wrongBy(SECOND);
        second.add("10.0.0.3").wrongBy(SECOND);
        Sources trusting = second.ask(
                SourceConfig.server("10.0.0.1", QUICK.withChoice(new SourceOptions.Choice(false, false, true, false))),
                server("10.0.0.2"),
                server("10.0.0.3"));
        second.runUntil(300);
        assertEquals(Map.of("10.0.0.1", '*', "10.0.0.2", 'x', "10.0.0.3", 'x'), letters(trusting));
    }

    @Test
    void nothingIsAgreedWithoutARequiredServerOrWithTooFew() {
        network.add("10.0.0.1");
        network.add("10.0.0.2").silent = true;
        Sources sources = network.ask(
                server("10.0.0.1"),
                SourceConfig.server("10.0.0.2", QUICK.withChoice(new SourceOptions.Choice(false, false, false, true))));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
        assertEquals("no source that is required agrees", sources.disagreement());

        SimulatedNetwork few = new SimulatedNetwork(9);
        few.add("10.0.0.1");
        SelectionRules two =
                new SelectionRules(3 * SECOND, SECOND, 2, MILLI, 100_000, 3, SelectionRules.Authenticated.MIX, 0);
        Sources waiting = few.ask(two, List.of(), server("10.0.0.1"));
        few.runUntil(300);
        assertNull(few.agreed.testimony());
        assertEquals("1 of the 2 sources that must agree (minsources)", waiting.disagreement());
    }

    /** Two that anybody may speak for are a second off; one has shown who it is. */
    @ParameterizedTest
    @CsvSource({"MIX, *xx", "PREFER, *??", "REQUIRE, *??", "IGNORE, x++"})
    void oneThatShowsWhoItIsOutvotesOthersAsTheModeSays(SelectionRules.Authenticated mode, String expected) {
        NtsAnswers nts = new NtsAnswers();
        network.add("10.0.0.1").nts = nts;
        network.add("10.0.0.2").wrongBy(SECOND);
        network.add("10.0.0.3").wrongBy(SECOND);
        Sources sources = network.ask(
                new SelectionRules(3 * SECOND, SECOND, 1, MILLI, 100_000, 3, mode, 0),
                List.of(),
                SourceConfig.server("10.0.0.1", QUICK.withNts(new SourceOptions.Nts(4_460, 0, 86_400L * SECOND))),
                server("10.0.0.2"),
                server("10.0.0.3"));
        network.runUntil(5);
        sources.onKeys(network.establishments.getFirst(), nts.establish(Aead.AES_SIV_CMAC_256));
        network.runUntil(300);
        StringBuilder found = new StringBuilder();
        sources.status(0).forEach(source -> found.append(source.verdict().sourceLetter()));
        assertEquals(expected, found.toString().replace("+*", "++").replace("*+", "++"));
    }

    @Test
    void aServerThatIsOnlyWatchedHasNoVote() {
        network.add("10.0.0.1").wrongBy(SECOND);
        Sources sources = network.ask(
                SourceConfig.server("10.0.0.1", QUICK.withChoice(new SourceOptions.Choice(false, true, false, false))));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
        assertEquals('?', letters(sources).get("10.0.0.1"));
    }

    @Test
    void theTestimonyMovesWithTheClock() {
        network.add("10.0.0.1").behind(Path.INTERNET);
        network.ask(server("10.0.0.1"));
        network.runUntil(120);
        network.step(3 * SECOND);
        assertTestimonyHoldsTheTruth();
        network.runUntil(1_000);
        assertTestimonyHoldsTheTruth();
    }

    /** A step while an answer is awaited: stamps on both sides of it measure nothing. */
    @Test
    void anExchangeThatStraddlesAStepIsNotUsed() {
        network.add("10.0.0.1").behind(new Path(2 * SECOND, 0.5, 0, 0, 0));
        Sources sources = network.ask(server("10.0.0.1"));
        network.runUntil(1);
        network.step(SECOND);
        network.runUntil(3);
        Association association = sources.at("10.0.0.1").orElseThrow();
        assertEquals(1, association.counts().valid());
        assertEquals(0, association.goodAnswers());
    }

    @Test
    void aServerThatFollowsThisMachineIsNoWitness() {
        Server echo = network.add("10.0.0.1");
        echo.stratum = 2;
        echo.referenceId = SourceAddress.referenceIdOf(new byte[] {10, 0, 0, 99});
        Sources sources = network.ask(server("10.0.0.1"));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
        assertEquals(
                "it gets its time from this machine",
                sources.status(0).getFirst().note());
    }

    /** By another address than that of the socket: it has two interfaces. */
    @Test
    void aServerThatFollowsAnotherAddressOfThisMachineIsNoWitness() {
        Server echo = network.add("10.0.0.1");
        echo.stratum = 2;
        echo.referenceId = SourceAddress.referenceIdOf(new byte[] {(byte) 192, (byte) 168, 0, 99});
        network.ownReferenceIds = Set.of(echo.referenceId);
        network.ask(server("10.0.0.1"));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
    }

    /** Both would else follow each other, each by another address. */
    @Test
    void anOrphanIsFollowedOnlyWhenItsReferenceIdIsLessThanAllOfThisMachine() {
        network.add("10.0.0.1").stratum = 10;
        network.ownReferenceIds = Set.of(SourceAddress.referenceIdOf(new byte[] {10, 0, 0, 0}));
        network.ask(
                new SelectionRules(3 * SECOND, SECOND, 1, MILLI, 100_000, 3, SelectionRules.Authenticated.MIX, 10),
                List.of(),
                server("10.0.0.1"));
        network.runUntil(300);
        assertNull(network.agreed.lead());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RATE", "DENY", "RSTR"})
    void aRefusalIsObeyed(String code) {
        Server server = network.add("10.0.0.1");
        server.kiss = code;
        Sources sources = network.ask(server("10.0.0.1"));
        network.runUntil(640);
        // The first request of the burst ends it; then one in five intervals of 64 s and longer.
        assertTrue(server.asked <= 3, "asked " + server.asked + " times");
        assertTrue(sources.status(0).getFirst().note().contains(code));
    }

    /** Never more than iburst's eight requests and one in each shortest interval, as chrony; fewer when nobody answers. */
    @ParameterizedTest
    @CsvSource({"false, 6", "true, 6", "false, 4", "true, 4"})
    void asksNoMoreThanItsConfigurationAllows(boolean silent, int minPoll) {
        Server server = network.add("10.0.0.1");
        server.silent = silent;
        network.ask(SourceConfig.server(
                "10.0.0.1",
                SourceOptions.DEFAULTS.withPolling(
                        new SourceOptions.Polling(minPoll, 10, 8, true, false, false, false))));
        network.runUntil(86_400);
        assertTrue(server.asked <= 8 + 86_400 / (1 << minPoll), "asked " + server.asked + " times");
        List<Long> at = server.askedAt;
        for (int i = 9; i < at.size(); i++) {
            assertTrue(at.get(i) - at.get(i - 1) >= (1L << minPoll) * SECOND, "request " + i);
        }
        if (silent) {
            // Backed off: the interval is the longest within the first hour.
            assertTrue(at.getLast() - at.get(at.size() - 2) >= 1_024 * SECOND);
            assertTrue(server.asked < 8 + 86_400 / 1_024 + 40, "asked " + server.asked + " times");
        }
    }

    /** Its best sample agrees with the others, and the line through all of them goes elsewhere. */
    @Test
    void aSourceWhoseSamplesAreScatteredIsNoPartOfTheTime() {
        SimulatedNetwork network = new SimulatedNetwork(12);
        for (int i = 1; i <= 3; i++) {
            network.add("10.0.0." + i);
        }
        network.ask(
                SourceConfig.server("10.0.0.1", SourceOptions.DEFAULTS),
                SourceConfig.server("10.0.0.2", SourceOptions.DEFAULTS),
                SourceConfig.server("10.0.0.3", SourceOptions.DEFAULTS));
        SplittableRandom chance = new SplittableRandom(13);
        for (int second = 60; second < 20_000; second += 60) {
            network.server("10.0.0.1").errorNanos = chance.nextLong(-40_000_000, 40_000_000);
            network.runUntil(second);
            Lead lead = network.agreed.lead();
            if (second > 1_000 && lead != null) {
                double off = (double) lead.offsetNanos(network.now()) - network.trueOffsetNanos();
                assertTrue(Math.abs(off) < 1_000_000, "off by " + off + " ns after " + second + " s");
            }
        }
        assertNotNull(network.agreed.lead());
    }

    @Test
    void aDeadServerOfAPoolIsReplacedByAnother() {
        network.add("10.0.0.1");
        network.add("10.0.0.2").silent = true;
        network.add("10.0.0.3");
        network.names.put("pool.example", List.of(address("10.0.0.1"), address("10.0.0.2"), address("10.0.0.3")));
        Sources sources = network.ask(new SourceConfig("pool.example", true, 2, QUICK));
        network.runUntil(60);
        assertEquals(List.of("10.0.0.1", "10.0.0.2"), addresses(sources));
        network.runUntil(3 * 3_600);
        assertEquals(List.of("10.0.0.1", "10.0.0.3"), addresses(sources));
    }

    /** As where a name has an address of a kind that this network does not have. */
    @Test
    void anAddressWithoutAWayMakesRoomAtOnceForAnotherOfItsName() {
        network.add("10.0.0.1").unreachable = true;
        network.add("10.0.0.2").unreachable = true;
        network.add("10.0.0.3");
        network.names.put("dual.example", List.of(address("10.0.0.1"), address("10.0.0.2"), address("10.0.0.3")));
        Sources sources = network.ask(server("dual.example"));
        network.runUntil(30);
        assertEquals(List.of("10.0.0.3"), addresses(sources));
        assertTestimonyHoldsTheTruth();
    }

    @Test
    void anAddressThatNeverAnswersMakesRoomWithinItsFirstRequests() {
        network.add("10.0.0.1").silent = true;
        network.add("10.0.0.3");
        network.names.put("dual.example", List.of(address("10.0.0.1"), address("10.0.0.3")));
        Sources sources = network.ask(server("dual.example"));
        network.runUntil(900);
        assertEquals(List.of("10.0.0.3"), addresses(sources));
    }

    @Test
    void aNameWhoseAddressesAreAllAskedElsewhereIsLookedUpLessAndLess() {
        network.add("10.0.0.1");
        network.names.put("same.example", List.of(address("10.0.0.1")));
        network.ask(server("10.0.0.1"), server("same.example"));
        network.runUntil(3_600);
        long asked = network.lookUps.stream().filter("same.example"::equals).count();
        assertTrue(asked < 12, "looked up " + asked + " times");
    }

    @Test
    void oneServerWeighsOnlyWhenItShowsWhoItIsOrIsTrusted() {
        network.add("10.0.0.1");
        network.ask(server("10.0.0.1"));
        network.runUntil(120);
        assertFalse(testimony().weighty());
        SimulatedNetwork trusted = new SimulatedNetwork(5);
        trusted.add("10.0.0.1");
        trusted.ask(
                SourceConfig.server("10.0.0.1", QUICK.withChoice(new SourceOptions.Choice(false, false, true, false))));
        trusted.runUntil(120);
        assertTrue(Objects.requireNonNull(trusted.agreed.testimony()).weighty());
        SimulatedNetwork two = new SimulatedNetwork(6);
        two.add("10.0.0.1");
        two.add("10.0.0.2");
        two.ask(server("10.0.0.1"), server("10.0.0.2"));
        two.runUntil(120);
        assertTrue(Objects.requireNonNull(two.agreed.testimony()).weighty());
    }

    /** Half a day before a leap second: three that smear it in three ways would outvote the two that do not. */
    @Test
    void serversThatSmearALeapSecondHaveNoVoteAroundIt() {
        network.add("10.0.0.1").leap = 1;
        network.add("10.0.0.2").leap = 1;
        network.add("10.0.0.3").referenceId = 0x474f_4f47;
        network.add("10.0.0.4").driftPpb = -11_574;
        network.server("10.0.0.4").leap = 1;
        network.add("10.0.0.5");
        Sources sources = network.ask(
                server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3"), server("10.0.0.4"), server("10.0.0.5"));
        // The local clock is as fast as the raw one here, and the crystal's error is the servers' rate.
        sources.onClock(-network.crystalPpb, true, (SimulatedNetwork.EPOCH + 40_000 * SECOND) / SECOND);
        network.runUntil(4_000);
        assertEquals(
                Set.of("10.0.0.3", "10.0.0.4", "10.0.0.5"),
                sources.status(0).stream()
                        .filter(source -> source.verdict() == Verdict.SMEARS)
                        .map(SourceStatus::address)
                        .collect(Collectors.toSet()));
        assertTrue(sources.status(0).get(2).note().contains("smears"));
        assertTestimonyHoldsTheTruth();
        // A day after it they are heard again.
        network.server("10.0.0.4").driftPpb = 0;
        network.runUntil(40_000 + 90_000);
        assertTrue(sources.status(0).stream().noneMatch(source -> source.verdict() == Verdict.SMEARS));
    }

    /** ntpd's 254.x.y.z near a leap second; at other times one in 256 of the hashes of IPv6 addresses begins so. */
    @ParameterizedTest
    @CsvSource({"fe001234, true, x", "fe001234, false, *", "7f7f01ff, false, x"})
    void aServerThatAnnouncesItsSmearHasNoVote(String referenceId, boolean leapIsNear, char expected) {
        Server smearing = network.add("10.0.0.1");
        smearing.stratum = 2;
        smearing.referenceId = Integer.parseUnsignedInt(referenceId, 16);
        Sources sources = network.ask(server("10.0.0.1"));
        if (leapIsNear) {
            sources.onClock(0, false, SimulatedNetwork.EPOCH / SECOND + 3_600);
        }
        network.runUntil(300);
        assertEquals(expected, letters(sources).get("10.0.0.1"));
    }

    @Test
    void aNameWithoutAddressIsLookedUpAgainAndSlowsNothingDown() {
        network.add("10.0.0.1");
        Sources sources = network.ask(server("nowhere.example"), server("10.0.0.1"));
        network.runUntil(3_600);
        long asked = network.lookUps.stream().filter("nowhere.example"::equals).count();
        assertTrue(asked >= 3 && asked < 15, "looked up " + asked + " times");
        assertTestimonyHoldsTheTruth();
        network.names.put("nowhere.example", List.of(network.add("10.0.0.9").address));
        sources.refresh();
        network.runUntil(3_700);
        assertEquals(List.of("10.0.0.9", "10.0.0.1"), addresses(sources));
    }

    @Test
    void sourcesComeAndGoWhileItRuns() {
        network.add("10.0.0.1");
        network.add("10.0.0.2");
        Sources sources = network.ask(server("10.0.0.1"));
        network.runUntil(60);
        assertTrue(sources.add(server("10.0.0.2")));
        network.runUntil(120);
        assertEquals(List.of("10.0.0.1", "10.0.0.2"), addresses(sources));
        assertTrue(sources.delete("10.0.0.1"));
        assertEquals(List.of("10.0.0.2"), addresses(sources));
        assertEquals(1, sources.goOffline(a -> true, true));
        int asked = network.server("10.0.0.2").asked;
        network.runUntil(4_000);
        assertEquals(asked, network.server("10.0.0.2").asked);
        assertEquals(1, sources.goOnline(a -> true, true));
        network.runUntil(4_100);
        assertTrue(network.server("10.0.0.2").asked > asked);
    }

    /** A line of a file that is taken away may have had a server that other lines name by its address. */
    @Test
    void aLineThatGoesTakesNoOtherAlong() {
        network.add("10.0.0.1");
        SourceConfig owners = server("10.0.0.1");
        Sources sources = network.ask(owners);
        network.runUntil(60);
        SourceConfig files = server("10.0.0.1.example");
        assertTrue(sources.add(files));
        sources.remove(server("10.0.0.1"));
        sources.remove(files);
        assertEquals(List.of("10.0.0.1"), addresses(sources));
        sources.remove(owners);
        assertEquals(List.of(), addresses(sources));
    }

    /** Who keeps the name of the one from being found would else speak for all. */
    @ParameterizedTest
    @CsvSource({"MIX", "PREFER", "REQUIRE"})
    void oneThatShowsWhoItIsCountsBeforeItsNameWasFound(SelectionRules.Authenticated mode) {
        network.add("10.0.0.2").wrongBy(SECOND);
        network.ask(
                new SelectionRules(3 * SECOND, SECOND, 1, MILLI, 100_000, 3, mode, 0),
                List.of(),
                SourceConfig.server("nts.example", QUICK.withNts(new SourceOptions.Nts(4_460, 0, 86_400L * SECOND))),
                server("10.0.0.2"));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
        assertNull(network.agreed.lead());
    }

    @Test
    void oneThatIsRequiredCountsBeforeItsNameWasFound() {
        network.add("10.0.0.2");
        Sources sources = network.ask(
                SourceConfig.server(
                        "nowhere.example", QUICK.withChoice(new SourceOptions.Choice(false, false, false, true))),
                server("10.0.0.2"));
        network.runUntil(300);
        assertNull(network.agreed.testimony());
        assertEquals("no source that is required agrees", sources.disagreement());
    }

    @Test
    void oneThatShowsWhoItIsTakesTheAddressOfAPlainLine() {
        network.add("10.0.0.1");
        Sources sources = network.ask(
                server("10.0.0.1"),
                SourceConfig.server("nts.example", QUICK.withNts(new SourceOptions.Nts(4_460, 0, 86_400L * SECOND))));
        network.runUntil(20);
        network.names.put("nts.example", List.of(address("10.0.0.1")));
        network.runUntil(300);
        assertEquals(List.of("10.0.0.1"), addresses(sources));
        assertTrue(sources.at("10.0.0.1").orElseThrow().options().isAuthenticated());
    }

    @Test
    void aServerWhoseTimeWasOverWhenThisWasMadeIsNotUsed() {
        network.add("10.0.0.1").wrongBy(-2 * 86_400 * SECOND);
        Sources sources = network.ask(server("10.0.0.1"));
        network.runUntil(300);
        assertNull(network.agreed.lead());
        assertEquals(0, sources.at("10.0.0.1").orElseThrow().goodAnswers());
    }

    /** Ten networks from a quiet LAN to one that loses every third packet: what is testified always bounds the truth. */
    @ParameterizedTest
    @CsvSource({
        "1, 400000, 0.5, 50000, 0, 0",
        "2, 30000000, 0.5, 3000000, 0.02, 0.01",
        "3, 30000000, 0.9, 3000000, 0.02, 0.01",
        "4, 30000000, 0.1, 3000000, 0.02, 0.01",
        "5, 200000000, 0.5, 80000000, 0.1, 0.1",
        "6, 600000000, 0.7, 200000000, 0.1, 0.2",
        "7, 5000000, 0.5, 40000000, 0.33, 0.5",
        "8, 1000000, 1.0, 1000000, 0, 0",
        "9, 1000000, 0.0, 20000000, 0.2, 0.2",
        "10, 100000, 0.5, 0, 0, 1",
    })
    void theTruthIsWithinTheTestimonyInEveryNetwork(
            long seed, long delay, double asymmetry, long jitter, double loss, double duplicates) {
        SimulatedNetwork rough = new SimulatedNetwork(seed);
        rough.crystalPpb = 30_000 - 6_000.0 * seed;
        for (int i = 1; i <= 3; i++) {
            rough.add("10.0.0." + i).behind(new Path(delay, asymmetry, jitter, loss, duplicates));
        }
        rough.ask(server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3"));
        int heard = 0;
        for (long second = 60; second < 40_000; second += 97) {
            rough.runUntil(second);
            Testimony word = rough.agreed.testimony();
            if (word != null) {
                heard++;
                double error = Math.abs((double) word.offsetNanos() - rough.trueOffsetNanos());
                assertTrue(error <= word.errorBoundNanos(), second + " s: off by " + error + " ns, " + word);
            }
        }
        assertTrue(heard > 380, "heard " + heard + " times");
    }

    /** While it still seems to agree, and after that when it is named. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 100, 1_000})
    void aServerThatIsDraggedAwayNeverDrawsTheAgreementAlong(double driftPpb) {
        network.add("10.0.0.1").driftPpb = driftPpb;
        network.add("10.0.0.2");
        network.add("10.0.0.3");
        network.ask(server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3"));
        for (long second = 200; second < 200_000; second += 1_009) {
            network.runUntil(second);
            assertTestimonyHoldsTheTruth();
        }
    }

    private void assertTestimonyHoldsTheTruth() {
        Testimony word = testimony();
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) word.offsetNanos(),
                (double) word.errorBoundNanos(),
                word.toString());
    }

    private Testimony testimony() {
        @Nullable Testimony word = network.agreed.testimony();
        assertNotNull(word);
        return word;
    }

    private SourceAddress address(String text) {
        return network.server(text).address;
    }

    private static SourceConfig server(String name) {
        return SourceConfig.server(name, QUICK);
    }

    private static List<String> addresses(Sources sources) {
        return sources.status(0).stream()
                .map(SourceStatus::address)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static Map<String, Character> letters(Sources sources) {
        return sources.status(0).stream()
                .collect(Collectors.toMap(
                        SourceStatus::address, source -> source.verdict().sourceLetter()));
    }
}
