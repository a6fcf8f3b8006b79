package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TimeThreadsTest {
    /** What happened, in its order. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private void run(int priority, Optional<String> refusal) throws InterruptedException {
        TimeThreads threads = new TimeThreads(priority, asked -> {
            seen.add(Thread.currentThread().getName() + " asks for " + asked);
            return refusal;
        });
        Thread thread = threads.newThread(() -> seen.add(Thread.currentThread().getName() + " works"));
        thread.setName("pps");
        thread.start();
        thread.join();
    }

    @Test
    void takesItsPriorityItselfBeforeItsWork() throws InterruptedException {
        run(5, Optional.empty());

        assertEquals(List.of("pps asks for 5", "pps works"), seen);
    }

    @Test
    void worksWithoutThePriorityThatIsRefused() throws InterruptedException {
        run(5, Optional.of("no realtime priority 5: this is only a test"));

        assertEquals(List.of("pps asks for 5", "pps works"), seen);
    }

    @Test
    void ordinaryThreadsAskForNothing() throws InterruptedException {
        run(0, Optional.empty());

        assertEquals(List.of("pps works"), seen);
    }
}
