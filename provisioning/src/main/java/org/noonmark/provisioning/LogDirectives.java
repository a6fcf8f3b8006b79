package org.noonmark.provisioning;

import static org.noonmark.provisioning.Argument.optional;
import static org.noonmark.provisioning.Argument.required;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noonmark.provisioning.Directive.Supported;

/** The part of the table that is about chrony's log files, and about what chrony keeps beside them. */
final class LogDirectives {
    private static final String FILE = "FILE";
    private static final int FILES = LogConfig.File.values().length;

    private LogDirectives() {}

    static Supported directory() {
        return new Supported(
                "logdir",
                "Names the directory of the log files; one in /run wears no card, and is lost with the power.",
                List.of(required("DIRECTORY", new Kind.Path(), "full path")),
                List.of(),
                Optional.empty(),
                List.of("#logdir /run/noonmark/log"));
    }

    static Supported files() {
        Kind kind = new Kind.LogFile();
        List<Argument> arguments = Stream.concat(
                        Stream.of(required(
                                FILE,
                                kind,
                                "what is written, to the file of that name; rawmeasurements to measurements.log")),
                        IntStream.rangeClosed(2, FILES).mapToObj(i -> optional(FILE + i, kind, "another")))
                .toList();
        return new Supported(
                "log",
                "Writes log files with chrony's names and columns to the directory of 'logdir'; several lines add up.",
                arguments,
                List.of(),
                Optional.empty(),
                List.of("#log measurements statistics tracking"));
    }

    static Supported banner() {
        return new Supported(
                "logbanner",
                "Sets after how many lines a log file says again what its columns are.",
                List.of(required("ENTRIES", new Kind.Whole(0, Integer.MAX_VALUE), "lines; 0: never")),
                List.of(),
                Optional.of("logbanner 32"),
                List.of("#logbanner 32"));
    }

    static Supported change() {
        return new Supported(
                "logchange",
                "Has the log tell of corrections of the clock that are larger than THRESHOLD; steps are told whatever their size.",
                List.of(required(
                        "THRESHOLD", new Kind.Decimal("seconds", "0", "1000000000"), "smaller ones are not told")),
                List.of(),
                Optional.of("logchange 1"),
                List.of("#logchange 0.5"));
    }

    static Supported mail() {
        return new Supported(
                "mailonchange",
                "Sends a mail by this machine's own 'sendmail -t' after a correction of the clock that is larger than THRESHOLD; a machine without"
                        + " such a program, such as the image, sends none and says so in the log.",
                List.of(
                        required("EMAIL", new Kind.MailAddress(), "who gets it"),
                        required(
                                "THRESHOLD",
                                new Kind.Decimal("seconds", "0", "1000000000"),
                                "smaller ones are not told")),
                List.of(),
                Optional.empty(),
                List.of("#mailonchange root@localhost 0.5"));
    }

    static Supported dumpDirectory() {
        return new Supported(
                "dumpdir",
                "Is read for the sake of old files and has no use: the history of sources is not kept over a restart.",
                List.of(required("DIRECTORY", new Kind.Path(), "full path")),
                List.of(),
                Optional.empty(),
                List.of("#dumpdir /var/lib/chrony"));
    }

    static Supported dumpOnExit() {
        return new Supported(
                "dumponexit",
                "Is read for the sake of old files and has no use, in chrony neither.",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of("#dumponexit"));
    }

    static Supported initialSlew() {
        Kind host = new Kind.Host();
        return new Supported(
                "initstepslew",
                "Is read for the sake of old files and has no use: 'makestep' sets the clock at the start, by the servers of 'server' lines.",
                Stream.concat(
                                Stream.of(required(
                                        "THRESHOLD",
                                        new Kind.Decimal("seconds", "0", "1000000000"),
                                        "chrony's threshold")),
                                IntStream.rangeClosed(1, 8)
                                        .mapToObj(i -> optional("HOSTNAME" + i, host, "chrony's server")))
                        .toList(),
                List.of(),
                Optional.empty(),
                List.of("#initstepslew 30 ntp.example.net"));
    }

    /** What all these lines together say. */
    static LogConfig read(List<Arguments> logs, Function<String, Optional<Arguments>> single) {
        Set<LogConfig.File> files = EnumSet.noneOf(LogConfig.File.class);
        for (Arguments line : logs) {
            for (int i = 1; i <= FILES; i++) {
                line.find(i == 1 ? FILE : FILE + i)
                        .ifPresent(word -> files.add(LogConfig.File.valueOf(word.toUpperCase(Locale.ROOT))));
            }
        }
        return new LogConfig(
                single.apply("logdir").map(line -> line.text("DIRECTORY")),
                files,
                single.apply("logbanner").orElseThrow().whole("ENTRIES"),
                single.apply("logchange").orElseThrow().nanos("THRESHOLD"),
                single.apply("mailonchange")
                        .map(line -> new LogConfig.Mail(line.text("EMAIL"), line.nanos("THRESHOLD"))));
    }
}
