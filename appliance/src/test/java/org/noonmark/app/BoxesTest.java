package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.noonmark.app.SimulatedBoxes.Box;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.provisioning.LocalReference;
import org.noonmark.sources.SourceStatus;
import org.noonmark.sources.Verdict;

/** Our machines among themselves: who follows whom when receivers are lost, and that none tells of a smaller error than it has. */
class BoxesTest {
    private static final Optional<LocalReference> NONE = Optional.empty();
    private static final Optional<LocalReference> ORPHAN =
            Optional.of(new LocalReference(10, SimulatedBoxes.SECOND, true, 0, 300 * SimulatedBoxes.SECOND));

    private final SimulatedBoxes network = new SimulatedBoxes(11);
    private double worstShare;
    private double worstNanos;

    @Test
    void aMachineWithoutSkyServesHonestStratumTwo() {
        Box first = network.add(1, 0, 2_000);
        Box second = network.add(2, 40 * SimulatedBoxes.SECOND, -30_000).asking(NONE, first);
        first.hasSky = true;
        network.runFor(3_600, this::assertHonest);
        assertEquals(2, second.system.stratum());
        assertSame(first, second.follows());
        assertEquals(1, second.steps, "steps");
        assertTrue(Math.abs(second.errorNanos()) < 100_000, "off by " + second.errorNanos() + " ns");
        System.out.printf(
                Locale.ROOT, "withoutSky error_ns=%.0f share_of_bound=%.2f%n", second.errorNanos(), worstShare);
    }

    /** The server's receiver is lost: nobody calls himself synchronised by the other for long, and all is well when it returns. */
    @Test
    void twoThatWatchEachOtherNeverFollowEachOther() {
        Box first = network.add(1, 0, 2_000);
        Box second = network.add(2, 300_000_000, -30_000);
        first.asking(NONE, second);
        second.asking(NONE, first);
        first.hasSky = true;
        network.runFor(600, this::assertHonest);
        assertEquals(List.of(1, 2), List.of(first.system.stratum(), second.system.stratum()));
        first.hasSky = false;
        network.runFor(7_200, all -> {
            assertHonest(all);
            assertFalse(first.system.isFromServers(), "the first follows the second, which follows it");
        });
        first.hasSky = true;
        network.runFor(300, this::assertHonest);
        assertEquals(List.of(1, 2), List.of(first.system.stratum(), second.system.stratum()));
    }

    @Test
    void whoHasLostItsReceiverFollowsTheOneThatHasNot() {
        Box first = network.add(1, 0, 2_000);
        Box second = network.add(2, 0, -30_000);
        first.asking(NONE, second);
        second.asking(NONE, first);
        first.hasSky = true;
        second.hasSky = true;
        network.runFor(600, this::assertHonest);
        assertEquals(List.of(1, 1), List.of(first.system.stratum(), second.system.stratum()));
        first.hasSky = false;
        network.runFor(600, this::assertHonest);
        assertSame(second, first.follows());
        second.hasSky = false;
        first.hasSky = true;
        network.runFor(600, this::assertHonest);
        assertEquals(1, first.system.stratum());
        assertSame(first, second.follows());
    }

    @Test
    void twoOrphansChooseTheOneWithTheLeastReferenceId() {
        electsTheFirstOf(2);
    }

    @Test
    void threeOrphansChooseTheOneWithTheLeastReferenceId() {
        electsTheFirstOf(3);
    }

    private void electsTheFirstOf(int count) {
        for (int i = 1; i <= count; i++) {
            network.add(i, 0, 3_000.0 * i - 20_000);
        }
        for (Box box : network.boxes) {
            box.asking(
                    ORPHAN, network.boxes.stream().filter(other -> other != box).toArray(Box[]::new));
            box.hasSky = true;
        }
        network.runFor(300, this::assertHonest);
        network.boxes.forEach(box -> box.hasSky = false);
        network.runFor(1_800, _ -> assertNoMutualFollowers());
        Box leader = network.boxes.getFirst();
        assertEquals(SystemVariables.LOCAL_REFERENCE_ID, leader.system.referenceId());
        assertEquals(10, leader.system.stratum());
        for (Box box : network.boxes.subList(1, count)) {
            assertSame(leader, box.follows(), box.system.toString());
            assertEquals(11, box.system.stratum());
            assertTrue(Math.abs(box.errorNanos() - leader.errorNanos()) < 200_000, "they keep one time");
        }
        // The last one sees the sky again: all follow it.
        Box last = network.boxes.getLast();
        last.hasSky = true;
        network.runFor(600, _ -> {});
        assertEquals(1, last.system.stratum());
        for (Box box : network.boxes.subList(0, count - 1)) {
            assertSame(last, box.follows(), box.system.toString());
        }
    }

    /** One of three receivers is 3 ms off (a wrong cable, say): within two minutes both others call it by name. */
    @Test
    void oneBiasedMachineOfThreeIsNamedByTheOthers() {
        for (int i = 1; i <= 3; i++) {
            network.add(i, 0, 1_000.0 * i);
        }
        for (Box box : network.boxes) {
            box.asking(
                    NONE, network.boxes.stream().filter(other -> other != box).toArray(Box[]::new));
            box.hasSky = true;
        }
        Box biased = network.boxes.get(1);
        biased.biasNanos = 3_000_000;
        Box judge = network.boxes.getFirst();
        network.runFor(120, _ -> {});
        SourceStatus status = judge.sources().orElseThrow().status(0).stream()
                .filter(source -> source.address().equals(biased.address.text()))
                .findFirst()
                .orElseThrow();
        SourceStatus.Span span = status.interval();
        assertTrue(span != null && (span.lowNanos() > 2_000 || span.highNanos() < -2_000), status.toString());
        assertEquals(Verdict.FALSETICKER, status.verdict());
        assertNull(judge.follows());
    }

    private void assertNoMutualFollowers() {
        for (Box box : network.boxes) {
            Box followed = box.follows();
            assertFalse(followed != null && followed.follows() == box, "two follow each other");
        }
    }

    private void assertHonest(SimulatedBoxes all) {
        for (Box box : all.boxes) {
            if (box.system.isSynchronised()) {
                double bound = box.system.rootDistanceNanos(box.now().localNanos());
                double error = Math.abs(box.errorNanos());
                worstShare = Math.max(worstShare, error / bound);
                worstNanos = Math.max(worstNanos, error);
                assertTrue(error <= bound, "off by " + error + " ns, told " + bound + " ns: " + box.system);
            }
        }
    }
}
