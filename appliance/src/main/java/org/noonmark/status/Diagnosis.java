package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.noonmark.sources.SourceStatus;
import org.noonmark.status.Finding.Severity;
import org.noonmark.status.ReceiverStatus.Fix;

/** From a snapshot to plain sentences: what is wrong, and what a person can do about it. The nearest to the cause comes first. */
final class Diagnosis {
    /** A pulse is missed when it is this late. */
    private static final double PULSE_LATE_SECONDS = 3;

    /** Of two nobody can tell who is wrong. */
    private static final int LEAST_SERVERS = 3;

    private Diagnosis() {}

    /** What is wrong, in sentences; empty when nothing is. */
    static List<String> of(StatusSnapshot snapshot, long nowNanos) {
        return troubles(snapshot, nowNanos).stream().map(Finding::sentence).toList();
    }

    /** What is wrong, with the link of the chain that it breaks. */
    static List<Finding> troubles(StatusSnapshot snapshot, long nowNanos) {
        List<Finding> troubles = new ArrayList<>();
        if (snapshot.receivers().isEmpty() && snapshot.sources().all().isEmpty()) {
            troubles.add(Finding.critical(
                    ChainLink.UART,
                    "No receiver is configured",
                    "name it in noonmark.conf, for example: receiver /dev/ttyAMA0 pps /dev/pps0"));
        }
        snapshot.receivers().forEach(each -> receiverTrouble(each, nowNanos).ifPresent(troubles::add));
        snapshot.pulses().forEach(each -> pulseTrouble(each, nowNanos).ifPresent(troubles::add));
        // Only a clock that is right can tell that a list is too old.
        if (snapshot.isSynchronised()) {
            snapshot.leapSeconds()
                    .filter(list -> list.isExpired(Math.floorDiv(nowNanos, 1_000_000_000L)))
                    .ifPresent(list -> troubles.add(Finding.warning(
                            ChainLink.LABEL,
                            "The " + list.name() + " expired on " + Figures.date(list.expiresUnixSeconds()),
                            "update it (on Debian it comes with the package tzdata)")));
        }
        String alarm = snapshot.clock().leap().alarm();
        if (!alarm.isEmpty()) {
            String sentence = Character.toUpperCase(alarm.charAt(0)) + alarm.substring(1);
            troubles.add(Finding.ofSentence(ChainLink.LABEL, Severity.WARNING, sentence));
        }
        snapshot.sources().all().stream()
                .map(source -> ServerReport.of(source, snapshot))
                .filter(report -> snapshot.isSynchronised() && report.isContradictedSecond())
                .forEach(report -> troubles.add(contradiction(report.source())));
        drawnAway(snapshot).ifPresent(troubles::add);
        snapshot.nts()
                .troubles()
                .forEach(trouble -> troubles.add(Finding.ofSentence(
                        trouble.startsWith("port ") ? ChainLink.NTS : ChainLink.CERTIFICATE,
                        snapshot.nts().listening().isEmpty() ? Severity.CRITICAL : Severity.WARNING,
                        "NTS: ",
                        trouble)));
        return troubles;
    }

    /** What agreed and weighed enough would have stopped the service by now. */
    private static Finding contradiction(SourceStatus source) {
        return Finding.warning(
                ChainLink.LOCK,
                String.format(
                        Locale.ROOT,
                        "%s %s says that the clock is %.3f s off, and the receiver has proven its seconds; one %s does not stop the service",
                        source.isClock() ? "Reference clock" : "Server",
                        source.shown(),
                        source.figures().offsetNanos() * 1e-9,
                        source.isClock() ? "that its owner does not trust" : "server that anybody may speak for"),
                source.isClock()
                        ? "correct its 'offset', or write 'noselect' on its line"
                        : "check that server, and name a second one, or give it a key or 'trust'");
    }

    /** Servers do not stop a receiver for fractions of a second; a person can look why they say so. */
    private static Optional<Finding> drawnAway(StatusSnapshot snapshot) {
        List<ServerReport> heard = snapshot.sources().all().stream()
                .map(source -> ServerReport.of(source, snapshot))
                .filter(ServerReport::isHeard)
                .toList();
        return heard.size() < LEAST_SERVERS
                ? Optional.empty()
                : drawnAway(heard, 1, snapshot).or(() -> drawnAway(heard, -1, snapshot));
    }

