package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import org.noonmark.app.Build;
import org.noonmark.control.NoDaemonException;
import org.noonmark.control.SocketInUseException;
import org.noonmark.linux.InstanceLock;
import org.noonmark.linux.UdpSocketException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code noonmark}: the daemon and the commands that ask it. */
public final class Noonmark {
    private Noonmark() {}

    /** Runs one command and ends the process with its {@link ExitCode}. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command tree. */
    public static CommandLine commandLine() {
        CommandSpec top = CommandSpec.create().name("noonmark").mixinStandardHelpOptions(true);
        top.usageMessage().description("A GPS stratum-1 NTP server.");
        top.versionProvider(() -> new String[] {"noonmark " + Build.load().version()});
        GlobalOptions.addTo(top);
        addReports(top);
        top.addSubcommand("nts", nts());
        top.addSubcommand("wait", new Wait().spec());
        top.addSubcommand("doctor", new DoctorCommand().spec());
        top.addSubcommand("config", ConfigCommand.spec());
        top.addSubcommand("dhcp", new DhcpCommand().spec());
        top.addSubcommand("factory-reset", new FactoryResetCommand().spec());
        top.addSubcommand("update", new UpdateCommand().spec());
        top.addSubcommand("provision", new ProvisionCommand().spec());
        top.addSubcommand("run", new RunCommand().spec());
        top.addSubcommand("demo", new DemoCommand().spec());
        top.addSubcommand("replay", new ReplayCommand().spec());
        top.addSubcommand("decode", new CommandLine(new DecodeCommand()));
        top.addSubcommand("bench", new BenchCommand().spec());
        CommandLine line = new CommandLine(top);
        line.setExecutionStrategy(Noonmark::runOrExplain);
        line.setExecutionExceptionHandler(Noonmark::explain);
        line.setParameterExceptionHandler(Noonmark::explainUsage);
        return line;
    }

    private static void addReports(CommandSpec top) {
        add(
                top,
                new Report("status", "the state of the clock and its sources on one screen")
                        .option("one line", "--brief", "-b"));
        add(top, new Report("tracking", "the clock in chronyc's layout"));
        add(
                top,
                new Report("sources", "receivers, pulses and servers in chronyc's layout")
                        .option("explain the columns", "-v"));
        add(
                top,
                new Report("sourcestats", "their latest samples in chronyc's layout")
                        .option("explain the columns", "-v"));
        add(
                top,
                new Report("gps", "receiver, fix and satellites")
                        .option("with the antenna's position, which is private", "--position"));
        add(top, new Report("pps", "the pulses"));
        add(top, new Report("serverstats", "packets served and refused, in chronyc's layout"));
        add(
                top,
                new Report("clients", "who asks for the time, in chronyc's layout")
                        .option("with wrong MACs, version, mode and kind of answer", "-v")
                        .option("with connections for NTS keys in place of commands", "-k")
                        .valued("only those of so many packets at least, or connections", "PACKETS", "-p")
                        .option("and begins to count anew", "-r")
                        .watchable());
        add(
                top,
                new Report("accheck", "whether a client would be answered, and by which rule; code 1: no")
                        .word("ADDRESS", "IPv4 or IPv6"));
        add(
                top,
                new Report(
                        "rekey",
                        "seals new NTS cookies with another key at once, or reads the keys that another server has written"));
        add(
                top,
                new Report("selectdata", "which servers agree, and why others do not; in chronyc's layout")
                        .option("explain the columns, and give the reasons", "-v"));
        add(
                top,
                new Report("ntpdata", "the last answers of servers, in chronyc's layout")
                        .manyWords("ADDRESS", "of one server; left out: of all"));
        add(top, new Report("authdata", "keys of servers, in chronyc's layout").option("explain the columns", "-v"));
        add(
                top,
                new Report("sourcename", "the name that a server's address was found by")
                        .word("ADDRESS", "IPv4 or IPv6"));
        add(top, new Report("online", "asks servers again").manyWords("ADDRESS", "of one; left out: all"));
        add(top, new Report("offline", "asks servers no more").manyWords("ADDRESS", "of one; left out: all"));
        add(
                top,
                new Report("burst", "asks servers often for a while")
                        .manyWords("GOOD/MAX [ADDRESS]", "answers that are enough, and requests at most, such as 4/8"));
        add(top, new Report("refresh", "looks up the names of servers again"));
        add(top, new Report("reload", "reads the files of 'sourcedir' again").word("sources", "the files *.sources"));
        add(
                top,
                new Report("add", "asks another server or pool, until the daemon ends")
                        .manyWords("server|pool NAME [OPTION]...", "as in the configuration"));
        add(
                top,
                new Report("delete", "asks a server no more, until the daemon ends")
                        .word("NAME|ADDRESS", "as 'sources' shows it"));
        add(
                top,
                new Report(
                                "settime",
                                "sets the clock to a time that is typed, while nothing better is known of it ('manual')")
                        .manyWords(
                                "TIME",
                                "such as 16:30:05 or 2026-11-23 16:30:05, by this machine's time zone; Z behind it: UTC"));
        add(
                top,
                new Report("manual", "times typed for 'settime', and whether it is taken")
                        .manyWords("on|off|list|reset|delete NUMBER", "as chronyc's"));
        add(top, new Report("activity", "how many sources are heard, in chronyc's layout"));
    }

