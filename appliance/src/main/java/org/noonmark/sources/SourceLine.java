package org.noonmark.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A configured line and what became of it: the servers that its name stands for, and when that name is looked up. In raw time. */
final class SourceLine {
    private static final long SECOND = 1_000_000_000L;
    /** Longer than Java remembers that a name was not found (networkaddress.cache.negative.ttl, 10 s). */
    private static final long FIRST_RETRY_NANOS = 14 * SECOND;

    private static final long LAST_RETRY_NANOS = 3_600 * SECOND;

    private final SourceConfig config;
    private final List<Association> associations = new ArrayList<>();
    /** The address whose place a better one is to take; it is asked until that is found. */
    private @Nullable Association unwanted;
    /** Addresses of the name that were found last, and have not been tried since. */
    private List<SourceAddress> untried = List.of();

    private long lookUpRawNanos;
    private long retryNanos = FIRST_RETRY_NANOS;
    private boolean online;
    private boolean refreshing;

    SourceLine(SourceConfig config, long rawNanos) {
        this.config = config;
        lookUpRawNanos = rawNanos;
        online = !config.options().polling().offline();
    }

    SourceConfig config() {
        return config;
    }

    /** Those that are asked, as they are now. */
    List<Association> associations() {
        return List.copyOf(associations);
    }

    boolean has(Association association) {
        return associations.contains(association);
    }

    boolean isEmpty() {
        return associations.isEmpty();
    }

    /** When something is to be done. */
    long dueRawNanos() {
        long due = lookUpRawNanos;
        for (Association association : associations) {
            due = Math.min(due, association.dueRawNanos());
        }
        return due;
    }

    boolean isLookUpDue(long rawNanos) {
        return lookUpRawNanos <= rawNanos;
    }

    /** Its name is looked up now; again later, should nobody answer. */
    void onLookUp(long rawNanos) {
        // When the time for it has come its servers are held against the name; a bad one is replaced without that.
        refreshing |= unwanted == null && !associations.isEmpty();
        lookUpRawNanos = rawNanos + retryNanos;
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }

    /** The name is to be looked up at once. */
    void refresh(long rawNanos) {
        refreshing = true;
        lookUpRawNanos = rawNanos;
        retryNanos = FIRST_RETRY_NANOS;
    }

    /** The name stands for these, of which there is at least one. */
    void onFound(List<SourceAddress> addresses) {
        if (refreshing) {
            refreshing = false;
            // A server that the name no longer stands for makes room.
            associations.stream()
                    .filter(a -> !addresses.contains(a.address()))
                    .findFirst()
                    .ifPresent(gone -> unwanted = gone);
        }
    }

    /** Whether another server may be asked, perhaps in place of one that is to make room. */
    boolean wantsMore() {
        return unwanted != null || hasRoom();
    }

    boolean hasRoom() {
        return associations.size() < config.maxSources();
    }

    /** The one that makes room now; null: none does. */
    @Nullable Association makeRoom() {
        Association gone = unwanted;
        unwanted = null;
        return gone;
    }

    /** What was found is taken; those that are not asked wait for their turn. */
    void onTaken(List<SourceAddress> notAsked, long rawNanos, long refreshNanos) {
        unwanted = null;
        untried = List.copyOf(notAsked);
        if (!associations.isEmpty()) {
            retryNanos = FIRST_RETRY_NANOS;
            lookUpRawNanos = rawNanos + refreshNanos;
        }
    }

    /** Another address of the name, which is no longer one that was not tried. */
    Optional<SourceAddress> nextUntried(Predicate<SourceAddress> isAsked) {
        Optional<SourceAddress> another =
                untried.stream().filter(isAsked.negate()).findFirst();
        another.ifPresent(taken -> untried =
                untried.stream().filter(address -> !address.equals(taken)).toList());
        return another;
    }

    /** Its server was lost to another line: its name is not looked up before a while is over. */
    void onLost(long rawNanos) {
        lookUpRawNanos = Math.max(lookUpRawNanos, rawNanos + FIRST_RETRY_NANOS);
    }

    /** Another server is to take the place of {@code bad}, {@code soon} at the latest. An address in figures stands for itself alone. */
    void replace(Association bad, long soonRawNanos) {
        if (unwanted == null && !config.name().equals(bad.address().text())) {
            unwanted = bad;
            lookUpRawNanos = Math.min(lookUpRawNanos, soonRawNanos);
        }
    }

    void add(Association association, long rawNanos) {
        associations.add(association);
        if (online) {
            association.goOnline(rawNanos);
        }
    }

    void remove(Association association) {
        associations.remove(association);
    }

    /** Servers that are found later are asked, or not, as those that are there. */
    void setOnline(boolean online) {
        this.online = online;
    }
}
