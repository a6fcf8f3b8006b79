package org.noonmark.app;

import java.util.Optional;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.provisioning.LocalReference;
import org.noonmark.time.NtpTime;

/**
 * Decides what the server says of itself. Synchronised only while the timing core proves it; or, where the owner asked for it by
 * {@code local}, after it once was proven. Used by the timing thread only.
 */
final class ServedTime {
    /** The reference id of a clock that follows nothing, 127.127.1.1, as chrony's and ntpd's. */
    static final int LOCAL_REFERENCE_ID = 0x7f7f_0101;

    private static final double NANOS_PER_SECOND = 1e9;

    private final int precision;
    private final int referenceId;
    private final long rootDelayNanos;
    private final Optional<LocalReference> local;
    private boolean provenOnce;

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

    /** What answers say from {@code status} on. */
    SystemVariables of(ClockStatus status) {
        boolean synchronised = status.state().isSynchronised();
        provenOnce |= synchronised;
        long dispersionNanos = dispersionNanos(status);
        if (synchronised && (local.isEmpty() || dispersionNanos <= local.get().distanceNanos())) {
            return variables(status, 1, referenceId, dispersionNanos);
        }
        if (provenOnce && local.isPresent()) {
            return variables(status, local.get().stratum(), LOCAL_REFERENCE_ID, dispersionNanos);
        }
        return SystemVariables.unsynchronised(precision);
    }

    /** The clock is being moved: what was proven of it counts no more, for {@code local} neither. */
    void onMoved() {
        provenOnce = false;
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