    private static CommandSpec nts() {
        CommandSpec nts = CommandSpec.create().name("nts");
        nts.addOption(Options.help());
        nts.usageMessage().description("authenticated time (NTS): certificates, and what clients need");
        add(
                nts,
                new Report("nts", List.of("cert"), "cert", "the certificates that are served; code 1: one needs care"));
        add(
                nts,
                new Report(
                        "nts",
                        List.of("keys"),
                        "keys",
                        "numbers, ages and next rotation of what cookies are sealed with"));
        add(nts, new Report("nts", List.of("ca"), "ca", "the built-in authority's certificate, for clients to trust"));
        add(
                nts,
                new Report("nts", List.of("client"), "client", "the configuration of a client, with all that it needs")
                        .word("PROGRAM", "chrony, ntpd-rs or ntpsec")
                        .maybeWord("NAME", "by which the client knows this server: a name or an address"));
        return nts;
    }

    private static void add(CommandSpec top, Report report) {
        top.addSubcommand(report.spec().name(), report.spec());
    }

    /** Help when no command is given; else the command. */
    private static int runOrExplain(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        if (!parsed.hasSubcommand()) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "Which command?");
        }
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (LinkageError e) {
            // An error to Java, but one that a person can cure; the message says how.
            parsed.commandSpec().commandLine().getErr().println("noonmark: " + e.getMessage());
            return codeFor(parsed.asCommandLineList().getLast(), ExitCode.LIBRARY_MISSING);
        }
    }

    /** One sentence on standard error for what a person can cure; the stack trace only for our own mistakes. */
    private static int explain(Exception failure, CommandLine line, ParseResult parsed) throws Exception {
        int code = switch (failure) {
            case NoDaemonException e -> ExitCode.NO_DAEMON;
            case AccessDeniedException e -> ExitCode.PERMISSION;
            case Startup.ConfigurationException e -> ExitCode.CONFIGURATION;
            case FileAlreadyExistsException e -> ExitCode.CONFIGURATION;
            case SocketInUseException e -> ExitCode.ANOTHER_INSTANCE;
            case InstanceLock.HeldException e -> ExitCode.ANOTHER_INSTANCE;
            case UdpSocketException e -> codeOf(e.reason());
            case UnreadableInputException e -> ExitCode.NO_INPUT;
            case IOException e when e.getCause() instanceof AccessDeniedException -> ExitCode.PERMISSION;
            case IOException e -> ExitCode.UNAVAILABLE;
            default -> throw failure;
        };
        line.getErr().println("noonmark: " + failure.getMessage());
        return codeFor(line, code);
    }

    /** That code, unless the command has one of its own for whatever keeps it from an answer. */
    private static int codeFor(CommandLine line, int code) {
        int own = line.getCommandSpec().exitCodeOnExecutionException();
        return own == CommandLine.ExitCode.SOFTWARE ? code : own;
    }

    /** What is wrong with the command line, in one sentence: the whole help would push it off the screen. */
    private static int explainUsage(ParameterException failure, String[] arguments) {
        PrintWriter err = failure.getCommandLine().getErr();
        err.println("noonmark: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("'" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help' tells more");
        // ExitCode.USAGE, unless the command has its own.
        return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int codeOf(UdpSocketException.Reason reason) {
        return switch (reason) {
            case PORT_BUSY -> ExitCode.PORT_BUSY;
            case NO_PERMISSION -> ExitCode.PERMISSION;
            case ADDRESS_NOT_AVAILABLE, NO_IPV6, OTHER -> ExitCode.CONFIGURATION;
        };
    }
}
