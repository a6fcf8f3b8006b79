package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.provisioning.LocalReference;
import org.noonmark.time.NtpTime;

class ServedTimeTest {
    private static final long NOW = 1_800_000_000_000_000_000L;
    private static final long EDGE = NOW - 300_000_000L;
    private static final int PRECISION = -20;
    private static final int GPS = 0x4750_5300;
    private static final long PRECISION_NANOS = 954; // rounded up with the residual below;

    private static final LocalReference LOCAL = new LocalReference(10, 1_000_000_000L);

    @Test
    void saysUnsynchronisedUntilTheClockIsProven() {
        ServedTime served = served(Optional.of(LOCAL));

        for (SyncState state : new SyncState[] {SyncState.COLD, SyncState.LABELLED, SyncState.REFUSED}) {
            SystemVariables now = served.of(status(state, 1_000));
            assertEquals(3, now.leapIndicator());
            assertEquals(0, now.stratum());
            assertEquals(0, now.referenceId());
        }
    }

    @Test
    void servesStratumOneWithTheLastEdgeAsReferenceTime() {
        SystemVariables now = served(Optional.empty()).of(status(SyncState.DISCIPLINED, 25_000));

        assertEquals(0, now.leapIndicator());
        assertEquals(1, now.stratum());
        assertEquals(GPS, now.referenceId());
        assertEquals(NtpTime.ofUnixNanos(EDGE), now.referenceTimestamp());
        assertEquals(7_000, now.rootDelayNanos());
    }

    /** RFC 5905, figure 9; holdover knows of it as well. */
    @Test
    void announcesALeapSecondOnItsDay() {
        ServedTime served = served(Optional.of(LOCAL));
        for (SyncState state : new SyncState[] {SyncState.DISCIPLINED, SyncState.HOLDOVER}) {
            assertEquals(0, served.of(status(state, 25_000, 0)).leapIndicator());
            assertEquals(1, served.of(status(state, 25_000, 1)).leapIndicator());
            assertEquals(2, served.of(status(state, 25_000, -1)).leapIndicator());
        }
        SystemVariables local = served.of(status(SyncState.COLD, 25_000, 1));
        assertEquals(10, local.stratum());
        assertEquals(1, local.leapIndicator());
    }

    @Test
    void countsBoundResidualAndPrecisionAndTheirGrowth() {
        SystemVariables now = served(Optional.empty()).of(status(SyncState.DISCIPLINED, 25_000));

        // residual offset -40.5 ns; two seconds at 1500 ppb are 3000 ns
        assertEquals(25_000 + 41 + PRECISION_NANOS, now.rootDispersionNanos(NOW));
        assertEquals(25_000 + 41 + PRECISION_NANOS + 3_000, now.rootDispersionNanos(NOW + 2_000_000_000L));
    }

    /** As a clock that was proven, then lost, and has missed a leap second. */
    @Test
    void aClockThatIsKnownToBeWrongIsNotServedAsLocalReference() {
        ServedTime served = served(Optional.of(LOCAL));
        served.of(status(SyncState.DISCIPLINED, 25_000));

        assertEquals(
                0,
                served.of(status(SyncState.COLD, 25_000), Optional.empty(), true)
                        .stratum());
        assertEquals(
                10,
                served.of(status(SyncState.COLD, 25_000), Optional.empty(), false)
                        .stratum());
    }

    @Test
    void turnsToTheLocalReferenceWhenHoldoverHasGrownTooFar() {
        ServedTime served = served(Optional.of(LOCAL));
        served.of(status(SyncState.DISCIPLINED, 25_000));

        assertEquals(1, served.of(status(SyncState.HOLDOVER, 900_000_000L)).stratum());
        SystemVariables far = served.of(status(SyncState.HOLDOVER, 1_100_000_000L));
        assertEquals(10, far.stratum());
        assertEquals(SystemVariables.LOCAL_REFERENCE_ID, far.referenceId());
        assertEquals(10, served.of(status(SyncState.COLD, 1_200_000_000L)).stratum());
    }

