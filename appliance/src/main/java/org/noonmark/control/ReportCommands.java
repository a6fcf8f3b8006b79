package org.noonmark.control;

import java.util.function.LongSupplier;
import org.noonmark.status.StatusBoard;
import org.noonmark.status.StatusSnapshot;
import org.noonmark.status.StatusText;
import org.noonmark.time.RealtimeClock;

/** Answers the requests for reports from the status board; everything else goes on to the next. */
public final class ReportCommands implements Commands {
    private final StatusBoard board;
    private final LongSupplier localNanos;
    private final Commands others;

    /**
     * @param board where the present snapshot hangs
     * @param clock the clock that the snapshot's stamps were read from
     * @param others who answers what is no report
     */
    public ReportCommands(StatusBoard board, RealtimeClock clock, Commands others) {
        this.board = board;
        this.localNanos = clock::nanos;
        this.others = others;
    }

    @Override
    public Answer execute(Request request) {
        StatusSnapshot snapshot = board.snapshot();
        return switch (request.name()) {
            case "status" -> Answer.ok(StatusText.line(snapshot, localNanos.getAsLong()) + "\n");
            default -> others.execute(request);
        };
    }
}
