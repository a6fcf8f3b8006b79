package org.noonmark.app;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.tinylog.Logger;

/** Makes the threads on which the time depends: as urgent as the owner asked for, and never lost in silence. Any thread may ask. */
final class TimeThreads implements ThreadFactory {
    /** As of a program that was aborted. */
    private static final int DEATH_EXIT_CODE = 134;

    private final int priority;
    private final IntFunction<Optional<String>> makeUrgent;
    private final AtomicBoolean refusalIsTold = new AtomicBoolean();

    /**
     * @param priority 1 to 99 for a realtime thread; 0 for an ordinary one
     * @param makeUrgent gives the calling thread that priority, or tells in one sentence why not
     */
    TimeThreads(int priority, IntFunction<Optional<String>> makeUrgent) {
        this.priority = priority;
        this.makeUrgent = makeUrgent;
    }

    @Override
    public Thread newThread(Runnable work) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler(TimeThreads::onDeath)
                .unstarted(() -> {
                    takePriority();
                    work.run();
                });
    }

    /** Time is right without it, only less punctual: a refusal is told once, for all threads. */
    private void takePriority() {
        if (priority == 0) {
            return;
        }
        makeUrgent
                .apply(priority)
                .filter(_ -> refusalIsTold.compareAndSet(false, true))
                .ifPresent(Logger::warn);
    }

    /**
     * A thread that dies by our own mistake takes the process with it: the service manager starts it anew, and meanwhile nobody is
     * served a time that nobody watches.
     */
    @SuppressWarnings("SystemExitOutsideMain")
    static void onDeath(Thread thread, Throwable cause) {
        Logger.error(cause, "the {} thread has died: the daemon ends", thread.getName());
        Runtime.getRuntime().halt(DEATH_EXIT_CODE);
    }
}
