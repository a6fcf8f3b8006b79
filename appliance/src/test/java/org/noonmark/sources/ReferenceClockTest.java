package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.sources.SimulatedNetwork.MILLI;
import static org.noonmark.sources.SimulatedNetwork.SECOND;

import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        sources.onSurroundings(new ReferenceClock.Surroundings(true, 100 * MILLI, 0));
        run(200, () -> pulse(pulses, 0));
        assertEquals(0xff, pulses.reach());
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.lead()).offsetNanos(network.now()),
                2_000.0);
        sources.onSurroundings(new ReferenceClock.Surroundings(true, 450 * MILLI, 0));
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

    @Test
    void aClockOfTaiIsToldAsUtcOnceThatIsKnown() {
        ReferenceClockOptions tai = new ReferenceClockOptions(
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
        ReferenceClock clock = sources.add(tai);
        run(40, () -> tell(clock, 37 * SECOND));
        assertNull(network.agreed.testimony());
        assertTrue(clock.trouble().contains("leapsectz"), clock.trouble());
        sources.onSurroundings(new ReferenceClock.Surroundings(false, 0, 37));
        run(200, () -> tell(clock, 37 * SECOND));
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.testimony()).offsetNanos(),
                2_000.0);
    }

    /** A reading that was stamped before the clock was stepped says nothing after it. */
    @Test
    void aStepOfTheClockVoidsReadingsFromBefore() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(100, () -> tell(clock, 0));
        for (int i = 0; i < 100; i++) {
            long stamp = network.now().localNanos();
            long shown = network.trueNanos();
            network.step(i % 2 == 0 ? 5 * SECOND : -5 * SECOND);
            run(1, () -> sources.onReading(clock, new ClockReading(stamp, shown, false, 0)));
        }
        run(16, () -> tell(clock, 0));
        assertEquals(
                (double) network.trueOffsetNanos(),
                (double) Objects.requireNonNull(network.agreed.testimony()).offsetNanos(),
                2_000.0);
    }

    @Test
    void readingsThatAreOldOrComeAgainAreNotUsed() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        long left = network.now().localNanos() - 3_600 * SECOND;
        run(40, () -> sources.onReading(clock, new ClockReading(left, left + 5 * SECOND, false, 0)));
        assertEquals(0, clock.reach());
        long same = network.now().localNanos();
        run(40, () -> sources.onReading(clock, new ClockReading(same, network.trueNanos(), false, 0)));
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
                        clock, new ClockReading(network.now().localNanos(), network.trueNanos() - weeks, false, 0)));
        assertEquals(0, clock.statistics().samples());
        assertEquals("it says a date that was over when this version was made", clock.trouble());
    }

    @Test
    void aClockThatFallsSilentOrDoesNotKnowTheTimeLosesItsReach() {
        ReferenceClock clock = sources.add(options("SHM0", WHOLE));
        run(200, () -> tell(clock, 0));
        assertNotNull(network.agreed.testimony());
        run(160, () -> sources.onReading(clock, new ClockReading(network.now().localNanos(), 0, false, 3)));
        assertEquals(0, clock.reach());
        assertNull(network.agreed.testimony());
        SourceStatus status = sources.status(0).getFirst();
        assertEquals(Verdict.STALE, status.verdict());
        assertEquals("it says that it does not know the time", status.note());
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
                clock, new ClockReading(network.now().localNanos(), network.trueNanos() + errorNanos, false, 0));
    }

    /** The pulse of this second, or its other edge, as this machine's clock stamped it. */
    private void pulse(ReferenceClock clock, long lateNanos) {
        long sinceSecond = Math.floorMod(network.trueNanos(), SECOND);
        long agoNanos = Math.round((sinceSecond - lateNanos) * (1 + network.crystalPpb * 1e-9));
        sources.onReading(clock, ClockReading.pulse(network.now().localNanos() - agoNanos));
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
