package org.noonmark.app;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** Where other threads bring events for the timing thread. Bringing never blocks: when it is full, the event is dropped and counted. */
final class Inbox implements Consumer<TimingEvent> {
    /** Half a minute of events: when so many wait, the timing thread hangs, and old events are of no use. */
    private static final int CAPACITY = 256;

    private final BlockingQueue<TimingEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();

    @Override
    public void accept(TimingEvent event) {
        if (!queue.offer(event) && dropped.getAndIncrement() == 0) {
            Logger.error("the timing thread does not keep up: edges and labels are dropped");
        }
    }

    /** The next event, or null when none came within {@code nanos}. */
    @Nullable TimingEvent poll(long nanos) throws InterruptedException {
        return queue.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /** Forgets what waits. */
    void clear() {
        queue.clear();
    }

    /** Events dropped since the start. */
    long dropped() {
        return dropped.get();
    }
}