    private static Optional<Finding> drawnAway(List<ServerReport> heard, int sign, StatusSnapshot snapshot) {
        List<ServerReport> against = heard.stream()
                .filter(report -> report.drawnAwayNanos() * sign > 0)
                .toList();
        if (2 * against.size() <= heard.size()) {
            return Optional.empty();
        }
        double least = against.stream()
                .mapToDouble(report -> Math.abs(report.drawnAwayNanos()))
                .min()
                .orElseThrow();
        return Optional.of(Finding.warning(
                ChainLink.LOCK,
                String.format(
                        Locale.ROOT,
                        "%d of %d %s say that the clock is at least %.1f ms off, far more than they can be wrong by; a false signal may draw"
                                + " the pulses away",
                        against.size(),
                        heard.size(),
                        snapshot.sources().kinds(),
                        sign * least * 1e-6),
                "compare the receiver with another one, and look for jammers near its antenna; where they are wrong, write 'noselect'"
                        + " on their lines"));
    }

    private static Optional<Finding> receiverTrouble(ReceiverStatus receiver, long nowNanos) {
        if (!receiver.trouble().isEmpty()) {
            return Optional.of(Finding.ofSentence(ChainLink.UART, Severity.CRITICAL, receiver.trouble()));
        }
        String device = receiver.device();
        return switch (receiver.link()) {
            case ABSENT ->
                Optional.of(
                        Finding.critical(ChainLink.UART, device + " is not there", "check cable and configuration"));
            case SILENT ->
                Optional.of(Finding.critical(
                        ChainLink.UART,
                        device + " is silent (last byte " + Figures.ago(receiver.lastByteNanos(), nowNanos) + ")",
                        "check power and wiring of the receiver (its TX to our RX)"));
            case GARBLED ->
                Optional.of(Finding.critical(
                        ChainLink.BAUD,
                        device + " sends bytes that are no messages"
                                + (receiver.baud() == 0 ? "" : " at " + receiver.baud() + " baud"),
                        "the speed may be wrong; let it be found with baud auto"));
            case TALKING -> heardTrouble(receiver);
        };
    }

    private static Optional<Finding> heardTrouble(ReceiverStatus receiver) {
        if (!receiver.distrust().isEmpty()) {
            return Optional.of(Finding.ofSentence(
                    ChainLink.ANTENNA,
                    Severity.CRITICAL,
                    "The receiver is distrusted and not followed: ",
                    receiver.distrust()));
        }
        if (receiver.fix() != Fix.NONE) {
            return Optional.empty();
        }
        return Optional.of(
                switch (receiver.antenna()) {
                    case OPEN ->
                        Finding.critical(
                                ChainLink.ANTENNA,
                                "The receiver feels no antenna (open) and has no fix",
                                "connect an active antenna, and check its plug and cable");
                    case SHORT ->
                        Finding.critical(
                                ChainLink.ANTENNA,
                                "The receiver feels a short circuit in its antenna and has no fix",
                                "unplug the antenna, check cable and plugs for a short, or take another");
                    case INITIALISING, UNKNOWN, OK -> unseen(receiver.satellitesSeen());
                });
    }

    private static Finding unseen(int satellites) {
        return satellites == 0
                ? Finding.critical(
                        ChainLink.ANTENNA,
                        "The receiver has no fix (0 satellites in view)",
                        "is the antenna connected? Give it an open view of the sky; a cold start takes minutes")
                : Finding.critical(
                        ChainLink.FIX,
                        "The receiver has no fix (" + satellites + " satellites in view)",
                        "give its antenna an open view of the sky; a cold start takes minutes");
    }

    private static Optional<Finding> pulseTrouble(PulseStatus pulse, long nowNanos) {
        boolean heard = pulse.lastEdgeNanos() != 0;
        if (!pulse.trouble().isEmpty()) {
            boolean ofEdges = pulse.trouble().startsWith(pulse.device() + PulseStatus.NOT_FOLLOWED);
            ChainLink link = ofEdges ? ChainLink.EDGE : ChainLink.PULSE_DEVICE;
            return Optional.of(Finding.ofSentence(link, Severity.CRITICAL, pulse.trouble()));
        }
        if (!heard) {
            return Optional.of(Finding.critical(
                    ChainLink.EDGE,
                    "No pulse on " + pulse.device() + " yet",
                    "many receivers pulse only with a fix; else check the PPS wire and the pin in config.txt"));
        }
        double age = (nowNanos - pulse.lastEdgeNanos()) / 1e9;
        return age < PULSE_LATE_SECONDS
                ? Optional.empty()
                : Optional.of(Finding.critical(
                        ChainLink.EDGE,
                        "No pulse on " + pulse.device() + " for " + Figures.lasting(age),
                        "check the receiver's fix and the PPS wire"));
    }
}
