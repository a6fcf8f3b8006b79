package org.noonmark.status;

import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.SyncState;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.status.ReceiverStatus.Constellation;
import org.noonmark.status.ReceiverStatus.Position;

/**
 * The reports for programs. One object in one line. Names are stable: a later version may add some, none changes its meaning. A name
 * ends with its unit; a figure that is not known is left out. Every offset is reference minus local (positive: the local clock is
 * slow), unlike chronyc's. Stamps are the local clock since 1970.
 *
 * <ul>
 *   <li>{@code tracking}: referenceId (eight hex digits), referenceName, stratum (16: not synchronised), referenceTimeNanos,
 *       residualOffsetNanos, lastOffsetNanos, rmsOffsetNanos, frequencyPpm (positive: sped up, the crystal is slow),
 *       residualFrequencyPpm, skewPpm, rootDelayNanos, rootDispersionNanos, updateIntervalSeconds, leapStatus.
 *   <li>{@code sources}: an array in {@code sources}: name, mode ({@code local}, {@code server}), state ({@code selected}, {@code combined},
 *       {@code selectable}, {@code unusable}, {@code falseticker}, {@code jittery}), of a server its address and the reason, stratum,
 *       pollLog2Seconds, reach (0 to 255), lastRxSeconds, adjustedOffsetNanos,
 *       measuredOffsetNanos, errorNanos.
 *   <li>{@code sourcestats}: an array in {@code sources}: name, samples, runs, spanSeconds, frequencyPpm (positive: the source gains on
 *       the clock), skewPpm, offsetNanos, deviationNanos.
 *   <li>{@code gps}: an array in {@code receivers}: name, device, baud, link ({@code absent}, {@code silent}, {@code garbled},
 *       {@code talking}), trouble, model, setUp, distrust, tripwires (trips by name), messages, fix ({@code unknown}, {@code none}, {@code
 *       2d}, {@code 3d}, {@code time}),
 *       satellitesSeen, satellitesUsed, constellations (name, seen, used, meanSignalDbHz), lastLabelUtcSeconds, lastLabelSource,
 *       lastLabelAgeSeconds, lastByteAgeSeconds, frames, checksumErrors, noiseBytes; and only when asked for, position
 *       (latitudeDegrees, longitudeDegrees, altitudeMetres).
 *   <li>{@code pps}: an array in {@code pulses}: name, device, trouble, edges, lost, rejected, lastEdgeNanos, lastEdgeAgeSeconds,
 *       rateHertz and widthNanos (0: not known), missing, refusals (reason and count), delayNanos, delayUncertaintyNanos, delaySource,
 *       jitterNanos, lastOffsetNanos.
 *   <li>{@code serverstats}: listening, requests, answered, sendFailures, refused, refusals (reason and count), clients, authenticated,
 *       ntsAuthenticated, ntsNaks, interleaved,
 *       kernelReceiveStamps, daemonReceiveStamps, commandRequests, commandRefused.
 *   <li>{@code activity}: online, offline, burstThenOnline, burstThenOffline, unknownAddress.
 *   <li>{@code selectdata}, {@code authdata}, {@code ntpdata}: {@link ServerJson}.
 *   <li>{@code status}: program, version, uptimeSeconds, state ({@code cold}, {@code labelled}, {@code disciplined},
 *       {@code holdover}), synchronised, stateAgeSeconds, why, troubles, errorBoundNanos (root dispersion and half the root delay; only
 *       when synchronised), labelling (source, certain, delayNanos, delaySigmaNanos, marginSigmas, agreeing, labels, rejected, utcProof),
 *       leap (direction +1, -1 or 0 at the end of this UTC day, atUnixSeconds and source of the next one, taiMinusUtcSeconds), and the
 *       contents of tracking as an object of that name, receivers, pulses, server, nts, and leapSeconds when a list was read
 *       (source; taiMinusUtcSeconds, only when synchronised; updatedUnixSeconds, expiresUnixSeconds where they are known).
 * </ul>
 */
public final class StatusJson {
    private final StatusSnapshot snapshot;
    private final long nowNanos;
    private final JsonWriter json = new JsonWriter();

    private StatusJson(StatusSnapshot snapshot, long nowNanos) {
        this.snapshot = snapshot;
        this.nowNanos = nowNanos;
    }

    /** {@code status}: all of it but the position. */
    public static String status(StatusSnapshot snapshot, long nowNanos) {
        StatusJson report = new StatusJson(snapshot, nowNanos);
        report.json.beginObject();
        report.state();
        report.json.beginObject("tracking");
        report.tracking();
        report.json.endObject();
        report.receivers(false);
        report.pulses();
        report.json.beginObject("server");
        report.server();
        report.json.endObject();
        report.leapSeconds();
        report.json.beginObject("nts");
        NtsReport.members(snapshot.nts(), report.json);
        report.json.endObject();
        return report.json.endObject().toString();
    }

