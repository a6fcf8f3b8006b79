package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.ntp.SystemVariables;

/** Who may take the clock over, by how much, and what is told of it meanwhile. */
class TakeoverTest {
    private static final long SECOND = 1_000_000_000L;
    /** 2026-11-22, nanoseconds since 1970. */
    private static final long EPOCH = 1_795_305_600L * SECOND;
    /** 2027-01-01, the midnight after a month's last day. */
    private static final long NEW_YEAR = 1_798_761_600L * SECOND;

    private static final double BOUND_NANOS = 1_000_000;
    private static final Takeover.Own PROVEN = new Takeover.Own(true, BOUND_NANOS, false, 0);
    private static final Takeover.Own COLD = new Takeover.Own(false, 0, true, 0);

    private Takeover takeover = new Takeover(-20, 1_000, TimingOptions.Limits.DEFAULTS);
    private long rawNanos;
    private long localMinusRaw = EPOCH;
    private int stratum = 1;
    private long dispersionNanos = 1_000;
    private double slope;
    private double frequencyPpb;

    @Test
    void oneThatAnybodyMaySpeakForNeitherStepsNorIsServedBeyondWhatWasProven() {
        tick(5, COLD, false, 0, true);
        tick(300, PROVEN, false, 0, false);
        for (int i = 0; i < 1_000; i++) {
            assertInstanceOf(Correction.Hold.class, tick(1, COLD, true, 5 * SECOND, false));
            assertTrue(takeover.served().isEmpty(), "served");
        }
        assertFalse(takeover.isWithheld(), "the liar does not stop what else is served");
    }

    /** What is served then looks as if a receiver gave it. */
    @Test
    void aCopiedServerOfStratumOneIsStillAServer() {
        stratum = 0;
        tick(20, COLD, true, 0, true);
        SystemVariables served = takeover.served().orElseThrow();
        assertEquals(1, served.stratum());
        assertTrue(served.isFromServers());
    }

    @Test
    void oneThatSpeaksAsWasProvenIsServed() {
        tick(5, COLD, false, 0, true);
        tick(300, PROVEN, false, 0, false);
        tick(10, COLD, true, 500_000, false);
        assertTrue(takeover.served().isPresent());
    }

    @Test
    void serversThatMayOverruleStepTheClockAfterSomeSeconds() {
        tick(5, COLD, false, 0, true);
        tick(300, PROVEN, false, 0, false);
        assertInstanceOf(Correction.Hold.class, tick(4, COLD, true, 5 * SECOND, true));
        assertTrue(takeover.isWithheld(), "the clock is wrong: `local` does not serve it either");
        assertEquals(new Correction.Step(5 * SECOND), tick(1, COLD, true, 5 * SECOND, true));
    }

    @Test
    void whatWasHeardBeforeTheTimeWasProvenStepsNothing() {
        tick(300, PROVEN, false, 0, false);
        long heard = rawNanos;
        for (int i = 0; i < 60; i++) {
            rawNanos += SECOND;
            Lead old = lead(5 * SECOND, true, false, heard);
            assertInstanceOf(Correction.Hold.class, takeover.onTick(now(), 0, COLD, old));
        }
    }

    @Test
    void noStepIsLargerThanTheOwnerAllows() {
        TimingOptions.MaxChange change = new TimingOptions.MaxChange(SECOND, 0, 1);
        takeover = new Takeover(-20, 1_000, TimingOptions.Limits.DEFAULTS.withMaxChange(change));
        Correction first = tick(5, COLD, true, 5 * SECOND, true);
        assertEquals(new Correction.Refuse(0, 5 * SECOND, false), first);
        assertEquals(new Correction.Refuse(0, 5 * SECOND, true), tick(1, COLD, true, 5 * SECOND, true));
        assertTrue(takeover.isWithheld());
    }

    @Test
    void slewsGoNoFasterThanTheOwnerAllows() {
        takeover = new Takeover(-20, 1_000, new TimingOptions.Limits(100_000, 10_000, 1_000_000));
        Correction.Slew slew = assertInstanceOf(Correction.Slew.class, tick(5, COLD, true, 900_000, true));
        assertEquals(100_000, slew.nanos());
    }

