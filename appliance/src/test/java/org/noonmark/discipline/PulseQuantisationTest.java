package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.PulseQuantisation.Worth;
import org.noonmark.nmea.PulseNotice;

class PulseQuantisationTest {
    private static final long GPS_EPOCH = 315_964_800L;
    private static final long WEEK = 604_800;
    private static final long SECOND = 1_780_000_000L;

    private final PulseQuantisation quantisation = new PulseQuantisation();

    @Test
    void speaksOfTheNextPulseOnlyAndOnce() {
        quantisation.onNotice(utc(SECOND + 1, 7_000));
        assertTrue(Double.isNaN(quantisation.announcedNanos(SECOND)));
        quantisation.onNotice(utc(SECOND + 1, 7_000));
        assertEquals(-7, quantisation.announcedNanos(SECOND + 1), 1e-12, "positive: the edge comes early");
        assertTrue(Double.isNaN(quantisation.announcedNanos(SECOND + 1)));
    }

    @Test
    void findsThePulseOverTheEndOfAWeek() {
        long firstOfWeek = GPS_EPOCH + 2_500 * WEEK;
        quantisation.onNotice(utc(firstOfWeek, -3_000));
        assertEquals(3, quantisation.announcedNanos(firstOfWeek), 1e-12);
    }

    @Test
    void honoursTheInvalidFlag() {
        quantisation.onNotice(new PulseNotice(towMillis(SECOND), 0, 7_000, false, true, 0));
        assertTrue(Double.isNaN(quantisation.announcedNanos(SECOND)));
    }

    @Test
    void understandsGnssTimeOnceItsDistanceFromUtcIsConstant() {
        for (int i = 0; i < 9; i++) {
            quantisation.onNotice(new PulseNotice(towMillis(SECOND + i + 18), 0, 7_000, true, false, 0));
            double late = quantisation.announcedNanos(SECOND + i);
            assertEquals(i < 8, Double.isNaN(late), "notice " + i);
        }
        quantisation.onNotice(new PulseNotice(towMillis(SECOND + 9 + 17), 0, 7_000, true, false, 0));
        assertTrue(Double.isNaN(quantisation.announcedNanos(SECOND + 9)), "another distance: another pulse is meant");
    }

    @Test
    void isUsedWhenItBringsEdgesNearer() {
        assertEquals(Worth.HELPS, afterEdges(400, 9, 1));
        assertTrue(quantisation.isApplied());
    }

    @Test
    void isOnTrialAtFirst() {
        assertEquals(Worth.TRIED, afterEdges(20, 9, 1));
        assertTrue(quantisation.isApplied());
    }

    @Test
    void isNotUsedWithTheWrongSign() {
        assertEquals(Worth.HARMS, afterEdges(400, 9, -1));
        assertFalse(quantisation.isApplied());
    }

    @Test
    void isNotUsedWhereNobodyCouldTell() {
        assertEquals(Worth.UNSEEN, afterEdges(2_000, 500, 1));
        assertFalse(quantisation.isApplied());
    }

    /** Edges late by a sawtooth of 11 ns, announced with {@code sign}, stamped with a jitter of {@code jitterNanos}. */
    private Worth afterEdges(int edges, double jitterNanos, int sign) {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < edges; i++) {
            double late = 11 * (2 * (i * 0.137 % 1) - 1);
            double innovation = -late + jitterNanos * random.nextGaussian();
            quantisation.onEdge(innovation, jitterNanos + 7, sign * late);
        }
        return quantisation.worth();
    }

    private static PulseNotice utc(long second, int picos) {
        return new PulseNotice(towMillis(second), 0, picos, true, true, 0);
    }

    private static long towMillis(long second) {
        return Math.floorMod(second - GPS_EPOCH, WEEK) * 1_000;
    }
}
