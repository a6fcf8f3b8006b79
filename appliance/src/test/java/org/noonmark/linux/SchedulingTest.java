package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Each in a thread of its own, which ends with what was changed. Memory is not locked here: that would stay. */
class SchedulingTest {
    private record Outcome(Optional<String> refusal, String seen) {}

    @Test
    void namesTheLimitForAPriorityThatTheKernelRefuses() {
        String refusal = Scheduling.setRealtimePriority(100).orElse("");

        assertTrue(refusal.startsWith("no realtime priority 100: ") && refusal.contains("LimitRTPRIO"), refusal);
    }

    @Test
    void givesRealtimePriorityOrSaysWhyNot() throws Exception {
        Outcome outcome = inItsOwnThread(() -> new Outcome(Scheduling.setRealtimePriority(1), policy()));

        // As root the kernel tells policy 1, SCHED_FIFO; without the right the refusal is the result.
        if (outcome.refusal().isEmpty()) {
            assertEquals("1", outcome.seen());
        } else {
            assertTrue(outcome.refusal().get().contains("CAP_SYS_NICE"), outcome::toString);
        }
    }

    private static Outcome inItsOwnThread(Callable<Outcome> work) throws Exception {
        FutureTask<Outcome> task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    /** Field 41 of proc(5)'s stat; the name in brackets, which may hold blanks, is the second. */
    private static String policy() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(38);
    }
}
