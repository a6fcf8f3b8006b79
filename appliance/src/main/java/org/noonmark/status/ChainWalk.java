package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;
import org.noonmark.ntp.Disposition;
import org.noonmark.status.Finding.Severity;
import org.noonmark.status.ReceiverStatus.Link;

/** Every link of the chain that the daemon can see: its troubles ({@link Diagnosis}), and of the links without one how well they hold. */
final class ChainWalk {
    /** A daemon that started so lately is not blamed for what takes time. */
    private static final double STARTING_SECONDS = 60;

    /** Of edges, beyond which those refused are no accident. */
    private static final double REFUSED_SHARE = 0.1;

    /** Fewer packets say nothing of who asks. */
    private static final long ENOUGH_PACKETS = 20;

    /** Of the selection's reasons those that do not pass by themselves. */
    private static final List<String> DISAGREEMENTS = List.of("no majority", "no source can be used");

    /** How the reason begins when not the timing core has moved the clock: its own words, and those of the kernel's clock. */
    private static final List<String> MOVED_BY_OTHERS =
            List.of("the clock was moved by someone else", "another program steers this machine's clock");

    private final StatusSnapshot snapshot;
    private final long nowNanos;
    private final List<Finding> findings;

    private ChainWalk(StatusSnapshot snapshot, long nowNanos) {
        this.snapshot = snapshot;
        this.nowNanos = nowNanos;
        findings = new ArrayList<>(Diagnosis.troubles(snapshot, nowNanos));
    }

    /** At least one finding for each link from the port to the lock, and for time and keys as served. */
    static List<Finding> of(StatusSnapshot snapshot, long nowNanos) {
        ChainWalk walk = new ChainWalk(snapshot, nowNanos);
        snapshot.receivers().forEach(walk::receiver);
        snapshot.pulses().forEach(walk::pulse);
        walk.rivals();
        walk.label();
        walk.lock();
        walk.served();
        walk.certificates();
        return walk.findings;
    }

    private boolean isBroken(ChainLink link) {
        return findings.stream()
                .anyMatch(each -> each.link() == link && each.severity().isBroken());
    }

    private void holds(ChainLink link, String what) {
        if (!isBroken(link)) {
            findings.add(Finding.ok(link, what));
        }
    }

    private void receiver(ReceiverStatus receiver) {
        if (receiver.link() == Link.TALKING) {
            holds(ChainLink.UART, receiver.device() + " talks");
            holds(
                    ChainLink.BAUD,
                    receiver.baud() == 0 ? "a port without a speed of its own" : receiver.baud() + " baud");
            long bad = receiver.checksumErrors();
            if (receiver.frames() > 0 && bad > ENOUGH_PACKETS && bad > receiver.frames() * REFUSED_SHARE) {
                findings.add(Finding.warning(
                        ChainLink.NMEA,
                        format("%d of %d messages came damaged", bad, bad + receiver.frames()),
                        "shorten the wires, give them a common ground, and keep other programs off the port"));
            } else {
                holds(
                        ChainLink.NMEA,
                        format(
                                "%d messages (%s), %d damaged",
                                receiver.frames(), String.join(", ", receiver.messages()), bad));
            }
        }
        if (receiver.fix().isFix()) {
            holds(ChainLink.ANTENNA, "%d satellites are heard".formatted(receiver.satellitesSeen()));
            holds(
                    ChainLink.FIX,
                    "%d of %d satellites are used".formatted(receiver.satellitesUsed(), receiver.satellitesSeen()));
        }
    }

    private void pulse(PulseStatus pulse) {
        holds(ChainLink.PULSE_DEVICE, pulse.device() + " is open");
        if (pulse.edges() > ENOUGH_PACKETS && pulse.rejected() > pulse.edges() * REFUSED_SHARE) {
            String why = pulse.checks().refusals().stream()
                    .max((a, b) -> Long.compare(a.count(), b.count()))
                    .map(PulseStatus.Refusal::reason)
                    .orElse("");
            findings.add(Finding.ofSentence(
                    ChainLink.EDGE,
                    Severity.WARNING,
                    format("%d of %d pulses were refused, most of them: %s", pulse.rejected(), pulse.edges(), why)));
        }
        if (pulse.lastEdgeNanos() != 0) {
            String width = pulse.checks().widthNanos() == 0
                    ? ""
                    : ", each lasts " + Figures.nanos((double) pulse.checks().widthNanos());
            holds(
                    ChainLink.EDGE,
                    format(
                            "%d pulses, the last %s%s",
                            pulse.edges(), Figures.ago(pulse.lastEdgeNanos(), nowNanos), width));
        }
    }

    private void rivals() {
        ClockStatus clock = snapshot.clock();
        if (clock.state() != SyncState.DISCIPLINED && MOVED_BY_OTHERS.stream().anyMatch(clock.why()::startsWith)) {
            findings.add(
                    Finding.warning(
                            ChainLink.RIVALS,
                            clock.why(),
                            snapshot.program().steersClock()
                                    ? "stop what sets the clock beside this program (chronyd, ntpd, timesyncd, a script with 'date -s')"
                                    : "this daemon serves a copy of the machine's clock (-x): let what sets that clock slew it and never step it, or run without -x"));
        }
    }

