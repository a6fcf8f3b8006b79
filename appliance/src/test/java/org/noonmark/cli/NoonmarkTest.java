package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.control.ControlServer;
import org.noonmark.control.ReportCommands;
import org.noonmark.status.Snapshots;
import org.noonmark.status.StatusBoard;
import org.noonmark.status.StatusSnapshot;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class NoonmarkTest {
    @TempDir
    Path directory = Path.of("unset");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyReportComesAsTextAndAsJson() throws IOException {
        for (String report :
                new String[] {"status", "tracking", "sources", "sourcestats", "gps", "pps", "serverstats", "activity"
                }) {
            assertEquals(ExitCode.OK, ask(Snapshots.synchronised(), report), report);
            assertTrue(out.toString().lines().count() > 3, out.toString());
            assertEquals(ExitCode.OK, ask(Snapshots.synchronised(), report, "--json"), report);
            assertTrue(out.toString().startsWith("{") && out.toString().endsWith("}\n"), out.toString());
        }
    }

    @Test
    void statusEndsWithOneWhileTheTimeIsNotProven() throws IOException {
        assertEquals(ExitCode.NOT_GOOD, ask(Snapshots.cold(), "status"));
        assertTrue(out.toString().contains("NOT SYNCHRONISED"), out.toString());
        assertEquals(ExitCode.NOT_GOOD, ask(Snapshots.cold(), "status", "--brief"));
        assertEquals(ExitCode.OK, ask(Snapshots.cold(), "tracking"));
        assertEquals(ExitCode.OK, ask(Snapshots.holdover(), "status"));
    }

    @Test
    void waitEndsAtOnceWhenTheTimeIsProven() throws IOException {
        assertEquals(ExitCode.OK, ask(Snapshots.synchronised(), "wait", "--timeout", "5"));
        assertTrue(out.toString().startsWith("synchronised: "), out.toString());
    }

    @Test
    void waitGivesUpWithTheReasonWhyNot() throws IOException {
        assertEquals(ExitCode.NOT_GOOD, ask(Snapshots.cold(), "wait", "--timeout", "0"));
        assertTrue(err.toString().startsWith("not synchronised: "), err.toString());
    }

    @Test
    void thePositionNeedsItsOption() throws IOException {
        ask(Snapshots.synchronised(), "gps");
        assertTrue(out.toString().contains("private: ask with --position"), out.toString());
        ask(Snapshots.synchronised(), "gps", "--position");
        assertTrue(out.toString().contains("51.477811"), out.toString());
    }

    @Test
    void theSocketMayBeNamedBehindTheCommandToo() throws IOException {
        try (ControlServer server = serverOf(Snapshots.synchronised())) {
            server.start();
            assertEquals(ExitCode.OK, execute("tracking", "--control", socket().toString()));
        }
    }

    @Test
    void withoutADaemonOneSentenceSaysWhatToDo() {
        assertEquals(ExitCode.NO_DAEMON, execute("--control", socket().toString(), "status"));
        assertEquals(
                "noonmark: no daemon answers at " + socket() + ": is noonmark running? systemctl status noonmark\n",
                err.toString());
        assertEquals(ExitCode.NO_DAEMON, execute("--control", socket().toString(), "wait", "--timeout", "0"));
    }

    /** As a Nagios check: 3, nobody can say. */
    @Test
    void theDoctorSaysPlainlyThatTheFileNamedIsNotThere() {
        assertEquals(3, execute("doctor", "--no-probes", "-f", "/nowhere/noonmark.conf"));
        assertEquals(
                "noonmark: -f /nowhere/noonmark.conf: no such file; name the configuration that the daemon reads\n",
                err.toString());
        assertEquals("", out.toString());
    }

    /** 1 and 2 would be states of the clock. */
    @Test
    void whateverKeepsTheDoctorFromAReportIsUnknown() {
        assertEquals(3, execute("doctor", "--bogus"));
        assertTrue(err.toString().contains("'noonmark doctor --help' tells more"), err.toString());
        assertEquals(3, execute("doctor", "everything"));
        assertEquals(3, execute("doctor", "-f"));
        assertEquals(3, execute("doctor", "-f", "\0"));
        for (Throwable failure : List.of(
                new UnsatisfiedLinkError("no library"), new IOException("no directory"), new IllegalStateException())) {
            CommandLine line = Noonmark.commandLine();
            int code = new DoctorCommand().spec().exitCodeOnExecutionException();
            line.addSubcommand("fail", failing(failure).exitCodeOnExecutionException(code));
            assertEquals(3, execute(line, "fail"));
        }
    }

    @Test
    void everyFailureThatAPersonCanCureIsOneSentenceWithItsOwnCode() {
        assertEquals(ExitCode.LIBRARY_MISSING, fail(new UnsatisfiedLinkError("no library; install it")));
        assertEquals("noonmark: no library; install it\n", err.toString());
        assertEquals(ExitCode.UNAVAILABLE, fail(new IOException("no directory; make it")));
        assertEquals("noonmark: no directory; make it\n", err.toString());
        assertEquals(ExitCode.PERMISSION, fail(new IOException("not yours", new AccessDeniedException("/run"))));
        assertEquals(ExitCode.PERMISSION, fail(new AccessDeniedException("the clock", null, "become root")));
        assertEquals("noonmark: the clock: become root\n", err.toString());
    }

    @Test
    void aMistakeOfOursKeepsItsStackTrace() {
        assertEquals(ExitCode.NOT_GOOD, fail(new IllegalStateException("broken")));
        assertTrue(err.toString().contains("at org.noonmark.cli.NoonmarkTest"), err.toString());
    }

    @Test
    void anUnknownCommandGetsHelpAndCodeTwo() {
        assertEquals(ExitCode.USAGE, execute("statsu"));
        assertTrue(err.toString().contains("status"), err.toString());
        assertEquals(ExitCode.USAGE, execute());
        assertEquals(ExitCode.USAGE, execute("status", "--jsn"));
    }

    @Test
    void helpFitsIn80ColumnsAndGoesToStandardOutput() {
        assertEquals(ExitCode.OK, execute("--help"));
        out.toString().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(out.toString().contains("sourcestats"), out.toString());
        assertEquals(ExitCode.OK, execute("--version"));
        assertTrue(out.toString().startsWith("noonmark "), out.toString());
    }

    private int ask(StatusSnapshot snapshot, String... arguments) throws IOException {
        try (ControlServer server = serverOf(snapshot)) {
            server.start();
            String[] all = new String[arguments.length + 2];
            all[0] = "--control";
            all[1] = socket().toString();
            System.arraycopy(arguments, 0, all, 2, arguments.length);
            return execute(all);
        }
    }

    private ControlServer serverOf(StatusSnapshot snapshot) {
        return new ControlServer(socket(), ReportCommands.only(new StatusBoard(snapshot), () -> Snapshots.NOW));
    }

    /** What comes of a command that ends by {@code failure}. */
    private int fail(Throwable failure) {
        CommandLine line = Noonmark.commandLine();
        line.addSubcommand("fail", failing(failure));
        return execute(line, "fail");
    }

    private static CommandSpec failing(Throwable failure) {
        Callable<Integer> failing = () -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
        return CommandSpec.wrapWithoutInspection(failing);
    }

    private int execute(String... arguments) {
        return execute(Noonmark.commandLine(), arguments);
    }

    private int execute(CommandLine line, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        // Buffered, as the real ones are: what is not flushed is lost when the process exits.
        line.setOut(new PrintWriter(new BufferedWriter(out), true));
        line.setErr(new PrintWriter(new BufferedWriter(err), true));
        return line.execute(arguments);
    }

    private Path socket() {
        return directory.resolve("control.sock");
    }
}