    /** By one plain server's announcement, or by the schedule alone. */
    @Test
    void nothingIsServedAfterALeapSecondBeforeItIsMeasured() {
        for (Takeover.Own own : new Takeover.Own[] {COLD, new Takeover.Own(false, 0, true, 1)}) {
            takeover = new Takeover(-20, 1_000, TimingOptions.Limits.DEFAULTS);
            localMinusRaw = NEW_YEAR - 30 * SECOND - rawNanos;
            boolean announced = own.leapDirection() == 0;
            for (int i = 0; i < 20; i++) {
                leapTick(own, announced, rawNanos);
            }
            assertTrue(takeover.served().isPresent());
            assertEquals(announced ? 0 : 1, takeover.served().orElseThrow().leapIndicator());
            long heard = rawNanos;
            for (int i = 0; i < 200; i++) {
                leapTick(own, announced, heard);
                assertTrue(i < 7 || takeover.served().isEmpty(), "served " + (i - 10) + " s after midnight");
                assertTrue(i < 7 || takeover.isWithheld());
            }
            // The server falls silent: still nobody knows.
            rawNanos += SECOND;
            takeover.onTick(now(), 0, COLD, null);
            assertTrue(takeover.isWithheld());
            for (int i = 0; i < 3; i++) {
                leapTick(COLD, false, rawNanos);
            }
            assertTrue(takeover.served().isPresent());
        }
    }

    /** They agreed on nothing at midnight, and are believed again by what they said before. */
    @Test
    void aLeapSecondIsNotForgottenWhileTheServersAgreeOnNothing() {
        localMinusRaw = NEW_YEAR - 40 * SECOND;
        for (int i = 0; i < 30; i++) {
            leapTick(COLD, true, rawNanos);
        }
        long heard = rawNanos;
        tick(20, COLD, false, 0, false);
        for (int i = 0; i < 60; i++) {
            leapTick(COLD, true, heard);
            assertTrue(takeover.served().isEmpty());
        }
    }

    /** One update that is refused every second is one. */
    @Test
    void anUpdateThatIsRefusedIsCountedOnce() {
        TimingOptions.MaxChange change = new TimingOptions.MaxChange(SECOND, 0, 1);
        takeover = new Takeover(-20, 1_000, TimingOptions.Limits.DEFAULTS.withMaxChange(change));
        tick(5, COLD, true, 5 * SECOND, true);
        long heard = rawNanos;
        for (int i = 0; i < 30; i++) {
            rawNanos += SECOND;
            Correction again = takeover.onTick(now(), 0, COLD, lead(5 * SECOND, true, false, heard));
            assertEquals(new Correction.Refuse(0, 5 * SECOND, false), again);
        }
    }

    /** The servers are weighed anew every minute, without any new sample: the crystal wanders all the while. */
    @Test
    void theErrorThatIsToldGrowsWhileTheServerIsSilent() {
        tick(10, COLD, true, 0, true);
        long heard = rawNanos;
        long before = takeover.served().orElseThrow().dispersionNanos();
        for (int i = 0; i < 3_600; i++) {
            rawNanos += SECOND;
            localMinusRaw += 800; // 0.8 ppm, within maxclockerror
            takeover.onTick(now(), 0, COLD, lead(EPOCH - localMinusRaw, true, false, heard));
            double error = localMinusRaw - EPOCH;
            assertTrue(takeover.served().orElseThrow().dispersionNanos() >= error, "an error of " + error + " ns");
        }
        assertTrue(takeover.served().orElseThrow().dispersionNanos() >= before + 3_600_000);
    }

    @Test
    void whatNobodyWeighsAnyMoreIsNotFollowed() {
        tick(10, COLD, true, 0, true);
        Lead last = lead(0, true, false, rawNanos);
        rawNanos += 190 * SECOND;
        takeover.onTick(now(), 0, COLD, last);
        assertTrue(takeover.served().isPresent());
        rawNanos += 20 * SECOND;
        takeover.onTick(now(), 0, COLD, last);
        assertTrue(takeover.served().isEmpty());
    }