    /** {@code tracking}. */
    public static String tracking(StatusSnapshot snapshot, long nowNanos) {
        StatusJson report = new StatusJson(snapshot, nowNanos);
        report.json.beginObject();
        report.tracking();
        return report.json.endObject().toString();
    }

    /** {@code sources}. */
    public static String sources(StatusSnapshot snapshot, long nowNanos) {
        JsonWriter json = new JsonWriter().beginObject().beginArray("sources");
        for (SourceReport source : SourceReport.of(snapshot, nowNanos)) {
            json.beginObject().field("name", source.name()).field("mode", "local");
            json.field("state", Names.of(source.state())).field("stratum", 0).field("pollLog2Seconds", 0);
            json.field("reach", source.reach());
            if (source.lastRxSeconds() >= 0) {
                json.field("lastRxSeconds", source.lastRxSeconds());
                json.field("adjustedOffsetNanos", source.adjustedNanos(), 1);
                json.field("measuredOffsetNanos", source.measuredNanos(), 1);
                json.field("errorNanos", source.errorNanos(), 1);
            }
            json.endObject();
        }
        snapshot.sources().all().forEach(source -> ServerJson.source(json, source, snapshot));
        return json.endArray().endObject().toString();
    }

    /** {@code sourcestats}. */
    public static String sourcestats(StatusSnapshot snapshot, long nowNanos) {
        JsonWriter json = new JsonWriter().beginObject().beginArray("sources");
        for (SourceReport source : SourceReport.of(snapshot, nowNanos)) {
            SampleStatistics statistics = source.statistics();
            json.beginObject().field("name", source.name()).field("samples", statistics.samples());
            json.field("runs", statistics.runs()).field("spanSeconds", statistics.spanSeconds(), 1);
            json.field("frequencyPpm", statistics.frequencyPpb() / 1e3, 6)
                    .field("skewPpm", statistics.skewPpb() / 1e3, 6);
            json.field("offsetNanos", statistics.offsetNanos(), 1)
                    .field("deviationNanos", statistics.deviationNanos(), 1);
            json.endObject();
        }
        snapshot.sources().all().forEach(source -> ServerJson.statistics(json, source));
        return json.endArray().endObject().toString();
    }

    /** {@code gps}. */
    public static String gps(StatusSnapshot snapshot, long nowNanos, boolean withPosition) {
        StatusJson report = new StatusJson(snapshot, nowNanos);
        report.json.beginObject();
        report.receivers(withPosition);
        return report.json.endObject().toString();
    }

    /** {@code pps}. */
    public static String pps(StatusSnapshot snapshot, long nowNanos) {
        StatusJson report = new StatusJson(snapshot, nowNanos);
        report.json.beginObject();
        report.pulses();
        return report.json.endObject().toString();
    }

    /** {@code serverstats}. */
    public static String serverstats(StatusSnapshot snapshot) {
        StatusJson report = new StatusJson(snapshot, 0);
        report.json.beginObject();
        report.server();
        return report.json.endObject().toString();
    }

    /** {@code activity}. */
    public static String activity(StatusSnapshot snapshot, long nowNanos) {
        long online = 0;
        long offline = 0;
        for (SourceReport source : SourceReport.of(snapshot, nowNanos)) {
            online += source.online() ? 1 : 0;
            offline += source.online() ? 0 : 1;
        }
        JsonWriter json = new JsonWriter().beginObject();
        ServerJson.activity(json, snapshot, online, offline);
        return json.endObject().toString();
    }

    private void state() {
        ClockStatus clock = snapshot.clock();
        json.field("program", Program.NAME).field("version", snapshot.program().version());
        age("uptimeSeconds", snapshot.program().startedNanos());
        json.field("state", Names.of(clock.state()))
                .field("synchronised", clock.state().isSynchronised());
        age("stateAgeSeconds", clock.stateSinceNanos());
        json.field("why", clock.why());
        json.beginArray("troubles");
        Diagnosis.of(snapshot, nowNanos).forEach(json::element);
        json.endArray();
        if (clock.state().isSynchronised()) {
            json.field("errorBoundNanos", snapshot.system().rootDistanceNanos(nowNanos));
        }
        ClockStatus.Labelling labelling = clock.labelling();
        json.beginObject("labelling").field("source", labelling.source()).field("certain", labelling.certain());
        json.field("delayNanos", labelling.delayNanos(), 0).field("delaySigmaNanos", labelling.delaySigmaNanos(), 0);
        json.field("marginSigmas", labelling.marginSigmas(), 1).field("agreeing", labelling.agreeing());
        json.field("labels", labelling.labels())
                .field("rejected", labelling.labelsRejected())
                .field("utcProof", labelling.proof())
                .field("confirmation", labelling.confirmation())
                .endObject();
        leap(clock.leap());
    }

