package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.SECOND;
import static org.noonmark.discipline.SimulatedDay.SHARP;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.SimulatedDay.Spoken;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.TimeLabel.Trust;
import org.noonmark.pps.PpsEdge;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.Oscillator.Wander;
import org.noonmark.sim.PulseModel.Noise;
import org.noonmark.time.Slew;

/** Scenarios named by their physics; every one checks the invariants of {@link SimulatedDay} at every event. */
class TimingCoreTest {
    /** 2026-07-01 00:00:00. */
    private static final long MONTHS_END = 1_782_864_000L;

    private static final Wander STRONG = new Wander(-23_000, 2, 0.1, 0, 5_400);

    /** The bound without the allowance for an unknown constant delay, which the simulation does not have. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void coldStart100msOff(long seed) {
        SimulatedDay day = SimulatedDay.of(100_000_000, Wander.QUIET, Noise.BUSY, SHARP, seed)
                .countFrom(60)
                .run(0, 600);
        report("coldStart100msOff", seed, day);
        assertTrue(day.firstServedSecond <= 6, () -> "served first at " + day.firstServedSecond + " s");
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), day.history);
        assertEquals(1, day.steps.size());
        assertTrue(day.rmsNanos() < 300, () -> "rms " + day.rmsNanos());
        day.assertHonest("coldStart100msOff");
    }

    @ParameterizedTest
    @CsvSource({
        "1780000000, -1780000000", // the clock says 1970
        "1780000000, 315360000", // ten years ahead
        "2085978496, -900000000", // across the NTP era of 2036
        "2147483640, 5", // across 2^31 in 2038
        "4294967290, -4200000000", // 2106
        "915148800, 37", // 1999
    })
    void largeInitialOffset(long startSecond, long errorSeconds) {
        SimulatedDay day = new SimulatedDay(
                        startSecond, errorSeconds * SECOND, Oscillator.wandering(Wander.QUIET, 1), Noise.BUSY, SHARP, 1)
                .countFrom(60)
                .run(0, 300);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.rmsNanos() < 400, () -> "rms " + day.rmsNanos());
        day.assertHonest("largeInitialOffset");
    }

    @Test
    void quiet() {
        assertSteady("quiet", Wander.QUIET, Noise.QUIET, 60);
    }

    @Test
    void irqTails() {
        assertSteady("irqTails", Wander.QUIET, Noise.BUSY, 150);
    }

    @Test
    void randomWalkStrong() {
        assertSteady("randomWalkStrong", STRONG, Noise.BUSY, 400);
    }

    @Test
    void temperatureWander() {
        assertSteady("temperatureWander", Wander.QUIET.withTemperature(300, 5_400), Noise.BUSY, 250);
    }

    /** A fan or a load changes the crystal's rate by 0.7 ppm within a minute; every edge then looks late for a while. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void fastTemperatureSteps(long seed) {
        Oscillator quiet = Oscillator.wandering(Wander.QUIET, seed);
        double[] heat = new double[1];
        Oscillator crystal = second -> {
            double target = second / 1_200 % 2 == 1 ? 700 : 0;
            heat[0] += (target - heat[0]) / 45;
            return quiet.frequencyPpb(second) + heat[0];
        };
        SimulatedDay day = new SimulatedDay(START, 0, crystal, Noise.BUSY, SHARP, seed)
                .countFrom(600)
                .run(0, 14_400);
        report("fastTemperatureSteps", seed, day);
        assertTrue(day.rmsNanos() < 700, () -> "rms " + day.rmsNanos());
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), day.history);
        day.assertHonest("fastTemperatureSteps");
    }

    @Test
    void missingPulses() {
        SimulatedDay day = assertSteady("missingPulses", Wander.QUIET, Noise.BUSY.withFaults(0.2, 0), 200);
        assertTrue(day.core.status().edgesUsed() < 6_200);
    }

    @Test
    void falseEdges() {
        SimulatedDay day = assertSteady("falseEdges", Wander.QUIET, Noise.BUSY.withFaults(0.02, 0.02), 200);
        assertTrue(day.core.status().edgesRejected() > 50);
    }

    /** A stray edge at the very start, or a late stamp, must not spoil the first fit. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void roughStart(long seed) {
        SimulatedDay day = SimulatedDay.of(
                        -3 * SECOND, STRONG, new Noise(0, 1_000, 0.2, 3_000, 0.05, 30_000, 0.1, 0.1), SHARP, seed)
                .run(0, 900);
        report("roughStart", seed, day);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        day.assertHonest("roughStart");
    }

    /** Every constant delay up to the default allowance is inside the advertised bound. */
    @ParameterizedTest
    @ValueSource(longs = {0, 6_000, 12_000, 20_000})
    void constantLatencyIsWithinTheBound(long delayNanos) {
        SimulatedDay day = SimulatedDay.of(0, Wander.QUIET, Noise.BUSY.withDelay(delayNanos), TimingOptions.DEFAULTS, 5)
                .run(0, 1_800);
        report("constantLatency " + delayNanos, 5, day);
        day.assertHonest("constantLatency");
        assertTrue(day.checks > 5_000);
    }