    private void label() {
        ClockStatus clock = snapshot.clock();
        ClockStatus.Labelling labelling = clock.labelling();
        if (labelling.certain()) {
            holds(
                    ChainLink.LABEL,
                    format(
                            "%s names the seconds, %s after the pulse +/- %s as measured: no offset need be entered",
                            labelling.source(),
                            Figures.nanos(labelling.delayNanos()),
                            Figures.nanos(labelling.delaySigmaNanos())));
        } else if (!snapshot.receivers().isEmpty() && !clock.state().isSynchronised()) {
            findings.add(
                    Finding.ofSentence(ChainLink.LABEL, notYet(), "seconds have no certain number: ", clock.why()));
        }
    }

    private Severity notYet() {
        double up = (nowNanos - snapshot.program().startedNanos()) / 1e9;
        return up < STARTING_SECONDS || snapshot.isFollowingServers() ? Severity.WARNING : Severity.CRITICAL;
    }

    private void lock() {
        ClockStatus clock = snapshot.clock();
        SyncState state = clock.state();
        switch (state) {
            case DISCIPLINED ->
                holds(
                        ChainLink.LOCK,
                        "within " + Figures.bound(snapshot.system().rootDistanceNanos(nowNanos)) + " of UTC");
            case HOLDOVER ->
                findings.add(Finding.ofSentence(ChainLink.LOCK, Severity.WARNING, "holdover: ", clock.why()));
            case LABELLED ->
                findings.add(Finding.warning(ChainLink.LOCK, clock.why(), "wait some seconds, and ask again"));
            case COLD, REFUSED -> unlocked(clock);
        }
        String disagreement = snapshot.sources().disagreement();
        if (DISAGREEMENTS.stream().anyMatch(disagreement::startsWith)) {
            findings.add(Finding.warning(
                    ChainLink.LOCK,
                    snapshot.sources().kinds() + ": " + disagreement,
                    "see 'noonmark selectdata -v' for which is wrong or out of reach, and replace that one"));
        }
    }

    private void unlocked(ClockStatus clock) {
        if (snapshot.isFollowingServers()) {
            findings.add(Finding.warning(
                    ChainLink.LOCK,
                    format(
                            "time is had from other %s, at stratum %d: %s",
                            snapshot.sources().kinds(), snapshot.system().stratum(), clock.why()),
                    "cure what keeps the receiver from being followed, and it is stratum 1 again"));
        } else {
            findings.add(
                    isBroken(ChainLink.LABEL)
                            ? new Finding(
                                    ChainLink.LOCK, notYet(), "not synchronised, since the seconds have no number", "")
                            : Finding.ofSentence(ChainLink.LOCK, notYet(), "not synchronised: ", clock.why()));
        }
    }

    private void served() {
        ServerStatus server = snapshot.server();
        if (server.listening().isEmpty()) {
            findings.add(Finding.warning(
                    ChainLink.NTP,
                    "time is served at no address",
                    "give 'port 123' and an 'allow' line in noonmark.conf"));
            return;
        }
        long denied = refused(server, Disposition.DENIED);
        long limited = refused(server, Disposition.RATE_LIMITED);
        if (denied >= ENOUGH_PACKETS && denied > server.answered()) {
            findings.add(Finding.warning(
                    ChainLink.NTP,
                    format(
                            "%d of %d requests came from addresses that no allow line covers",
                            denied, server.requests()),
                    "add 'allow SUBNET' for them in noonmark.conf; 'noonmark accheck ADDRESS' tells who is answered"));
        }
        if (limited >= ENOUGH_PACKETS && limited > server.requests() * REFUSED_SHARE) {
            findings.add(
                    Finding.warning(
                            ChainLink.NTP,
                            format("%d of %d requests went unanswered by 'ratelimit'", limited, server.requests()),
                            "if the clients are honest ('noonmark clients'), raise 'burst' or lower 'interval' in the ratelimit line"));
        }
        holds(
                ChainLink.NTP,
                format(
                        "served at %s, %d of %d requests answered",
                        String.join(" and ", server.listening()), server.answered(), server.requests()));
    }

    private static long refused(ServerStatus server, Disposition why) {
        return server.refusals().stream()
                .filter(each -> each.reason().equals(why.sentence()))
                .mapToLong(ServerStatus.Refusal::count)
                .sum();
    }

    private void certificates() {
        NtsStatus nts = snapshot.nts();
        nts.certificates().stream().limit(1).forEach(this::certificate);
        if (nts.listening().isEmpty() && !nts.waiting().isEmpty() && !isBroken(ChainLink.CERTIFICATE)) {
            findings.add(Finding.ofSentence(ChainLink.CERTIFICATE, Severity.WARNING, "NTS: ", nts.waiting()));
        } else if (nts.listening().isEmpty()) {
            holds(ChainLink.CERTIFICATE, "no NTS is asked for");
        }
    }

    private void certificate(NtsStatus.Certificate dearest) {
        long nowSeconds = Math.floorDiv(nowNanos, 1_000_000_000L);
        if (snapshot.isSynchronised() && nowSeconds >= dearest.notAfterSeconds()) {
            findings.add(Finding.critical(
                    ChainLink.CERTIFICATE,
                    "NTS: the certificate (" + dearest.origin() + ") expired on "
                            + Figures.date(dearest.notAfterSeconds()),
                    "put a new certificate with its key in its place: it is taken without a restart"));
        } else {
            holds(ChainLink.CERTIFICATE, dearest.origin() + ", valid until " + Figures.date(dearest.notAfterSeconds()));
        }
    }
}
