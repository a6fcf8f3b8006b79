package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.noonmark.sources.SourceStatus;
import org.noonmark.status.ReceiverStatus.Fix;
import org.noonmark.status.ReceiverStatus.Link;

/** From a snapshot to plain sentences: what is wrong, and what a person can do about it. The nearest to the cause comes first. */
final class Diagnosis {
    /** A pulse is missed when it is this late. */
    private static final double PULSE_LATE_SECONDS = 3;

    private Diagnosis() {}

    /** What is wrong; empty when nothing is. */
    static List<String> of(StatusSnapshot snapshot, long nowNanos) {
        List<String> troubles = new ArrayList<>();
        if (snapshot.receivers().isEmpty() && snapshot.sources().all().isEmpty()) {
            troubles.add(
                    "No receiver is configured: name it in noonmark.conf, for example: receiver /dev/ttyAMA0 pps /dev/pps0");
        }
        for (ReceiverStatus receiver : snapshot.receivers()) {
            String trouble = receiverTrouble(receiver, nowNanos);
            if (!trouble.isEmpty()) {
                troubles.add(trouble);
            }
        }
        for (PulseStatus pulse : snapshot.pulses()) {
            String trouble = pulseTrouble(pulse, nowNanos);
            if (!trouble.isEmpty()) {
                troubles.add(trouble);
            }
        }
        // Only a clock that is right can tell that a list is too old.
        if (snapshot.isSynchronised()) {
            snapshot.leapSeconds()
                    .filter(list -> list.isExpired(Math.floorDiv(nowNanos, 1_000_000_000L)))
                    .ifPresent(list -> troubles.add("The " + list.name() + " expired on "
                            + Figures.date(list.expiresUnixSeconds())
                            + ": update it (on Debian it comes with the package tzdata)"));
        }
        String alarm = snapshot.clock().leap().alarm();
        if (!alarm.isEmpty()) {
            troubles.add(Character.toUpperCase(alarm.charAt(0)) + alarm.substring(1));
        }
        snapshot.sources().all().stream()
                .map(source -> ServerReport.of(source, snapshot))
                .filter(report -> snapshot.isSynchronised() && report.isContradictedSecond())
                .forEach(report -> troubles.add(contradiction(report.source())));
        snapshot.nts().troubles().forEach(trouble -> troubles.add("NTS: " + trouble));
        return troubles;
    }

    /** What agreed and weighed enough would have stopped the service by now. */
    private static String contradiction(SourceStatus source) {
        return String.format(
                Locale.ROOT,
                "Server %s says that the clock is %.3f s off, and the receiver has proven its seconds; one server that anybody may speak for"
                        + " does not stop the service: check that server, and name a second one, or give it a key or 'trust'",
                source.shown(),
                source.figures().offsetNanos() * 1e-9);
    }

    private static String receiverTrouble(ReceiverStatus receiver, long nowNanos) {
        if (!receiver.trouble().isEmpty()) {
            return receiver.trouble();
        }
        String device = receiver.device();
        if (receiver.link() != Link.TALKING) {
            return switch (receiver.link()) {
                case ABSENT -> device + " is not there: check cable and configuration";
                case SILENT ->
                    device + " is silent (last byte " + Figures.ago(receiver.lastByteNanos(), nowNanos)
                            + "): check power and wiring of the receiver (its TX to our RX)";
                case GARBLED, TALKING ->
                    device + " sends bytes that are no messages"
                            + (receiver.baud() == 0 ? "" : " at " + receiver.baud() + " baud")
                            + ": the speed may be wrong; let it be found with baud auto";
            };
        }
        if (!receiver.distrust().isEmpty()) {
            return "The receiver is distrusted and not followed: " + receiver.distrust();
        }
        if (receiver.fix() == Fix.NONE) {
            return "The receiver has no fix (" + receiver.satellitesSeen()
                    + " satellites in view): give its antenna an open view of the sky; a cold start takes minutes";
        }
        return "";
    }

    private static String pulseTrouble(PulseStatus pulse, long nowNanos) {
        if (!pulse.trouble().isEmpty()) {
            return pulse.trouble();
        }
        if (pulse.lastEdgeNanos() == 0) {
            return "No pulse on " + pulse.device()
                    + " yet: many receivers pulse only with a fix; else check the PPS wire and the pin in config.txt";
        }
        double age = (nowNanos - pulse.lastEdgeNanos()) / 1e9;
        return age < PULSE_LATE_SECONDS
                ? ""
                : "No pulse on " + pulse.device() + " for " + Figures.lasting(age)
                        + ": check the receiver's fix and the PPS wire";
    }
}