    /** As on an emulated board, or through a USB converter. */
    @ParameterizedTest
    @ValueSource(doubles = {300_000, 1_000_000, 2_000_000})
    void pulsesThatComeMillisecondsLateAreServedWithinTheirBound(double lateNanos) {
        Noise late = new Noise(0, 50_000, 1, lateNanos, 0, 0, 0, 0);
        SimulatedDay day = SimulatedDay.of(20_000_000, Wander.QUIET, late, TimingOptions.DEFAULTS, 5)
                .run(0, 900);
        report("lateBy " + lateNanos, 5, day);
        day.assertHonest("lateBy " + lateNanos);
        assertTrue(
                day.firstServedSecond >= 0 && day.firstServedSecond < 120,
                () -> "served from " + day.firstServedSecond);
        assertTrue(day.history.getLast().isSynchronised(), () -> "ended as " + day.history);
    }

    @Test
    void knownDelayIsTakenOff() {
        SimulatedDay day = SimulatedDay.of(
                        0, Wander.QUIET, Noise.BUSY.withDelay(12_000), SHARP.with(it -> it.edgeDelay(12_000, 0)), 6)
                .countFrom(300)
                .run(0, 1_800);
        assertTrue(day.rmsNanos() < 200, () -> "rms " + day.rmsNanos());
    }

    /** Nothing that the daemon can see shows it: the receiver says that it is sure. The exposure is counted, and it is left in the end. */
    @Test
    void labelOffBySecondThatTheReceiverSwearsToIsLeftAfterEightThatAgree() {
        SimulatedDay day = SimulatedDay.of(37 * SECOND, Wander.QUIET, Noise.BUSY, SHARP, 7);
        day.labels = k -> new Spoken(150_000_000, k < 45 ? -1 : 0, Trust.UTC_PROVEN);
        day.countFrom(70).run(0, 600);
        report("labelOffBySecondAtStart", 7, day);
        System.out.printf(Locale.ROOT, "labelOffBySecondAtStart exposure_s=%.1f%n", day.servedWrongSecondNanos / 1e9);
        assertEquals(
                List.of(
                        SyncState.COLD,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED),
                day.history);
        assertTrue(day.rmsNanos() < 200, () -> "rms " + day.rmsNanos());
        assertTrue(day.servedWrongSecondNanos < 55 * SECOND, () -> "exposure " + day.servedWrongSecondNanos);
        assertTrue(Math.abs(Math.abs(day.steps.getLast()) - SECOND) < 100_000, day.steps::toString);
    }

    @Test
    void labelOffBySecondIsNeverServedWhenTheClockKnewBetter() {
        SimulatedDay day = SimulatedDay.of(200_000_000, Wander.QUIET, Noise.BUSY, SHARP, 7);
        day.labels = k -> new Spoken(150_000_000, k < 45 ? -1 : 0, Trust.FIX);
        day.run(0, 40);
        assertEquals(SyncState.REFUSED, day.core.status().state());
        assertTrue(day.core.status().why().contains("no other clock agrees"), day.core.status()::why);
        day.run(40, 600);
        assertEquals(0, day.servedWrongSecondNanos);
        assertEquals(
                List.of(
                        SyncState.COLD,
                        SyncState.LABELLED,
                        SyncState.REFUSED,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED),
                day.history);
    }

    @Test
    void labelOffBySecondIsNeverServedWhenAWitnessContradicts() {
        SimulatedDay day = witnessed(37 * SECOND, 8);
        day.labels = k -> new Spoken(150_000_000, k < 45 ? -1 : 0, Trust.UTC_PROVEN);
        day.run(0, 40);
        assertEquals(SyncState.REFUSED, day.core.status().state());
        assertTrue(day.core.status().why().contains("simulated server"), day.core.status()::why);
        day.run(40, 600);
        assertEquals(0, day.servedWrongSecondNanos);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
    }