    @Test
    void servesNoLocalReferenceFromAMovedClockUntilItIsProvenAgain() {
        ServedTime served = served(Optional.of(LOCAL));
        served.of(status(SyncState.DISCIPLINED, 25_000));
        assertEquals(10, served.of(status(SyncState.LABELLED, 25_000)).stratum());

        served.onMoved();

        assertEquals(3, served.of(status(SyncState.LABELLED, 25_000)).leapIndicator());
        assertEquals(1, served.of(status(SyncState.DISCIPLINED, 25_000)).stratum());
        assertEquals(10, served.of(status(SyncState.COLD, 25_000)).stratum());
    }

    /** A clock that followed servers is as far off as they were, whatever stratum it told. */
    @Test
    void theLocalReferenceAfterACopiedServerTellsThatServersError() {
        ServedTime served = served(Optional.of(LOCAL));
        SystemVariables copied = new SystemVariables(
                0, 1, PRECISION, GPS, NtpTime.ofUnixNanos(EDGE), 30_000_000, 4_000_000, NOW, 1_000, true);
        ClockStatus cold = status(SyncState.COLD, 25_000);
        assertEquals(copied, served.of(cold, Optional.of(copied), false));
        SystemVariables local = served.of(cold, Optional.empty(), false);
        assertEquals(10, local.stratum());
        assertEquals(30_000_000, local.rootDelayNanos());
        assertEquals(4_000_000, local.rootDispersionNanos(NOW));
        assertFalse(local.isFromServers());
    }

    @Test
    void withdrawsAfterHoldoverWithoutALocalReference() {
        ServedTime served = served(Optional.empty());
        served.of(status(SyncState.DISCIPLINED, 25_000));

        assertEquals(3, served.of(status(SyncState.COLD, 20_000_000)).leapIndicator());
    }

    @Test
    void whatAHandHasSetIsServedByLocalAloneUntilItIsProven() {
        ServedTime alone = served(Optional.empty());
        alone.onSetByHand(NOW, 1_000_000_000, 500_000);
        assertEquals(3, alone.of(status(SyncState.COLD, 25_000)).leapIndicator());
        ServedTime activated = served(Optional.of(new LocalReference(10, 1_000_000_000L, false, 1_000, 0)));
        activated.onSetByHand(NOW, 1_000_000_000, 500_000);
        assertEquals(3, activated.of(status(SyncState.COLD, 25_000)).leapIndicator(), "never that near");

        ServedTime served = served(Optional.of(LOCAL));
        served.onSetByHand(NOW - 10_000_000_000L, 1_000_000_000, 500_000);
        SystemVariables now = served.of(status(SyncState.COLD, 25_000));
        assertEquals(10, now.stratum());
        assertEquals(SystemVariables.LOCAL_REFERENCE_ID, now.referenceId());
        assertEquals(1_005_000_000, now.rootDispersionNanos(NOW));
        assertEquals(1_010_000_000, now.rootDispersionNanos(NOW + 10_000_000_000L));
        assertEquals(
                3,
                served.of(status(SyncState.COLD, 25_000), Optional.empty(), true)
                        .leapIndicator());
        assertEquals(1, served.of(status(SyncState.DISCIPLINED, 25_000)).stratum());
        assertFalse(served.isByHand());
        served.onSetByHand(NOW, 1_000_000_000, 500_000);
        served.onMoved();
        assertEquals(3, served.of(status(SyncState.COLD, 25_000)).leapIndicator());
    }

    private static ServedTime served(Optional<LocalReference> local) {
        return new ServedTime(PRECISION, GPS, 7_000, local);
    }

    private static ClockStatus status(SyncState state, long boundNanos) {
        return status(state, boundNanos, 0);
    }

    private static ClockStatus status(SyncState state, long boundNanos, int leapDirection) {
        return new ClockStatus(
                state,
                "because",
                NOW,
                NOW,
                EDGE,
                0,
                -40.5,
                0,
                0,
                0,
                0,
                boundNanos,
                1_500,
                1,
                10,
                0,
                ClockStatus.Labelling.NONE,
                new ClockStatus.Leap(leapDirection, 0, "", false, 37, ""));
    }
}
