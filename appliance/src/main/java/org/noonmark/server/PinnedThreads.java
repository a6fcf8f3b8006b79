package org.noonmark.server;

import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.noonmark.linux.Scheduling;
import org.tinylog.Logger;

/** Threads that stay on one core each, the cores in turn. Any thread may ask. */
final class PinnedThreads implements ThreadFactory {
    private final List<Integer> cores;
    private final ThreadFactory factory;
    private final AtomicInteger made = new AtomicInteger();

    PinnedThreads(List<Integer> cores, ThreadFactory factory) {
        this.cores = List.copyOf(cores);
        this.factory = factory;
    }

    @Override
    public Thread newThread(Runnable work) {
        int core = cores.get(made.getAndIncrement() % cores.size());
        return factory.newThread(() -> {
            Scheduling.pin(core).ifPresent(Logger::warn);
            work.run();
        });
    }
}
