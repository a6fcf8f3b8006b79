package org.noonmark.status;

import java.util.List;
import java.util.Optional;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.SourcesStatus;

/**
 * One moment of the daemon, for people and their programs. Immutable.
 *
 * @param program what runs, and since when
 * @param clock the timing core's own account
 * @param system the variables as they are served
 * @param receivers in the order of the configuration; the first numbers the seconds
 * @param pulses in the order of the configuration; the first steers the clock
 * @param sources other time servers that are asked, and clocks at this machine
 * @param server what has been served
 * @param leapSeconds the owner's list; empty when there is none that can be believed
 * @param nts how keys are established
 */
public record StatusSnapshot(
        Program program,
        ClockStatus clock,
        SystemVariables system,
        List<ReceiverStatus> receivers,
        List<PulseStatus> pulses,
        SourcesStatus sources,
        ServerStatus server,
        Optional<LeapSecondsList> leapSeconds,
        NtsStatus nts) {

    public StatusSnapshot {
        receivers = List.copyOf(receivers);
        pulses = List.copyOf(pulses);
    }

    /** Without NTS. */
    public StatusSnapshot(
            Program program,
            ClockStatus clock,
            SystemVariables system,
            List<ReceiverStatus> receivers,
            List<PulseStatus> pulses,
            SourcesStatus sources,
            ServerStatus server,
            Optional<LeapSecondsList> leapSeconds) {
        this(program, clock, system, receivers, pulses, sources, server, leapSeconds, NtsStatus.NONE);
    }

    /** Whether a receiver knows where it is, or at least the time. */
    public boolean hasFix() {
        return receivers.stream()
                .anyMatch(receiver -> receiver.link() == ReceiverStatus.Link.TALKING
                        && receiver.fix().isFix());
    }

    /** Whether the time is proven, and served as such. */
    public boolean isSynchronised() {
        return clock.state().isSynchronised() || isFollowingServers();
    }

    /** Whether the time is had from other sources. */
    public boolean isFollowingServers() {
        return !clock.state().isSynchronised() && system.isFromServers();
    }
}
