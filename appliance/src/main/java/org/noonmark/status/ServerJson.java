package org.noonmark.status;

import java.util.Locale;
import java.util.Optional;
import org.noonmark.sources.Association;
import org.noonmark.sources.NtpSample;
import org.noonmark.sources.Reply;
import org.noonmark.sources.SourceStatus;

/**
 * The time servers that are asked, for programs; signs are {@link StatusJson}'s: reference minus local.
 *
 * <ul>
 *   <li>{@code selectdata}: {@code disagreement} and an array in {@code sources}: name, address, state (chronyc's letter), reason,
 *       authenticated, noselect, prefer, trust, require, score, lowNanos and highNanos (ends of the interval of its offset), leapIndicator.
 *   <li>{@code authdata}: name, address, mode ({@code none}, {@code key}), keyId, keyType (chrony's number), keyBits.
 *   <li>{@code ntpdata}: name, address, port, localAddress, the fields of the last valid answer, tests (ten characters, 1: passed, in the
 *       order 1 2 3 5 6 7 A B C D), offsetNanos, delayNanos, dispersionNanos, responseNanos, counts of packets, note.
 * </ul>
 */
public final class ServerJson {
    private ServerJson() {}

    /** An entry of {@code noonmark sources}. */
    static void source(JsonWriter json, SourceStatus source, StatusSnapshot snapshot) {
        ServerReport report = ServerReport.of(source, snapshot);
        json.beginObject()
                .field("name", source.name())
                .field(
                        "mode",
                        source.isClock() ? "clock" : source.options().manner().peer() ? "peer" : "server");
        json.field("address", source.address());
        json.field(
                "state",
                switch (report.sourceLetter()) {
                    case 'x' -> "falseticker";
                    case '~' -> "jittery";
                    case '-' -> "selectable";
                    default -> "unusable";
                });
        json.field("reason", report.reason());
        json.field("stratum", source.stratum()).field("pollLog2Seconds", source.pollLog2Seconds());
        json.field("reach", source.reach());
        if (source.lastSampleSeconds() >= 0) {
            json.field("lastRxSeconds", source.lastSampleSeconds());
            json.field("adjustedOffsetNanos", source.adjustedNanos(), 1);
            json.field("measuredOffsetNanos", source.measuredNanos(), 1);
            json.field("errorNanos", source.errorNanos(), 1);
        }
        json.endObject();
    }

    /** An entry of {@code sourcestats}. */
    static void statistics(JsonWriter json, SourceStatus source) {
        SourceStatus.Figures figures = source.figures();
        json.beginObject().field("name", source.name()).field("address", source.address());
        json.field("samples", figures.samples()).field("runs", figures.runs());
        json.field("spanSeconds", figures.spanSeconds(), 1);
        json.field("frequencyPpm", figures.frequencyPpb() / 1e3, 6).field("skewPpm", figures.skewPpb() / 1e3, 6);
        json.field("offsetNanos", figures.offsetNanos(), 1).field("deviationNanos", figures.deviationNanos(), 1);
        json.endObject();
    }

    /** {@code selectdata}. */
    public static String selectdata(StatusSnapshot snapshot) {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("disagreement", snapshot.sources().disagreement()).beginArray("sources");
        for (SourceStatus source : snapshot.sources().all()) {
            ServerReport report = ServerReport.of(source, snapshot);
            var choice = source.options().choice();
            json.beginObject().field("name", source.name()).field("address", source.address());
            json.field("state", String.valueOf(report.selectionLetter())).field("reason", report.reason());
            json.field("authenticated", source.isAuthenticated()).field("noselect", choice.noselect());
            json.field("prefer", choice.prefer()).field("trust", choice.trust()).field("require", choice.require());
            json.field("score", source.score(), 3);
            SourceStatus.Span span = source.interval();
            if (span != null) {
                json.field("lowNanos", span.lowNanos(), 1).field("highNanos", span.highNanos(), 1);
            }
            json.field("leapIndicator", source.leapIndicator()).endObject();
        }
        return json.endArray().endObject().toString();
    }

