package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.sources.SimulatedNetwork.MILLI;
import static org.noonmark.sources.SimulatedNetwork.SECOND;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.Witness.Testimony;

/** Clocks at the machine, read once a second in a simulated world: what becomes of their readings, beside servers and alone. */
class ReferenceClockTest {
    private static final ReferenceClockOptions.Pulses WHOLE = ReferenceClockOptions.Pulses.DEFAULTS;
    private static final ReferenceClockOptions.Pulses LOCKED =
            new ReferenceClockOptions.Pulses(false, Optional.of("NMEA"), 1, 2, 0);

    private final SimulatedNetwork network = new SimulatedNetwork(3);
    private final SplittableRandom chance = new SplittableRandom(4);
    private final Sources sources = network.ask();

    @Test
    void readingsMakeASampleAtEachPollAndTheTestimonyHoldsTheTruth() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(200, () -> tell(clock, noise(2 * MILLI)));
        assertEquals(0xff, clock.reach());
        assertTrue(clock.statistics().samples() >= 6, clock.statistics().samples() + " samples");
        Testimony testimony = Objects.requireNonNull(network.agreed.testimony());
        assertEquals((double) network.trueOffsetNanos(), (double) testimony.offsetNanos(), (double)
                testimony.errorBoundNanos());
        assertEquals("reference clock SHM0", testimony.name());
        assertFalse(testimony.weighty());
        Lead lead = Objects.requireNonNull(network.agreed.lead());
        assertEquals(0, lead.stratum());
        assertEquals(0x53484d30, lead.referenceId());
    }

    /** The middle of the readings counts, so that a few that are far off move nothing. */
    @Test
    void aFewReadingsThatAreFarOffMoveNothing() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(200, () -> tell(clock, chance.nextInt(8) == 0 ? 300 * MILLI : noise(1_000)));
        double off = clock.statistics().referenceMinusRawNanos(network.now().rawNanos())
                - (double) (network.trueNanos() - network.now().rawNanos());
        assertEquals(0, off, 5_000);
    }

    @Test
    void aClockThatContradictsTwoServersIsNamed() {
        network.add("10.0.0.1");
        network.add("10.0.0.2");
        for (String name : new String[] {"10.0.0.1", "10.0.0.2"}) {
            sources.add(SourceConfig.server(name, SourceOptions.DEFAULTS));
        }
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(1_200, () -> tell(clock, SECOND));
        SourceStatus first = sources.status(0).getFirst();
        assertEquals("SHM0", first.name());
        assertTrue(first.isClock());
        assertEquals(Verdict.FALSETICKER, first.verdict());
        assertEquals((double) SECOND, first.measuredNanos() - network.trueOffsetNanos(), 2.0 * MILLI);
    }

    /** Pulses are exact and nameless, the other clock is late and knows the second. */
    @ParameterizedTest
    @CsvSource({"0.1, true", "-0.3, true", "0.45, false"})
    void pulsesGetTheirSecondFromTheClockThatTheyAreLockedTo(double lateSeconds, boolean numbered) {
        ReferenceClock nmea = sources.add(watched("NMEA"));
        ReferenceClock pulses = sources.add(options("PPS0", LOCKED));
        run(200, () -> {
            tell(nmea, -Math.round(lateSeconds * SECOND) + noise(10 * MILLI));
            pulse(pulses, 0);
        });
        assertEquals(numbered, pulses.isSynchronised());
        assertEquals(numbered ? 0xff : 0, pulses.reach());
        if (numbered) {
            Lead lead = Objects.requireNonNull(network.agreed.lead());
            assertEquals("PPS0", lead.name());
            assertEquals((double) network.trueOffsetNanos(), (double) lead.offsetNanos(network.now()), 2_000.0);
        } else {
            assertTrue(pulses.trouble().contains("between two seconds"), pulses.trouble());
        }
    }

    @Test
    void pulsesWaitForReadingsThatAreNewEnough() {
        sources.add(watched("NMEA"));
        ReferenceClock pulses = sources.add(options("PPS0", LOCKED));
        run(40, () -> pulse(pulses, 0));
        assertFalse(pulses.isSynchronised());
        assertTrue(pulses.trouble().contains("NMEA"), pulses.trouble());
    }

    @Test
    void pulsesWithoutLockGetTheirSecondFromThisMachineOnceItIsSet() {
        ReferenceClock pulses = sources.add(options("PPS0", WHOLE));
        run(40, () -> pulse(pulses, 0));
        assertFalse(pulses.isSynchronised());
        network.step(network.trueOffsetNanos() + 50 * MILLI);
        sources.onSurroundings(surroundings(100 * MILLI, 0));
        run(200, () -> pulse(pulses, 0));
        assertEquals(0xff, pulses.reach());
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.lead()).offsetNanos(network.now()),
                2_000.0);
        sources.onSurroundings(surroundings(450 * MILLI, 0));
        run(20, () -> pulse(pulses, 0));
        assertTrue(pulses.trouble().contains("no second yet"), pulses.trouble());
    }

    /** Of a pulse of 0.2 s both edges are stamped. */
    @Test
    void theOtherEdgeOfAPulseIsLeftOut() {
        ReferenceClock nmea = sources.add(watched("NMEA"));
        ReferenceClock pulses = sources.add(
                options("PPS0", new ReferenceClockOptions.Pulses(false, Optional.of("NMEA"), 1, 2, 200 * MILLI)));
        run(200, () -> {
            tell(nmea, noise(10 * MILLI));
            pulse(pulses, 0);
            pulse(pulses, 200 * MILLI);
        });
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.lead()).offsetNanos(network.now()),
                2_000.0);
    }

    /** By the owner's list, by a receiver that is proven, or not at all. */
    @Test
    void aClockOfTaiIsToldAsUtcOnceThatIsKnown() {
        ReferenceClock clock = sources.add(keepingTai());
        run(40, () -> tell(clock, 37 * SECOND));
        assertNull(network.agreed.testimony());
        assertTrue(clock.trouble().contains("leapseclist"), clock.trouble());
        assertEquals(40, clock.unusedInARow());
        String note = sources.status(0).getFirst().note();
        assertTrue(note.endsWith("(40 readings were not used so far)"), note);
        sources.onSurroundings(new ReferenceClock.Surroundings(false, 0, 3, 0, list(NOW_SECONDS - 1)));
        run(40, () -> tell(clock, 37 * SECOND));
        assertTrue(clock.trouble().contains("update the list"), clock.trouble());
        sources.onSurroundings(new ReferenceClock.Surroundings(false, 0, 3, 0, list(NOW_SECONDS + 86_400)));
        run(200, () -> tell(clock, 37 * SECOND));
        assertUtc(clock);
    }

    @Test
    void aProvenReceiverTellsAClockOfTaiTheSecondsToo() {
        ReferenceClock clock = sources.add(keepingTai());
        sources.onSurroundings(new ReferenceClock.Surroundings(false, 0, 3, 37, list(NOW_SECONDS - 1)));
        run(200, () -> tell(clock, 37 * SECOND));
        assertUtc(clock);
    }

    /** The list says so, and the receiver has not heard of it. */
    @Test
    void aClockOfTaiGoesOverALeapSecond() {
        ReferenceClock clock = sources.add(keepingTai());
        long midnight = NOW_SECONDS + 300;
        List<LeapSecondsList.Change> changes =
                List.of(new LeapSecondsList.Change(1_483_228_800, 37), new LeapSecondsList.Change(midnight, 38));
        Optional<LeapSecondsList> list =
                Optional.of(new LeapSecondsList("list", 1_483_228_800, midnight + 86_400, changes));
        sources.onSurroundings(new ReferenceClock.Surroundings(false, 0, 3, 37, list));
        run(299, () -> tell(clock, 37 * SECOND));
        assertUtc(clock);
        network.step(-SECOND);
        sources.onStepped(ClockStep.of(-SECOND, network.now().rawNanos(), network.now()));
        sources.forget();
        // The simulated truth does not leap: a clock of TAI is 38 s ahead of one that has, and shows 37 s more than it.
        run(200, () -> tell(clock, 37 * SECOND));
        assertEquals(
                network.trueOffsetNanos() - (double) SECOND,
                (double) Objects.requireNonNull(network.agreed.testimony()).offsetNanos(),
                2_000.0);
    }

    private void assertUtc(ReferenceClock clock) {
        assertEquals("", clock.trouble());
        assertEquals(0, clock.unusedInARow());
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.testimony()).offsetNanos(),
                2_000.0);
    }

    private static final long NOW_SECONDS = SimulatedNetwork.EPOCH / SECOND;

    private static Optional<LeapSecondsList> list(long expires) {
        return Optional.of(new LeapSecondsList(
                "list", 1_483_228_800, expires, List.of(new LeapSecondsList.Change(1_483_228_800, 37))));
    }

    private static ReferenceClockOptions keepingTai() {
        return new ReferenceClockOptions(
                "PHC0",
                4,
                16,
                0,
                1,
                100,
                0,
                0,
                true,
                WHOLE,
                SourceOptions.DEFAULTS.limits(),
                SourceOptions.Choice.DEFAULTS);
    }

    private static ReferenceClock.Surroundings surroundings(long distanceNanos, int leapIndicator) {
        return new ReferenceClock.Surroundings(true, (double) distanceNanos, leapIndicator, 0, Optional.empty());
    }

    /** They repeat what this machine says. One server that anybody may speak for is not made two by them. */
    @ParameterizedTest
    @CsvSource({"true, 1", "false, 0"})
    void pulsesThatThisMachineNumbersHaveNoVoteOnLeapSeconds(boolean trusted, int expected) {
        network.add("10.0.0.1").leap = 1;
        sources.add(SourceConfig.server(
                "10.0.0.1", SourceOptions.DEFAULTS.withChoice(new SourceOptions.Choice(false, false, trusted, false))));
        ReferenceClock pulses = sources.add(options("PPS0", WHOLE));
        network.step(network.trueOffsetNanos());
        sources.onSurroundings(surroundings(10 * MILLI, expected));
        run(1_000, () -> pulse(pulses, 0));
        assertEquals(Verdict.BEST, sources.status(0).getFirst().verdict());
        assertEquals(expected, sources.status(0).getFirst().leapIndicator());
        Testimony testimony = Objects.requireNonNull(network.agreed.testimony());
        assertTrue(testimony.name().contains("10.0.0.1"), testimony.name());
        assertEquals(expected, testimony.leapDirection());
    }

    /** A second old at 20 ppm a reading would be 20 us off, and one more at the next, as segments are read at another pace than they are filled. */
    @Test
    void theAgeOfAReadingIsToldAtTheRateOfTheLocalClock() {
        network.crystalPpb = 0;
        network.localPpb = 20_000;
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(20, () -> tell(clock, 0));
        for (int i = 0; i < 200; i++) {
            long ageNanos = (long) (i * 37 % 100) * 10 * MILLI;
            run(1, () -> {
                long stamp = network.now().localNanos() - ageNanos - Math.round(ageNanos * 20e-6);
                sources.onReading(
                        clock, new ClockReading(stamp, network.trueNanos() - ageNanos, false, 0), network.now());
            });
        }
        assertEquals(0, clock.statistics().deviationNanos(), 100);
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.lead()).offsetNanos(network.now()),
                100.0);
    }

    /** As log files have it: the sample is of some seconds ago, when the local clock was less wrong. */
    @Test
    void theLastOffsetIsThatOfTheMomentOfTheSample() {
        network.crystalPpb = 0;
        network.localPpb = 20_000;
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(200, () -> tell(clock, 0));
        SourceStatus status = sources.status(20_000).getFirst();
        long sampled = status.trace().sampleLocalNanos();
        long agoNanos = network.now().localNanos() - sampled;
        assertTrue(agoNanos > 4 * SECOND && agoNanos < 24 * SECOND, agoNanos + " ns");
        assertEquals(network.trueOffsetNanos() + agoNanos * 20e-6, status.measuredNanos(), 100);
    }

    /** A reading that was stamped before the clock was stepped says nothing after it; and that it was is told a moment later. */
    @ParameterizedTest
    @CsvSource({"5000, false", "5000, true", "0.6, false", "0.6, true", "0.05, true", "-300, false", "-300, true"})
    void aStepOfTheClockVoidsReadingsFromBefore(double stepMillis, boolean toldLate) {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(100, () -> tell(clock, 0));
        for (int i = 0; i < 100; i++) {
            long stamp = network.now().localNanos();
            long shown = network.trueNanos();
            long before = network.now().rawNanos();
            long step = Math.round((i % 2 == 0 ? 1 : -1) * stepMillis * MILLI);
            network.step(step);
            Moment after = network.now();
            Runnable told = () -> sources.onStepped(ClockStep.of(step, before, after));
            Runnable reading = () -> sources.onReading(clock, new ClockReading(stamp, shown, false, 0), network.now());
            run(1, () -> {
                (toldLate ? reading : told).run();
                (toldLate ? told : reading).run();
            });
        }
        run(32, () -> tell(clock, 0));
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.testimony()).offsetNanos(),
                2_000.0);
        assertEquals(0, clock.statistics().deviationNanos(), 1_000);
    }

    /** The wrong second is the wrong second of this machine. */
    @Test
    void pulsesThatThisMachineHasNumberedAreForgottenWhenItIsStepped() {
        ReferenceClock pulses = sources.add(options("PPS0", WHOLE));
        network.step(network.trueOffsetNanos() - 3 * SECOND);
        sources.onSurroundings(surroundings(10 * MILLI, 0));
        run(200, () -> pulse(pulses, 0));
        assertEquals(
                -3e9,
                Objects.requireNonNull(network.agreed.lead()).offsetNanos(network.now())
                        - (double) network.trueOffsetNanos(),
                1e6);
        network.step(3 * SECOND);
        sources.onStepped(ClockStep.of(3 * SECOND, network.now().rawNanos(), network.now()));
        run(100, () -> pulse(pulses, 0));
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.lead()).offsetNanos(network.now()),
                2_000.0);
    }

    @Test
    void whatIsKnownOfTheCrystalIsNotGivenUpForACoarseClock() {
        CrystalRate rate = new CrystalRate();
        rate.onClocks(7e-6, 20e-6, SECOND);
        assertEquals(7e-6, rate.share(), "better than nothing");
        rate.onAgreed(10e-6, 0.1e-6, 2 * SECOND);
        rate.onClocks(19e-6, 9e-6, 600 * SECOND);
        assertEquals(10e-6, rate.share());
        rate.onClocks(11e-6, 0.5e-6, 600 * SECOND);
        assertEquals(11e-6, rate.share(), "a good one is as good as servers");
        rate.onClocks(19e-6, 9e-6, 10 * 3_600 * SECOND);
        assertEquals(19e-6, rate.share(), "by now a crystal may be anywhere");
    }

    @Test
    void readingsThatAreOldOrComeAgainAreNotUsed() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        long left = network.now().localNanos() - 3_600 * SECOND;
        run(40, () -> sources.onReading(clock, new ClockReading(left, left + 5 * SECOND, false, 0), network.now()));
        assertEquals(0, clock.reach());
        long same = network.now().localNanos();
        run(40, () -> sources.onReading(clock, new ClockReading(same, network.trueNanos(), false, 0), network.now()));
        assertEquals(0, clock.statistics().samples());
    }

    /** As a receiver says it whose count of weeks has run over. */
    @Test
    void aDateThatIsOverIsNotUsed() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        long weeks = 1_024L * 7 * 86_400 * SECOND;
        run(
                200,
                () -> sources.onReading(
                        clock,
                        new ClockReading(network.now().localNanos(), network.trueNanos() - weeks, false, 0),
                        network.now()));
        assertEquals(0, clock.statistics().samples());
        assertEquals("it says a date that was over when this version was made", clock.trouble());
    }

    @Test
    void aClockThatFallsSilentOrDoesNotKnowTheTimeLosesItsReach() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(200, () -> tell(clock, 0));
        assertNotNull(network.agreed.testimony());
        run(
                160,
                () -> sources.onReading(
                        clock, new ClockReading(network.now().localNanos(), 0, false, 3), network.now()));
        assertEquals(0, clock.reach());
        assertNull(network.agreed.testimony());
        SourceStatus status = sources.status(0).getFirst();
        assertEquals(Verdict.STALE, status.verdict());
        assertEquals("it says that it does not know the time (160 readings were not used so far)", status.note());
    }

    private static ReferenceClockOptions options(String name, ReferenceClockOptions.Pulses pulses) {
        return options(name, pulses, SourceOptions.Choice.DEFAULTS);
    }

    private static ReferenceClockOptions watched(String name) {
        return options(name, WHOLE, new SourceOptions.Choice(false, true, false, false));
    }

    private static ReferenceClockOptions options(
            String name, ReferenceClockOptions.Pulses pulses, SourceOptions.Choice choice) {
        return new ReferenceClockOptions(
                name, 4, 64, 0, 1, 100, 0, 0, false, pulses, SourceOptions.DEFAULTS.limits(), choice);
    }

    private long noise(long nanos) {
        return chance.nextLong(-nanos, nanos + 1);
    }

    private void tell(ReferenceClock clock, long errorNanos) {
        sources.onReading(
                clock,
                new ClockReading(network.now().localNanos(), network.trueNanos() + errorNanos, false, 0),
                network.now());
    }

    /** The pulse of this second, or its other edge, as this machine's clock stamped it. */
    private void pulse(ReferenceClock clock, long lateNanos) {
        long sinceSecond = Math.floorMod(network.trueNanos(), SECOND);
        long agoNanos = Math.round((sinceSecond - lateNanos) * (1 + network.crystalPpb * 1e-9));
        sources.onReading(clock, ClockReading.pulse(network.now().localNanos() - agoNanos), network.now());
    }

    private long seconds;

    private void run(int forSeconds, Runnable eachSecond) {
        for (int i = 0; i < forSeconds; i++) {
            seconds++;
            network.runUntil(seconds);
            eachSecond.run();
        }
    }
}