    /** Sentences of a receiver without pulses scatter by more than a server of the LAN is ever off. */
    @Test
    void aClockThatIsOffByNoMoreThanWhomItFollowsMayBeIsServedOnAndSlewed() {
        dispersionNanos = 50_000_000;
        tick(20, COLD, true, 0, true);
        assertInstanceOf(Correction.Slew.class, tick(1, COLD, true, 30_000_000, true));
        SystemVariables served = takeover.served().orElseThrow();
        assertTrue(served.rootDispersionNanos(now().localNanos()) >= 80_000_000, served.toString());
        tick(1, COLD, true, 60_000_000, true);
        assertTrue(takeover.served().isEmpty());
        dispersionNanos = SECOND;
        tick(20, COLD, true, 0, true);
        tick(1, COLD, true, 130_000_000, true);
        assertTrue(takeover.served().isEmpty(), "it would take minutes to slew");
        dispersionNanos = 1_000;
        tick(20, COLD, true, 0, true);
        tick(1, COLD, true, 11_000_000, true);
        assertTrue(takeover.served().isEmpty());
    }

    @Test
    void isNotServedBeforeItIsKnownHowTheClockRuns() {
        tick(3, COLD, true, 0, true);
        assertTrue(takeover.served().isEmpty());
        tick(1, COLD, true, 0, true);
        assertTrue(takeover.served().isPresent());
        double alone = takeover.served().orElseThrow().dispersionGrowthPpb();
        tick(1, new Takeover.Own(false, 0, false, 0), true, 0, true);
        double steered = takeover.served().orElseThrow().dispersionGrowthPpb();
        assertEquals(500_000, steered - alone, 1, "somebody else may slew it");
    }

    @Test
    void theRateThatServersFoundStaysInForceWhenTheyAreLost() {
        tick(20, COLD, true, 0, true);
        slope = 20e-6;
        assertEquals(new Correction.Slew(20_000, 900_000), tick(1, COLD, true, 900_000, true));
        frequencyPpb = 20_000;

        assertEquals(new Correction.Slew(20_000, 0), tick(1, COLD, false, 0, false), "whose aim is lost");
        assertEquals(Correction.HOLD, tick(300, COLD, false, 0, false));
        frequencyPpb = 0;
        assertEquals(new Correction.Slew(20_000, 0), tick(1, COLD, false, 0, false), "taken back");
        assertTrue(takeover.isInCharge());

        tick(1, PROVEN, false, 0, false);
        assertEquals(Correction.HOLD, tick(1, COLD, false, 0, false), "a receiver knows better");
        assertFalse(takeover.isInCharge());
    }

    @Test
    void theFirstUpdatesMayGoFartherThanTheOwnerAllowsLaterByHandToo() {
        TimingOptions.MaxChange change = new TimingOptions.MaxChange(SECOND, 1, 0);
        takeover = new Takeover(-20, 1_000, TimingOptions.Limits.DEFAULTS.withMaxChange(change));
        assertTrue(takeover.allows(5 * SECOND));
        tick(1, PROVEN, false, 0, false);
        assertFalse(takeover.allows(5 * SECOND));
        assertTrue(takeover.allows(SECOND));
    }

    private void leapTick(Takeover.Own own, boolean announced, long heard) {
        rawNanos += SECOND;
        takeover.onTick(now(), 0, own, lead(0, false, announced, heard == rawNanos - SECOND ? rawNanos : heard));
    }

    /** So many seconds with a server that was heard just now; what the last one calls for. */
    private Correction tick(int seconds, Takeover.Own own, boolean heard, long offsetNanos, boolean weighty) {
        Correction last = Correction.HOLD;
        for (int i = 0; i < seconds; i++) {
            rawNanos += SECOND;
            @Nullable Lead present = heard ? lead(offsetNanos, weighty, false, rawNanos) : null;
            last = takeover.onTick(now(), frequencyPpb, own, present);
        }
        return last;
    }

    private Moment now() {
        return new Moment(localMinusRaw + rawNanos, rawNanos);
    }

    private Lead lead(long offsetNanos, boolean weighty, boolean announced, long newestRawNanos) {
        return new Lead(
                "a",
                1,
                stratum,
                0,
                announced,
                weighty,
                localMinusRaw + offsetNanos,
                rawNanos,
                slope,
                0,
                0,
                dispersionNanos,
                newestRawNanos);
    }
}
