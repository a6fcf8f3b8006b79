package org.noonmark.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The word to end, from Ctrl-C or the service manager (SIGINT, SIGTERM): holds the process until what runs has closed itself, so that
 * service is withdrawn before it goes; but not for ever.
 */
final class Termination implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Listens from now on. */
    Termination() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::hold, "stop"));
    }

    /** Says the word from within: what runs has given up. */
    void ask() {
        asked.countDown();
    }

    /** Waits for the word. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** Waits for the word so long; true when it came. */
    boolean await(long millis) throws InterruptedException {
        return asked.await(millis, TimeUnit.MILLISECONDS);
    }

    /** All is closed: the process may end. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** To be told to end is no failure, as the virtual machine's own 143 would say to systemd: it is the end of good work. */
    private void hold() {
        if (closed.getCount() == 0) {
            return;
        }
        asked.countDown();
        try {
            boolean inTime = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(inTime ? ExitCode.OK : ExitCode.NOT_GOOD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
