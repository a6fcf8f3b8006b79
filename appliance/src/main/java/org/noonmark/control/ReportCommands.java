package org.noonmark.control;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.noonmark.status.ChronycText;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.DeviceText;
import org.noonmark.status.ServerJson;
import org.noonmark.status.ServerText;
import org.noonmark.status.StatusBoard;
import org.noonmark.status.StatusJson;
import org.noonmark.status.StatusSnapshot;
import org.noonmark.status.StatusText;

/** Answers the requests for reports from the status board; everything else goes on to the next. */
public final class ReportCommands implements Commands {
    private static final String JSON = "--json";
    private static final String TERMINAL = "--terminal";
    private static final String BRIEF = "--brief";
    private static final String VERBOSE = "-v";
    private static final String POSITION = "--position";

    private final StatusBoard board;
    private final LongSupplier localNanos;
    private final Commands others;

    /**
     * @param board where the present snapshot hangs
     * @param localNanos reads the clock that the snapshot's stamps were read from, nanoseconds since 1970
     * @param others who answers what is no report
     */
    public ReportCommands(StatusBoard board, LongSupplier localNanos, Commands others) {
        this.board = board;
        this.localNanos = localNanos;
        this.others = others;
    }

    /** With reports alone: anything else is unknown. */
    public static ReportCommands only(StatusBoard board, LongSupplier localNanos) {
        return new ReportCommands(
                board, localNanos, request -> Answer.usage("the daemon knows no request \"" + request.name() + "\""));
    }

    @Override
    public Answer execute(Request request) {
        StatusSnapshot snapshot = board.snapshot();
        long nowNanos = localNanos.getAsLong();
        boolean verbose = request.has(VERBOSE);
        boolean position = request.has(POSITION);
        return switch (request.name()) {
            case "status" -> status(request, snapshot, nowNanos);
            case "tracking" ->
                answer(
                        request,
                        Set.of(),
                        () -> ChronycText.tracking(snapshot, nowNanos),
                        () -> StatusJson.tracking(snapshot, nowNanos));
            case "sources" ->
                answer(
                        request,
                        Set.of(VERBOSE),
                        () -> ChronycText.sources(snapshot, nowNanos, verbose),
                        () -> StatusJson.sources(snapshot, nowNanos));
            case "sourcestats" ->
                answer(
                        request,
                        Set.of(VERBOSE),
                        () -> ChronycText.sourcestats(snapshot, nowNanos, verbose),
                        () -> StatusJson.sourcestats(snapshot, nowNanos));
            case "gps" ->
                answer(
                        request,
                        Set.of(POSITION),
                        () -> DeviceText.gps(snapshot, nowNanos, position),
                        () -> StatusJson.gps(snapshot, nowNanos, position));
            case "pps" ->
                answer(
                        request,
                        Set.of(),
                        () -> DeviceText.pps(snapshot, nowNanos),
                        () -> StatusJson.pps(snapshot, nowNanos));
            case "serverstats" ->
                answer(
                        request,
                        Set.of(),
                        () -> ChronycText.serverstats(snapshot),
                        () -> StatusJson.serverstats(snapshot));
            case "activity" ->
                answer(
                        request,
                        Set.of(),
                        () -> ChronycText.activity(snapshot, nowNanos),
                        () -> StatusJson.activity(snapshot, nowNanos));
            case "selectdata" ->
                answer(
                        request,
                        Set.of(VERBOSE),
                        () -> ServerText.selectdata(snapshot, verbose),
                        () -> ServerJson.selectdata(snapshot));
            case "authdata" ->
                answer(
                        request,
                        Set.of(VERBOSE),
                        () -> ServerText.authdata(snapshot, verbose),
                        () -> ServerJson.authdata(snapshot));
            case "ntpdata" -> ntpdata(request, snapshot);
            case "doctor" -> Answer.ok(DaemonAccount.of(snapshot, nowNanos).text());
            case "sourcename" -> sourcename(request, snapshot);
            default -> others.execute(request);
        };
    }

    private static Answer ntpdata(Request request, StatusSnapshot snapshot) {
        Optional<String> address = words(request).stream().findFirst();
        Optional<String> text = ServerText.ntpdata(snapshot, address);
        if (text.isEmpty()) {
            return Answer.usage("no server that is asked has the address " + address.orElse("")
                    + ": 'noonmark sources' lists them");
        }
        return Answer.ok(request.has(JSON) ? ServerJson.ntpdata(snapshot, address) + "\n" : text.get());
    }

    private static Answer sourcename(Request request, StatusSnapshot snapshot) {
        String address = words(request).stream().findFirst().orElse("");
        return ServerText.sourcename(snapshot, address)
                .map(Answer::ok)
                .orElseGet(() -> Answer.usage(
                        "no server that is asked has the address " + address + ": 'noonmark sources' lists them"));
    }

    private static List<String> words(Request request) {
        return request.arguments().stream()
                .filter(word -> !word.startsWith("-"))
                .toList();
    }

    /** The one report whose code says whether the time is proven, so that scripts can wait for it. */
    private static Answer status(Request request, StatusSnapshot snapshot, long nowNanos) {
        Answer answer = answer(
                request,
                Set.of(BRIEF),
                () -> request.has(BRIEF)
                        ? StatusText.line(snapshot, nowNanos) + "\n"
                        : StatusText.screen(snapshot, nowNanos, request.has(TERMINAL)),
                () -> StatusJson.status(snapshot, nowNanos));
        boolean good = snapshot.isSynchronised();
        return answer.code() == Answer.OK && !good ? new Answer(Answer.NOT_GOOD, answer.text()) : answer;
    }

    private static Answer answer(Request request, Set<String> options, Rendering text, Rendering json) {
        for (String argument : request.arguments()) {
            if (!argument.equals(JSON) && !argument.equals(TERMINAL) && !options.contains(argument)) {
                return Answer.usage(request.name() + " has no option " + argument);
            }
        }
        return Answer.ok(request.has(JSON) ? json.render() + "\n" : text.render());
    }

    /** A report that is made only when it is the one asked for. */
    private interface Rendering {
        String render();
    }
}