    /** A receiver that knows GPS time and a leap count of its firmware speaks so until the almanac has told it. */
    @Test
    void oldLeapCountIsNotServedBeforeTheAlmanacCanHaveCorrectedIt() {
        SimulatedDay day = SimulatedDay.of(37 * SECOND, Wander.QUIET, Noise.BUSY, SHARP, 9);
        day.labels = k -> new Spoken(150_000_000, k < 700 ? 3 : 0, Trust.FIX);
        day.run(0, 699);
        assertEquals(SyncState.REFUSED, day.core.status().state());
        assertTrue(day.core.status().why().contains("12.5 minutes"), day.core.status()::why);
        day.run(699, 1_600);
        assertEquals(0, day.servedWrongSecondNanos);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.firstServedSecond > 1_400, () -> "believed at " + day.firstServedSecond);
    }

    @Test
    void nmeaAloneIsBelievedAfterTwelveAndAHalfMinutes() {
        SimulatedDay day = SimulatedDay.of(37 * SECOND, Wander.QUIET, Noise.BUSY, SHARP, 10);
        day.labels = k -> new Spoken(150_000_000, 0, Trust.FIX);
        day.run(0, 800);
        assertEquals(757, (double) day.firstServedSecond, 3);
        assertTrue(day.core.status().labelling().proof().contains("12.5 minutes"));
    }

    /** The page with the leap count may have come in just that minute. */
    @Test
    void nmeaAloneWithAGapInItsFixIsBelievedWhenTheGapWasHeardAgain() {
        SimulatedDay day = SimulatedDay.of(37 * SECOND, Wander.QUIET, Noise.BUSY, SHARP, 10);
        day.labels = k -> new Spoken(150_000_000, 0, k >= 400 && k < 440 ? Trust.RTC : Trust.FIX);
        day.run(0, 1_300);
        assertEquals(440 + 750, (double) day.firstServedSecond, 10);
    }

    @Test
    void aRightRealTimeClockProvesNmeaAtOnce() {
        SimulatedDay day = SimulatedDay.of(-480_000_000, Wander.QUIET, Noise.BUSY, SHARP, 11);
        day.labels = k -> new Spoken(150_000_000, 0, Trust.FIX);
        day.run(0, 60);
        assertTrue(day.firstServedSecond <= 6, () -> "served at " + day.firstServedSecond);
        assertTrue(day.core.status().labelling().proof().contains("the clock showed the same second"));
    }

    /** An earlier run has set the clock by these labels, and was ended before they were proven. */
    @Test
    void aClockThatUnprovenLabelsHaveSetProvesNothingOfThem() {
        TimingOptions restarted = SHARP.with(it -> it.seconds(SHARP.seconds().withClockVouching(false)));
        SimulatedDay day = SimulatedDay.of(3 * SECOND, Wander.QUIET, Noise.BUSY, restarted, 11);
        day.labels = k -> new Spoken(150_000_000, 3, Trust.FIX);
        day.run(0, 700);
        assertEquals(SyncState.REFUSED, day.core.status().state());
        assertEquals(0, day.servedWrongSecondNanos);
    }

    @Test
    void aWitnessProvesNmeaAtOnce() {
        SimulatedDay day = witnessed(37 * SECOND, 12);
        day.labels = k -> new Spoken(150_000_000, 0, Trust.FIX);
        day.run(0, 60);
        assertTrue(day.firstServedSecond <= 6, () -> "served at " + day.firstServedSecond);
        assertEquals(
                "simulated server says the same second",
                day.core.status().labelling().proof());
    }

    /** What was served before is known better than what a receiver says later, unless it is sure. */
    @Test
    void aReceiverThatLeavesAProvenSecondIsNotFollowedAndIsTakenBack() {
        SimulatedDay day = SimulatedDay.of(100_000_000, Wander.QUIET, Noise.BUSY, SHARP, 13);
        day.labels = k -> new Spoken(150_000_000, k >= 100 && k < 160 ? -1 : 0, Trust.FIX);
        day.run(0, 150);
        assertEquals(SyncState.REFUSED, day.core.status().state());
        day.run(150, 260);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(0, day.servedWrongSecondNanos);
    }

    @Test
    void aWitnessThatShowsAServedSecondToBeWrongEndsService() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 14);
        day.labels = k -> new Spoken(150_000_000, -1, Trust.UTC_PROVEN);
        day.run(0, 100);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        day.witness = day.server;
        day.run(100, 110);
        assertEquals(SyncState.REFUSED, day.core.status().state());
        assertTrue(day.core.status().why().contains("simulated server"), day.core.status()::why);
    }

    @Test
    void singleWrongLabelsChangeNothing() {
        SplittableRandom random = new SplittableRandom(9);
        SimulatedDay day = SimulatedDay.usual(SHARP, 9);
        day.labels = k -> random.nextInt(5) == 0
                ? k % 2 == 0 ? null : new Spoken(150_000_000, 1, Trust.FIX)
                : new Spoken(150_000_000, 0, Trust.FIX);
        day.run(0, 7_200);
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), day.history);
        assertEquals(0, day.servedWrongSecondNanos);
        day.assertHonest("singleWrongLabels");
    }

    @Test
    void sentenceDelaySweep() {
        int served = 0;
        int refused = 0;
        for (int delayMillis = 0; delayMillis <= 990; delayMillis += 30) {
            for (int jitterMillis : new int[] {0, 5, 10, 20, 50, 100, 150, 200}) {
                SimulatedDay day = SimulatedDay.of(37_300_000_000L, Wander.QUIET, Noise.BUSY, SHARP, delayMillis);
                day.labels = SimulatedDay.delayed(
                        delayMillis * 1e6, jitterMillis * 1e6, delayMillis * 1_000L + jitterMillis);
                day.run(0, 240);
                String cell = delayMillis + " ms +- " + jitterMillis + " ms: "
                        + day.core.status().why();
                assertEquals(0, day.servedWrongSecondNanos, cell);
                boolean clear = delayMillis - 4 * jitterMillis > 60 && delayMillis + 4 * jitterMillis < 940;
                boolean hopeless = delayMillis < 2 * jitterMillis || 1_000 - delayMillis < 2 * jitterMillis;
                if (clear) {
                    assertTrue(day.firstServedSecond >= 0 && day.firstServedSecond <= 60, cell);
                }
                if (hopeless && jitterMillis >= 10) {
                    assertEquals(SyncState.REFUSED, day.core.status().state(), cell);
                    assertTrue(day.core.status().why().contains("too near"), cell);
                }
                served += day.firstServedSecond >= 0 ? 1 : 0;
                refused += day.firstServedSecond >= 0 ? 0 : 1;
            }
        }
        System.out.printf(Locale.ROOT, "sentenceDelaySweep: labelled %d, refused %d, wrong 0%n", served, refused);
    }

    /** A burst that grows until it begins more than a second late does not drag the numbering along. */
    @Test
    void delayThatCreepsPastTheSecondKeepsTheNumbering() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 10);
        day.labels = k -> new Spoken(300_000_000 + k * 1_000_000, 0, Trust.FIX);
        day.run(0, 1_000);
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), day.history);
        assertEquals(0, day.servedWrongSecondNanos);
    }

    @Test
    void lostFixGoesToHoldoverAndBack() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 11);
        day.labels = k -> new Spoken(150_000_000, 0, k >= 600 && k < 1_200 ? Trust.RTC : Trust.FIX);
        day.run(0, 900);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        assertTrue(day.core.status().why().contains("lost its fix"), day.core.status()::why);
        long reference = day.core.status().referenceNanos();
        assertTrue(
                Math.abs(reference - (START + 602) * SECOND) < SECOND,
                "the reference time is frozen at the last edge used");
        day.run(900, 1_800);
        assertEquals(
                List.of(
                        SyncState.COLD,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED,
                        SyncState.HOLDOVER,
                        SyncState.DISCIPLINED),
                day.history);
        day.assertHonest("lostFix");
    }

    /** A receiver without fix lets its pulses drift; they must not be followed. */
    @Test
    void silentLabelsEndTheTrustInPulses() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 12);
        day.labels = k -> k < 600 ? SimulatedDay.ALWAYS_RIGHT.apply(k) : null;
        day.run(0, 660);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        assertTrue(day.core.status().why().contains("no valid time label"), day.core.status()::why);
    }

    /** Half a minute without pulses, in which the receiver goes on naming seconds: its first good pulse counts, and so it outweighs a late one. */
    @Test
    void theFirstPulseAfterAGapCounts() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 12);
        day.pulsesLost = k -> k >= 600 && k < 630;
        day.run(0, 630);
        long used = day.core.status().edgesUsed();
        day.run(630, 631);
        assertEquals(used + 1, day.core.status().edgesUsed());
        day.run(631, 640);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        day.assertHonest("gap");
    }

    /** Labels that name other seconds while there are no pulses are no reason to follow the next ones. */
    @Test
    void labelsThatDisagreeInAGapBackNoPulse() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 12);
        day.pulsesLost = k -> k >= 600 && k < 630;
        day.labels = k -> k < 600
                ? SimulatedDay.ALWAYS_RIGHT.apply(k)
                : new SimulatedDay.Spoken(150_000_000, 3, TimeLabel.Trust.FIX);
        day.run(0, 630);
        long used = day.core.status().edgesUsed();
        day.run(630, 632);
        assertEquals(used, day.core.status().edgesUsed());
    }

    @Test
    void pulsesStopThenReturn() {
        SimulatedDay day = SimulatedDay.of(0, Wander.QUIET.withTemperature(300, 5_400), Noise.BUSY, SHARP, 13);
        day.pulsesLost = k -> k >= 1_800 && k < 5_400;
        day.run(0, 5_300);
        report("pulsesStop", 13, day);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        day.countFrom(5_460).run(5_300, 7_200);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(
                1, day.history.stream().filter(s -> s == SyncState.HOLDOVER).count());
        assertTrue(day.rmsNanos() < 300, () -> "rms " + day.rmsNanos());
        day.assertHonest("pulsesStopThenReturn");
    }

    @Test
    void servesNoLongerWhenTheBoundExceedsItsLimit() {
        SimulatedDay day = SimulatedDay.usual(SHARP.with(it -> it.holdoverLimitNanos(500_000)), 14);
        day.pulsesLost = k -> k >= 600 && k < 3_000;
        day.run(0, 2_900);
        assertEquals(SyncState.COLD, day.core.status().state());
        assertTrue(day.core.status().why().contains("limit of 0.500 ms"), day.core.status()::why);
        day.run(2_900, 3_100);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        day.assertHonest("limit");
    }

    @Test
    void aThousandOutages() {
        int outages = 0;
        for (long seed = 1; seed <= 52; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            boolean[] lost = new boolean[5_400];
            for (int k = 300; k < lost.length; k += 1 + random.nextInt(400)) {
                int end = Math.min(lost.length, k + 1 + random.nextInt(120));
                java.util.Arrays.fill(lost, k, end, true);
                k = end;
                outages++;
            }
            Wander wander = new Wander(random.nextDouble(-50_000, 50_000), random.nextDouble(2), 0.1, 300, 5_400);
            SimulatedDay day = SimulatedDay.of(
                    random.nextLong(-SECOND, SECOND), wander, Noise.BUSY.withFaults(0.01, 0.01), SHARP, seed);
            day.pulsesLost = k -> lost[(int) k];
            day.run(0, lost.length);
            day.assertHonest("outages, seed " + seed);
        }
        assertTrue(outages >= 1_000, "outages: " + outages);
    }

    /** What the timing thread hears late, it hears in another order. */
    @Test
    void fuzzedEventOrdersInATrueWorld() {
        int served = 0;
        for (long seed = 1; seed <= 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SimulatedDay day = SimulatedDay.of(
                    random.nextLong(-10 * SECOND, 10 * SECOND),
                    new Wander(random.nextDouble(-50_000, 50_000), random.nextDouble(2), 0.1, 300, 1_800),
                    Noise.BUSY.withFaults(0.02, 0.02),
                    SHARP,
                    seed);
            day.labels = SimulatedDay.delayed(random.nextDouble(100e6, 700e6), random.nextDouble(30e6), seed);
            int oneIn = 2 + random.nextInt(30);
            day.tardinessNanos = () -> random.nextInt(oneIn) == 0 ? random.nextLong(3 * SECOND) : 0;
            day.run(0, 1_800);
            day.assertHonest("late events, seed " + seed);
            assertEquals(0, day.servedWrongSecondNanos, "seed " + seed);
            served += day.checks > 1_000 ? 1 : 0;
        }
        assertTrue(served > 50, "served in " + served + " of 60 worlds");
    }

    @Test
    void receiverRtcNeverNumbers() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 15);
        day.labels = _ -> new Spoken(150_000_000, 0, Trust.RTC);
        day.run(0, 600);
        assertEquals(List.of(SyncState.COLD), day.history);
        assertEquals(600, day.core.status().labelling().labelsRejected());
        assertTrue(day.core.status().why().contains("no fix"), day.core.status()::why);
    }

    @Test
    void pulsesThatJumpWithinTheSecondAreNotServedUntilProvenAnew() {
        SimulatedDay day = SimulatedDay.usual(SHARP.with(it -> it.standoffNanos(0)), 16);
        day.run(0, 300);
        day.clock.step(3_000_000); // someone else moves the clock by 3 ms
        day.countFrom(340).run(300, 600);
        assertEquals(
                2, day.history.stream().filter(s -> s == SyncState.LABELLED).count());
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.rmsNanos() < 300, () -> "rms " + day.rmsNanos());
    }

    @Test
    void clockMovedByOthersIsNoticedAtTheNextTick() {
        SimulatedDay day = SimulatedDay.usual(SHARP, 17);
        day.run(0, 300);
        day.clock.step(-3_600 * SECOND);
        day.run(300, 301);
        assertFalse(day.core.status().state().isSynchronised());
        day.countFrom(330).run(301, 600);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.rmsNanos() < 300, () -> "rms " + day.rmsNanos());
    }

    @Test
    void withoutMakestepAnOffsetIsSlewedAndNotServedMeanwhile() {
        SimulatedDay day =
                SimulatedDay.of(50_000_000, Wander.QUIET, Noise.BUSY, SHARP.with(it -> it.makestep(100_000, 0)), 18);
        day.run(0, 60);
        assertEquals(SyncState.LABELLED, day.core.status().state());
        day.countFrom(400).run(60, 600);
        assertEquals(List.of(), day.steps);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.rmsNanos() < 300, () -> "rms " + day.rmsNanos());
        day.assertHonest("slew");
    }

    /** Back from an outage with 2 ms to work off, served meanwhile, the timing thread stands still; the packet threads do not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 10})
    void aStallOfTenSecondsInTheMiddleOfASlewIsInsideTheBound(int second) {
        Oscillator crystal = k -> k < 600 ? 9_000 : 9_900;
        SimulatedDay day = new SimulatedDay(START, 0, crystal, Noise.BUSY, SHARP, 21);
        day.pulsesLost = k -> k >= 600 && k < 3_000;
        day.run(0, 3_000);
        double before = day.clock.errorNanos();
        assertTrue(Math.abs(before) > 2_000_000, () -> before + " ns");
        day.run(3_000, 3_000 + second).stall(10);
        assertTrue(Math.abs(day.clock.errorNanos()) < Math.abs(before) + 20_000, "it ran past its aim");
        day.run(3_010 + second, 3_100);
        assertEquals(List.of(), day.steps);
        assertEquals(0, day.violations, () -> "worst " + day.worstShareOfBound);
        assertEquals(0, (double) day.clock.errorNanos(), 3_000);
    }

    /** maxslewrate: a second's worth at a time, whatever the clock itself would do. */
    @Test
    void slewsNoFasterThanTheOwnerWants() {
        TimingOptions slow = SHARP.with(it -> it.makestep(0, 0).limits(new TimingOptions.Limits(100_000, 1e8, 1e6)));
        SimulatedDay day = SimulatedDay.of(-3_000_000, Wander.QUIET, Noise.BUSY, slow, 23);
        day.run(0, 10);
        for (int k = 10; k < 60; k++) {
            double before = day.clock.errorNanos();
            day.run(k, k + 1);
            double rate = Math.abs(day.clock.errorNanos() - before);
            assertTrue(rate < 103_000, () -> rate + " ns in a second");
        }
        assertEquals(0, (double) day.clock.errorNanos(), 5_000);
    }

    /** maxdrift: the clock falls behind, and the bound says so. */
    @Test
    void correctsTheCrystalNoFurtherThanTheOwnerAllows() {
        TimingOptions tight = SHARP.with(it -> it.limits(new TimingOptions.Limits(500_000, 5_000, 1e6)));
        SimulatedDay day = SimulatedDay.usual(tight, 24);
        day.run(0, 600);
        assertTrue(Math.abs(day.clock.frequencyPpb()) < 5_000 + 25_000, () -> "" + day.clock.frequencyPpb());
        day.pulsesLost = k -> k >= 600;
        day.run(600, 605);
        assertTrue(Math.abs(day.core.status().frequencyPpb()) > 8_000, "the crystal needs more");
        assertEquals(5_000, Math.abs(day.core.crystalPpb()), 1e-9, "left at the end");
        day.assertHonest("maxdrift");
    }

    /** maxupdateskew: what is not yet known well is not taken over. */
    @Test
    void keepsTheFrequencyWhileTheEstimateIsTooUncertain() {
        TimingCore core = new TimingCore(
                SHARP.with(
                        it -> it.initialFrequency(-9_000, 1_000).limits(new TimingOptions.Limits(500_000, 1e8, 500))),
                -4_000);
        assertEquals(Correction.HOLD, core.onTick(START * SECOND));
    }

    /** Killed outright: nobody sets a frequency any more. The machine's own bound grows by 500 ppm, as the kernel has it. */
    @Test
    void aDaemonKilledInTheMiddleOfASlewLeavesAClockThatStopsAtItsAim() {
        SimulatedDay day =
                SimulatedDay.of(-10_000_000, Wander.QUIET, Noise.BUSY, SHARP.with(it -> it.makestep(0, 0)), 22);
        day.run(0, 9);
        double killedAt = day.clock.errorNanos();
        assertTrue(killedAt < -5_000_000, () -> "too late to be killed: " + killedAt);
        day.stall(40);
        double stopped = day.clock.errorNanos();
        assertTrue(Math.abs(stopped) < 50_000, () -> "ended " + stopped + " ns off");
        day.stall(1_000);
        assertEquals(
                stopped,
                (double) day.clock.errorNanos(),
                1_000 * 1_000.0,
                "runs on at the crystal's frequency, known after 9 s");
    }

    @Test
    void runningFrequencyIsKeptWhenNoneWasSaved() {
        TimingCore core = new TimingCore(SHARP, -9_000);
        assertEquals(Correction.HOLD, core.onTick(START * SECOND));
    }

    /** The figures of the tracking report are the simulation's truth. */
    @Test
    void reportedFiguresAgreeWithTheTruth() {
        SimulatedDay day = SimulatedDay.of(5 * SECOND, new Wander(-23_000, 0, 0, 0, 5_400), Noise.QUIET, SHARP, 20);
        day.run(0, 1_800);
        ClockStatus status = day.core.status();
        assertEquals(23_000, status.frequencyPpb(), 10);
        assertEquals(day.clock.frequencyPpb(), status.frequencyPpb() - status.residualFrequencyPpb(), 1e-9);
        assertEquals(0, status.residualOffsetNanos() + day.clock.errorNanos(), 300);
        assertEquals(200, status.rmsOffsetNanos(), 60);
        assertEquals(1, status.updateIntervalSeconds(), 1e-5);
        assertEquals(150e6, status.labelling().delayNanos(), 1e6);
        assertTrue(status.skewPpb() < 20);
    }

    @Test
    void savedFrequencyIsInForceBeforeTheFirstEdge() {
        TimingCore core = new TimingCore(SHARP.with(it -> it.initialFrequency(-9_000, 1_000)), 0);
        assertEquals(new Correction.Slew(-9_000, 0), core.onTick(START * SECOND));
    }

    /** Any order of any events: no exception, no step while serving, nothing served without a certain label. */
    @Test
    void fuzzedEventOrders() {
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Witness.Testimony[] said = new Witness.Testimony[1];
            TimingOptions options = TimingOptions.DEFAULTS.with(it -> it.witnesses(List.of(() -> said[0])));
            TimingCore core = new TimingCore(options, 0);
            // A month ends, and perhaps a leap second comes, in the middle of it.
            long now = (MONTHS_END - 300) * SECOND;
            boolean served = false;
            for (int i = 0; i < 2_000; i++) {
                now += random.nextInt(8) == 0 ? random.nextLong(-SECOND, 3 * SECOND) : random.nextLong(SECOND / 3);
                long wild = random.nextInt(30) == 0 ? random.nextLong() : now + random.nextLong(-SECOND, SECOND / 100);
                long onGrid = Math.floorDiv(now, SECOND) * SECOND + random.nextLong(-2_000, 2_000);
                said[0] = random.nextInt(50) == 0 ? testimony(random, now) : said[0];
                if (random.nextInt(100) == 0) {
                    core.onLeapNotice(new LeapNotice(
                            18,
                            random.nextBoolean(),
                            random.nextInt(-1, 2),
                            random.nextInt(4) == 0 ? wild : MONTHS_END,
                            "x"));
                }
                Correction correction = switch (random.nextInt(6)) {
                    case 0 -> core.onEdge(new PpsEdge(wild, i, PpsEdge.Polarity.ASSERT));
                    case 1 -> core.onEdge(new PpsEdge(onGrid, i, PpsEdge.Polarity.ASSERT));
                    case 2 ->
                        core.onLabel(new TimeLabel(
                                random.nextInt(20) == 0 ? random.nextLong() : Math.floorDiv(now, SECOND),
                                random.nextInt(20) == 0,
                                random.nextInt(20) == 0 ? wild : now,
                                random.nextInt(8) == 0 ? Trust.RTC : Trust.FIX,
                                "RMC"));
                    case 3 ->
                        core.onPulseNotice(new PulseNotice(
                                random.nextInt(20) == 0
                                        ? random.nextLong()
                                        : Math.floorMod(Math.floorDiv(now, SECOND) - 315_964_799L, 604_800L) * 1_000,
                                0,
                                0,
                                true,
                                random.nextInt(8) != 0,
                                random.nextInt(20) == 0 ? wild : now));
                    default -> core.onTick(random.nextInt(50) == 0 ? wild : now);
                };
                ClockStatus status = core.status();
                assertTrue(
                        !status.state().isSynchronised() || status.labelling().certain(), "seed " + seed);
                assertTrue(Double.isFinite(status.residualOffsetNanos()), "seed " + seed);
                assertTrue(status.errorBoundNanos() >= 0 && status.errorGrowthPpb() >= 0, "seed " + seed);
                assertFalse(status.why().isEmpty());
                if (correction instanceof Correction.Step step) {
                    assertFalse(served || status.state().isSynchronised(), "seed " + seed);
                    now += random.nextBoolean() ? step.deltaNanos() % (1_000 * SECOND) : 0;
                    core.onStepped(step.deltaNanos(), now);
                } else if (correction instanceof Correction.Steer steer) {
                    core.onSteered(steer.frequencyPpb(), now);
                } else if (correction instanceof Correction.Slew slew) {
                    core.onSteered(slew.frequencyPpb(), now);
                    core.onSlewing(Slew.rounded(slew.nanos()), now);
                }
                served = core.status().state().isSynchronised();
            }
        }
    }

    private static Witness.Testimony testimony(SplittableRandom random, long now) {
        return new Witness.Testimony(
                "w",
                random.nextLong(-2 * SECOND, 2 * SECOND),
                random.nextLong(SECOND),
                now,
                random.nextInt(-1, 2),
                random.nextBoolean());
    }

    private static SimulatedDay assertSteady(String what, Wander wander, Noise noise, double limitNanos) {
        long seed = 42;
        SimulatedDay day = SimulatedDay.of(100_000_000, wander, noise, SHARP, seed)
                .countFrom(600)
                .run(0, 7_200);
        report(what, seed, day);
        assertTrue(day.rmsNanos() < limitNanos, () -> what + " seed " + seed + ": rms " + day.rmsNanos());
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(1, day.steps.size(), day.steps::toString);
        day.assertHonest(what);
        assertTrue(day.checks > 20_000);
        return day;
    }

    /** With another clock that is right. */
    private static SimulatedDay witnessed(long errorNanos, long seed) {
        SimulatedDay day = SimulatedDay.of(errorNanos, Wander.QUIET, Noise.BUSY, SHARP, seed);
        day.witness = day.server;
        return day;
    }

    private static void report(String what, long seed, SimulatedDay day) {
        System.out.printf(
                Locale.ROOT,
                "%s seed=%d rms_ns=%.0f served_s=%d checks=%d violations=%d worst=%.2f bound_ns=%d used=%d rejected=%d %s%n",
                what,
                seed,
                day.rmsNanos(),
                day.firstServedSecond,
                day.checks,
                day.violations,
                day.worstShareOfBound,
                day.core.status().errorBoundNanos(),
                day.core.status().edgesUsed(),
                day.core.status().edgesRejected(),
                day.history);
    }
}
