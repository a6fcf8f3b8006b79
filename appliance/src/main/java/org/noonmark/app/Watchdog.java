package org.noonmark.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Tells the service manager that the daemon lives, as long as it does: called by the timing thread, so it falls silent when that thread
 * hangs, and says nothing either while a packet thread stands still. Used by the timing thread only.
 */
final class Watchdog {
    /** A packet thread goes round at least once a second, also when nobody asks; the rest is margin for a machine under load. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Runnable alive;
    private final Supplier<List<Long>> rounds;
    private List<Long> lastRounds = List.of();
    private final List<Long> movedNanos = new ArrayList<>();
    private boolean silent;

    /**
     * @param alive tells the service manager
     * @param rounds how often each packet thread has gone round, always in the same order
     */
    Watchdog(Runnable alive, Supplier<List<Long>> rounds) {
        this.alive = alive;
        this.rounds = rounds;
    }

    /** @param nowNanos of the monotonic clock */
    void onTick(long nowNanos) {
        int standing = standing(nowNanos);
        if (standing < 0) {
            silent = false;
            alive.run();
        } else if (!silent) {
            silent = true;
            Logger.error(
                    "the packet thread ntp-{} stands still: the service manager is told no more that all is well",
                    standing);
        }
    }

    /** Index of a packet thread that has not gone round for too long; -1 when there is none. */
    private int standing(long nowNanos) {
        List<Long> now = rounds.get();
        int standing = -1;
        for (int i = 0; i < now.size(); i++) {
            if (i >= lastRounds.size()) {
                movedNanos.add(nowNanos);
            } else if (!now.get(i).equals(lastRounds.get(i))) {
                movedNanos.set(i, nowNanos);
            } else if (nowNanos - movedNanos.get(i) > PATIENCE_NANOS) {
                standing = i;
            }
        }
        lastRounds = now;
        return standing;
    }
}
