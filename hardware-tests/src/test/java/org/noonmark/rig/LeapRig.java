package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code noonmark run} on a real kernel that passes a leap second, as {@link PpsRig}. */
class LeapRig {
    private static final Path FOLDER = Path.of("target", "pulse-guest").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(40);

    /** 2027-01-01 00:00:00, before which the second is inserted. */
    private static final long LEAP = 1_798_761_600L;

    private static final long DAY = 86_400;

    /** The daemon looks at the calendar once a second, and the kernel at what it was told once a second. */
    private static final long TO_TELL = 3;

    /** As in {@link PpsRig}: the guest's own way of stamping, 15 us, and some. */
    private static final long RIGHT_NANOS = 20_000;

    /** Labels are proven again, and the first edges held against the clock. */
    private static final long TO_COME_BACK = 15;

    private static final int TIME_OK = 0;
    private static final int TIME_INS = 1;
    private static final int TIME_OOP = 3;
    private static final int TIME_WAIT = 4;
    private static final int TIME_ERROR = 5;

    private static GuestLogs logs;
    private static List<Second> eve;
    private static List<Second> seconds;

    @BeforeAll
    static void runGuest() throws IOException, InterruptedException {
        logs = PulseGuest.built(FOLDER.resolve("leap-programs")).run("job-leap.sh", FOLDER.resolve("leap"), LIMIT);
        eve = logs.seconds("eve.log");
        seconds = logs.seconds();
    }

    @Test
    void theKernelIsToldOnTheLastDayOnly() {
        // The kernel is asked as the second begins, the server late in it.
        List<Second> before = served(
                eve, second -> second.utc() < LEAP - DAY && second.kernel().isSynchronised());
        List<Second> after = served(eve, second -> second.utc() >= LEAP - DAY + TO_TELL);
        assertTrue(before.size() >= 5 && after.size() >= 5, before.size() + " and " + after.size());
        for (Second second : before) {
            assertFalse(second.kernel().isToInsert(), second.toString());
            assertEquals(0, leap(second), second.toString());
            assertEquals(37, second.kernel().taiMinusUtcSeconds(), second.toString());
        }
        for (Second second : after) {
            assertTrue(second.kernel().isToInsert(), second.toString());
            assertEquals(TIME_INS, second.kernel().state(), second.toString());
            assertEquals(1, leap(second), second.toString());
        }
    }

    @Test
    void theKernelPassesItOnceAndForgetsIt() throws IOException {
        int sixty = sixty();
        assertTrue(
                seconds.get(sixty - 4).kernel().isToInsert(),
                seconds.get(sixty - 4).toString());
        Set<Integer> states = new TreeSet<>();
        for (Second second : seconds.subList(sixty, sixty + 2)) {
            // Nothing is proven meanwhile: the kernel answers TIME_ERROR but for the moment between the second and its
            // own next tick.
            Set<Integer> right = second.kernel().isSynchronised()
                    ? Set.of(TIME_OOP, TIME_WAIT)
                    : Set.of(TIME_OOP, TIME_WAIT, TIME_ERROR);
            assertTrue(right.contains(second.kernel().state()), second.toString());
            states.add(second.kernel().state());
        }
        System.out.println("rig=leap states_from_23:59:60=" + states);
        for (Second second : seconds.subList(sixty + 1 + (int) TO_TELL, seconds.size())) {
            assertFalse(second.kernel().isToInsert(), second.toString());
            assertEquals(38, second.kernel().taiMinusUtcSeconds(), second.toString());
        }
        Second last = seconds.getLast();
        assertEquals(TIME_OK, last.kernel().state(), last.toString());
        String log = logs.text("daemon.log");
        int told = log.lastIndexOf("a leap second is being inserted");
        assertTrue(
                log.indexOf("the operating system has moved the clock over the leap second", told) > told && told > 0,
                log);
        assertEquals(-1, log.indexOf("clock stepped", told), log);
        assertFalse(log.contains("ERROR") || log.contains("Exception"), log);
    }

    @Test
    void nothingIsServedAroundIt() {
        int sixty = sixty();
        for (Second second : served(seconds.subList(0, sixty - 3), _ -> true)) {
            assertEquals(1, leap(second), "announced until then: " + second);
        }
        assertTrue(seconds.get(sixty - 4).isServed(), seconds.get(sixty - 4).toString());
        for (Second second : seconds.subList(sixty - 2, sixty + 3)) {
            assertFalse(second.isServed(), second.toString());
        }
        long back = seconds.subList(sixty, seconds.size()).stream()
                .takeWhile(second -> !second.isServed())
                .count();
        System.out.println("rig=leap served_again_after_s=" + (back - 1));
        assertTrue(back <= TO_COME_BACK, "served again after " + back + " s");
        for (Second second : seconds.subList(sixty + (int) back, seconds.size())) {
            assertTrue(second.isServed(), second.toString());
            assertEquals(0, leap(second), second.toString());
        }
    }

    @Test
    void theClockIsRightRightAfterAndEveryAnswerIsHonest() {
        int sixty = sixty();
        long worst = 0;
        for (Second second : seconds.subList(sixty + 1, seconds.size())) {
            worst = Math.max(worst, Math.abs(second.clockErrorNanos()));
        }
        System.out.println("rig=leap worst_error_after_ns=" + worst);
        assertTrue(worst < RIGHT_NANOS, "off by " + worst + " ns after it");
        for (List<Second> world : List.of(eve, seconds)) {
            for (Second second : served(world, _ -> true)) {
                assertFalse(second.answer().orElseThrow().breaksItsBound(), second.toString());
            }
        }
    }

    /** The place of 23:59:60. */
    private static int sixty() {
        for (int i = 0; i < seconds.size(); i++) {
            if (seconds.get(i).world().contains("leap-second")) {
                return i;
            }
        }
        throw new AssertionError("the world had no leap second");
    }

    private static int leap(Second second) {
        return second.answer().orElseThrow().leapIndicator();
    }

    private static List<Second> served(List<Second> world, Predicate<Second> wanted) {
        return world.stream()
                .filter(second -> second.isServed() && wanted.test(second))
                .toList();
    }
}