    private void leap(ClockStatus.Leap leap) {
        json.beginObject("leap").field("direction", leap.direction());
        if (leap.atUnixSeconds() != 0) {
            json.field("atUnixSeconds", leap.atUnixSeconds()).field("source", leap.source());
        }
        if (leap.taiMinusUtcSeconds() != 0) {
            json.field("taiMinusUtcSeconds", leap.taiMinusUtcSeconds());
        }
        json.endObject();
    }

    private void tracking() {
        SystemVariables system = snapshot.system();
        ClockStatus clock = snapshot.clock();
        json.field("referenceId", ChronycFigures.format("%08X", system.referenceId()));
        json.field("referenceName", ChronycText.referenceName(system));
        json.field("stratum", ChronycText.reportedStratum(system));
        if (system.referenceTimestamp() != 0) {
            json.field("referenceTimeNanos", system.referenceNanos(nowNanos));
        }
        json.field("residualOffsetNanos", clock.residualOffsetNanos(), 1);
        json.field("lastOffsetNanos", clock.lastOffsetNanos()).field("rmsOffsetNanos", clock.rmsOffsetNanos(), 1);
        json.field("frequencyPpm", clock.frequencyPpb() / 1e3, 6);
        json.field("residualFrequencyPpm", clock.residualFrequencyPpb() / 1e3, 6);
        json.field("skewPpm", clock.skewPpb() / 1e3, 6).field("rootDelayNanos", system.rootDelayNanos());
        json.field("rootDispersionNanos", system.rootDispersionNanos(nowNanos));
        json.field("updateIntervalSeconds", clock.updateIntervalSeconds(), 1);
        json.field("leapStatus", ChronycText.leapStatus(system.leapIndicator()));
    }

    private void receivers(boolean withPosition) {
        json.beginArray("receivers");
        for (ReceiverStatus receiver : snapshot.receivers()) {
            json.beginObject();
            receiver(receiver);
            Position position = receiver.position();
            if (withPosition && position != null) {
                json.beginObject("position").field("latitudeDegrees", position.latitudeDegrees(), 7);
                json.field("longitudeDegrees", position.longitudeDegrees(), 7);
                json.field("altitudeMetres", position.altitudeMetres(), 2).endObject();
            }
            json.endObject();
        }
        json.endArray();
    }

    private void receiver(ReceiverStatus receiver) {
        json.field("name", receiver.refid()).field("device", receiver.device()).field("baud", receiver.baud());
        json.field("link", Names.of(receiver.link())).field("trouble", receiver.trouble());
        json.field("model", receiver.model()).field("setUp", receiver.setUp());
        json.field("distrust", receiver.distrust()).beginObject("tripwires");
        receiver.tripwires().forEach(wire -> json.field(wire.name(), wire.trips()));
        json.endObject().beginArray("messages");
        receiver.messages().forEach(json::element);
        json.endArray().field("fix", Names.of(receiver.fix()));
        json.field("satellitesSeen", receiver.satellitesSeen()).field("satellitesUsed", receiver.satellitesUsed());
        json.beginArray("constellations");
        for (Constellation constellation : receiver.constellations()) {
            json.beginObject().field("name", constellation.name()).field("seen", constellation.seen());
            json.field("used", constellation.used())
                    .field("meanSignalDbHz", constellation.meanSignal(), 1)
                    .endObject();
        }
        json.endArray();
        if (receiver.lastLabelNanos() != 0) {
            json.field("lastLabelUtcSeconds", receiver.lastLabelUtcSeconds());
            json.field("lastLabelSource", receiver.lastLabelSource());
        }
        age("lastLabelAgeSeconds", receiver.lastLabelNanos());
        age("lastByteAgeSeconds", receiver.lastByteNanos());
        json.field("frames", receiver.frames()).field("checksumErrors", receiver.checksumErrors());
        json.field("noiseBytes", receiver.garbageBytes());
    }

