package org.noonmark.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.provisioning.LocalReference;
import org.noonmark.time.NtpTime;

/**
 * Decides what the server says of itself. Synchronised only while the timing core proves it, else by the word of other servers;
 * or, where the owner asked for it by {@code local}, after it once was proven or set by hand. Used by the timing thread only.
 */
final class ServedTime {
    /** What a hand has set is nobody's reference. */
    private static final int LEAST_BY_HAND = 2;

    private static final double NANOS_PER_SECOND = 1e9;

    private final int precision;
    private final int referenceId;
    private final long rootDelayNanos;
    private final Optional<LocalReference> local;
    private boolean provenOnce;
    private boolean activated;
    private long provenAtNanos;
    private @Nullable SystemVariables lastProven;
    private @Nullable SetByHand byHand;

    /** The clock was set by a person, who may be off by so much then, and by so much more with time. */
    private record SetByHand(long atNanos, long errorNanos, double growthPpb) {}

    /**
     * @param precision log2 seconds, measured ({@link ClockPrecision})
     * @param referenceId of the receiver or its pulses, as {@link SystemVariables#asciiReferenceId} makes it
     * @param rootDelayNanos what the owner admits for the pulses ({@code delay})
     */
    ServedTime(int precision, int referenceId, long rootDelayNanos, Optional<LocalReference> local) {
        this.precision = precision;
        this.referenceId = referenceId;
        this.rootDelayNanos = rootDelayNanos;
        this.local = local;
    }

    /** What answers say from {@code status} on, where no other servers are asked. */
    SystemVariables of(ClockStatus status) {
        return of(status, Optional.empty(), false);
    }

    /**
     * What answers say from {@code status} on.
     *
     * @param byServers what they may say by the word of other servers
     * @param withheld whether the clock is wrong by that word: then {@code local} says nothing of it
     */
    SystemVariables of(ClockStatus status, Optional<SystemVariables> byServers, boolean withheld) {
        Optional<SystemVariables> proven = status.state().isSynchronised()
                ? Optional.of(variables(status, 1, referenceId, dispersionNanos(status)))
                : byServers;
        proven.ifPresent(variables -> {
            provenOnce = true;
            byHand = null;
            activated |= local.isEmpty()
                    || local.get().activateNanos() == 0
                    || distanceNanos(variables) <= local.get().activateNanos();
            lastProven = variables;
        });
        if (proven.isPresent()
                && (local.isEmpty()
                        || distanceNanos(proven.get()) <= local.get().distanceNanos())) {
            provenAtNanos = status.updatedNanos();
            return proven.get();
        }
        if (provenOnce
                && !withheld
                && activated
                && local.isPresent()
                && status.updatedNanos() - provenAtNanos >= local.get().waitSyncedNanos()) {
            return local(status, local.get().stratum());
        }
        SetByHand set = byHand;
        if (set != null && !withheld && local.isPresent() && local.get().activateNanos() == 0) {
            return local(status, Math.max(LEAST_BY_HAND, local.get().stratum()), set);
        }
        return SystemVariables.unsynchronised(precision);
    }

    private static long distanceNanos(SystemVariables variables) {
        return variables.rootDistanceNanos(variables.dispersionAtNanos());
    }

    /** A clock that last followed servers is as far off as they were, and what it may have drifted since. */
    private SystemVariables local(ClockStatus status, int stratum) {
        SystemVariables last = lastProven;
        if (last == null || !last.isFromServers()) {
            return variables(status, stratum, SystemVariables.LOCAL_REFERENCE_ID, dispersionNanos(status));
        }
        return new SystemVariables(
                leapIndicator(status.leap()),
                stratum,
                precision,
                SystemVariables.LOCAL_REFERENCE_ID,
                last.referenceTimestamp(),
                last.rootDelayNanos(),
                last.rootDispersionNanos(status.updatedNanos()),
                status.updatedNanos(),
                last.dispersionGrowthPpb());
    }

    /** A hand knows the time to a second or so, and nobody has measured the crystal since. */
    private SystemVariables local(ClockStatus status, int stratum, SetByHand set) {
        double since = Math.max(0, status.updatedNanos() - set.atNanos());
        return new SystemVariables(
                leapIndicator(status.leap()),
                stratum,
                precision,
                SystemVariables.LOCAL_REFERENCE_ID,
                NtpTime.ofUnixNanos(set.atNanos()),
                0,
                set.errorNanos() + (long) Math.ceil(since * set.growthPpb() * 1e-9),
                status.updatedNanos(),
                set.growthPpb());
    }

    /** The clock is being moved: what was proven of it counts no more, for {@code local} neither. */
    void onMoved() {
        provenOnce = false;
        lastProven = null;
        byHand = null;
    }

    /**
     * A person has set the clock, which nothing better tells the time: {@code local} may serve that.
     *
     * @param errorNanos how far off it may be at {@code atNanos}
     * @param growthPpb and how much more with time
     */
    void onSetByHand(long atNanos, long errorNanos, double growthPpb) {
        byHand = new SetByHand(atNanos, errorNanos, growthPpb);
    }

    /** Whether nobody but a person has told the time. */
    boolean isByHand() {
        return byHand != null;
    }

    private SystemVariables variables(ClockStatus status, int stratum, int id, long dispersionNanos) {
        return new SystemVariables(
                leapIndicator(status.leap()),
                stratum,
                precision,
                id,
                NtpTime.ofUnixNanos(status.referenceNanos()),
                rootDelayNanos,
                dispersionNanos,
                status.updatedNanos(),
                status.errorGrowthPpb());
    }

    /** RFC 5905, figure 9: 1 for a last minute of 61 seconds, 2 for one of 59. */
    private static int leapIndicator(ClockStatus.Leap leap) {
        return leap.direction() > 0 ? 1 : leap.direction() < 0 ? 2 : 0;
    }

    private long dispersionNanos(ClockStatus status) {
        double precisionNanos = Math.scalb(NANOS_PER_SECOND, precision);
        return status.errorBoundNanos() + (long) Math.ceil(Math.abs(status.residualOffsetNanos()) + precisionNanos);
    }
}