    /** {@code authdata}. */
    public static String authdata(StatusSnapshot snapshot) {
        JsonWriter json = new JsonWriter().beginObject().beginArray("sources");
        for (SourceStatus source : snapshot.sources().all()) {
            if (source.isClock()) {
                continue;
            }
            SourceStatus.Key key = source.key();
            json.beginObject().field("name", source.name()).field("address", source.address());
            SourceStatus.Nts nts = source.nts();
            json.field("mode", nts != null ? "nts" : key == null ? "none" : "key");
            if (nts != null) {
                json.field("keyNumber", nts.number()).field("aead", nts.aead()).field("keyBits", nts.bits());
                json.field("establishedSecondsAgo", nts.lastSeconds()).field("attempts", nts.attempts());
                json.field("refused", nts.refused()).field("cookies", nts.cookies());
                json.field("cookieOctets", nts.cookieOctets());
            }
            if (key != null) {
                json.field("keyId", Integer.toUnsignedLong(key.id())).field("keyType", key.type());
                json.field("keyBits", key.bits());
            }
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }

    /** {@code ntpdata} of all servers, or of the one with that address or name. */
    public static String ntpdata(StatusSnapshot snapshot, Optional<String> address) {
        JsonWriter json = new JsonWriter().beginObject().beginArray("sources");
        for (SourceStatus source : snapshot.sources().all()) {
            if (!source.isClock()
                    && source.isResolved()
                    && address.map(wanted -> wanted.equals(source.address()) || wanted.equals(source.name()))
                            .orElse(true)) {
                ntpdata(json, source);
            }
        }
        return json.endArray().endObject().toString();
    }

    private static void ntpdata(JsonWriter json, SourceStatus source) {
        json.beginObject().field("name", source.name()).field("address", source.address());
        json.field("port", source.port()).field("localAddress", source.localAddress());
        Reply reply = source.reply();
        if (reply != null) {
            json.field("leapIndicator", reply.leapIndicator()).field("version", reply.version());
            json.field("stratum", reply.stratum()).field("pollLog2Seconds", reply.pollLog2Seconds());
            json.field("precisionLog2Seconds", reply.precisionLog2Seconds());
            json.field("rootDelayNanos", reply.rootDelayNanos());
            json.field("rootDispersionNanos", reply.rootDispersionNanos());
            json.field("referenceId", ServerText.hex(reply.referenceId()));
            json.field("referenceTimeNanos", reply.referenceNanos());
            json.field("responseNanos", reply.responseNanos()).field("interleaved", reply.interleaved());
            json.field(
                    "tests",
                    String.format(Locale.ROOT, "%10s", Integer.toBinaryString(reply.tests()))
                            .replace(' ', '0'));
            json.field("kernelTransmitStamp", reply.sentByKernel()).field("kernelReceiveStamp", reply.byKernel());
            NtpSample sample = reply.sample();
            if (sample != null) {
                json.field("offsetNanos", sample.offsetNanos()).field("delayNanos", sample.delayNanos(), 1);
                json.field("dispersionNanos", sample.dispersionNanos(), 1);
            }
        }
        SourceStatus.Counts counts = source.counts();
        json.field("sent", counts.requests())
                .field("received", counts.received())
                .field("valid", counts.valid());
        json.field("good", counts.good()).field("kernelSent", counts.kernelSent());
        json.field("kernelReceived", counts.kernelReceived())
                .field("note", source.note())
                .endObject();
    }

    /** Fields of {@code activity}. */
    static void activity(JsonWriter json, StatusSnapshot snapshot, long localOnline, long localOffline) {
        var all = snapshot.sources().all();
        json.field("online", localOnline + ServerText.count(all, Association.Mode.ONLINE));
        json.field("offline", localOffline + ServerText.count(all, Association.Mode.OFFLINE));
        json.field("burstThenOnline", ServerText.count(all, Association.Mode.BURST_THEN_ONLINE));
        json.field("burstThenOffline", ServerText.count(all, Association.Mode.BURST_THEN_OFFLINE));
        json.field(
                "unknownAddress",
                all.stream().filter(source -> !source.isResolved()).count());
    }
}