    private void pulses() {
        json.beginArray("pulses");
        for (PulseStatus pulse : snapshot.pulses()) {
            json.beginObject().field("name", pulse.refid()).field("device", pulse.device());
            json.field("trouble", pulse.trouble()).field("edges", pulse.edges()).field("lost", pulse.lost());
            json.field("rejected", pulse.rejected());
            if (pulse.lastEdgeNanos() != 0) {
                json.field("lastEdgeNanos", pulse.lastEdgeNanos());
            }
            age("lastEdgeAgeSeconds", pulse.lastEdgeNanos());
            PulseStatus.Checks checks = pulse.checks();
            json.field("rateHertz", checks.rateHertz())
                    .field("missing", checks.missing())
                    .field("widthNanos", checks.widthNanos())
                    .beginArray("refusals");
            for (PulseStatus.Refusal refusal : checks.refusals()) {
                json.beginObject().field("reason", refusal.reason()).field("count", refusal.count());
                json.endObject();
            }
            json.endArray();
            json.field("delayNanos", pulse.delay().meanNanos())
                    .field("delayUncertaintyNanos", pulse.delay().uncertaintyNanos())
                    .field("delaySource", pulse.delay().source());
            json.field("jitterNanos", pulse.jitterNanos(), 1);
            json.field("lastOffsetNanos", pulse.samples().lastOffsetNanos(), 1).endObject();
        }
        json.endArray();
    }

    private void server() {
        ServerStatus server = snapshot.server();
        json.beginArray("listening");
        server.listening().forEach(json::element);
        json.endArray().field("requests", server.requests()).field("answered", server.answered());
        json.field("sendFailures", server.sendFailures());
        json.field("refused", server.refused()).beginArray("refusals");
        for (ServerStatus.Refusal refusal : server.refusals()) {
            json.beginObject()
                    .field("reason", refusal.reason())
                    .field("count", refusal.count())
                    .endObject();
        }
        json.endArray().field("clients", server.clients()).field("authenticated", server.authenticated());
        json.field("ntsAuthenticated", server.ntsAuthenticated()).field("ntsNaks", server.ntsNaks());
        json.field("interleaved", server.interleaved()).field("stampsHeld", server.stampsHeld());
        json.field("clientsForgotten", server.clientsForgotten());
        json.field("stampSpanSeconds", server.stampSpanSeconds());
        json.field("xdpReceiveStamps", server.driverStamps());
        json.field("kernelReceiveStamps", server.kernelStamps());
        json.field("kernelTransmitStamps", server.interleaved()).field("daemonReceiveStamps", server.daemonStamps());
        json.field("commandRequests", server.commands()).field("commandRefused", server.commandsRefused());
    }

    private void leapSeconds() {
        if (snapshot.leapSeconds().isEmpty()) {
            return;
        }
        LeapSecondsList list = snapshot.leapSeconds().get();
        json.beginObject("leapSeconds");
        if (snapshot.isSynchronised()) {
            list.taiMinusUtcSeconds(Math.floorDiv(nowNanos, 1_000_000_000L))
                    .ifPresent(seconds -> json.field("taiMinusUtcSeconds", seconds));
        }
        json.field("source", list.name());
        if (list.updatedUnixSeconds() != 0) {
            json.field("updatedUnixSeconds", list.updatedUnixSeconds());
        }
        if (list.expiresUnixSeconds() != LeapSecondsList.NEVER_SAID) {
            json.field("expiresUnixSeconds", list.expiresUnixSeconds());
        }
        json.endObject();
    }

    /** Left out while the thing has never happened. */
    private void age(String name, long stampNanos) {
        if (stampNanos != 0) {
            json.field(name, Math.max(0, nowNanos - stampNanos) / 1e9, 3);
        }
    }

    /** The names of the states, kept apart from those of the constants, so that a renaming inside changes nothing outside. */
    private static final class Names {
        static String of(SyncState state) {
            return switch (state) {
                case COLD -> "cold";
                case LABELLED -> "labelled";
                case DISCIPLINED -> "disciplined";
                case HOLDOVER -> "holdover";
                case REFUSED -> "refused";
            };
        }

        static String of(SourceReport.State state) {
            return switch (state) {
                case SELECTED -> "selected";
                case COMBINED -> "combined";
                case SELECTABLE -> "selectable";
                case UNUSABLE -> "unusable";
            };
        }

        static String of(ReceiverStatus.Link link) {
            return switch (link) {
                case ABSENT -> "absent";
                case SILENT -> "silent";
                case GARBLED -> "garbled";
                case TALKING -> "talking";
            };
        }

        static String of(ReceiverStatus.Fix fix) {
            return switch (fix) {
                case UNKNOWN -> "unknown";
                case NONE -> "none";
                case TWO_D -> "2d";
                case THREE_D -> "3d";
                case TIME -> "time";
            };
        }
    }
}
