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
    void pinsTheCallingThreadAlone() throws Exception {
        String before = allowedProcessors();
        int processor = Integer.parseInt(before.replaceFirst("\\D.*", ""));

        Outcome outcome = inItsOwnThread(() -> new Outcome(Scheduling.pinToProcessor(processor), allowedProcessors()));

        assertEquals(new Outcome(Optional.empty(), Integer.toString(processor)), outcome);
        assertEquals(before, allowedProcessors());
    }

    @Test
    void namesTheCureForAProcessorThatTheMachineDoesNotHave() {
        String refusal = Scheduling.pinToProcessor(1000).orElse("");

        assertTrue(refusal.startsWith("cannot pin a thread to processor 1000: Invalid argument; name one"), refusal);
        assertTrue(Scheduling.pinToProcessor(-1).isPresent());
        assertTrue(Scheduling.pinToProcessor(1024).isPresent());
    }

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

    private static String allowedProcessors() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** Field 41 of proc(5)'s stat; the name in brackets, which may hold blanks, is the second. */
    private static String policy() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(38);
    }
}
