package org.noonmark.cli;

import java.util.Arrays;
import java.util.concurrent.Callable;
import org.noonmark.cli.bench.ClockBench;
import org.noonmark.cli.bench.CoreBench;
import org.noonmark.cli.bench.FloodBench;
import org.noonmark.cli.bench.FloodLoad;
import org.noonmark.cli.bench.KeBench;
import org.noonmark.cli.bench.LongRunBench;
import org.noonmark.cli.bench.NmeaBench;
import org.noonmark.cli.bench.NtpBench;
import org.noonmark.cli.bench.NtpBenchServer;
import org.noonmark.cli.bench.NtpLoad;
import org.noonmark.cli.bench.NtsBench;
import org.noonmark.cli.bench.NtsKeyExchange;
import org.noonmark.cli.bench.NtsLoad;
import org.noonmark.cli.bench.SourcesBench;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code noonmark bench NAME ...}: measurements, beside the peer where there is one. */
final class BenchCommand implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("bench");
    private final PositionalParamSpec words = PositionalParamSpec.builder()
            .paramLabel("NAME [ARGUMENTS]")
            .arity("0..*")
            .type(String[].class)
            .description(
                    "nmea FILE..., ntp, nts, ntske, flood, long, core, sources, or clock --traces DIR | --seeds LIST; each tells its own arguments")
            .build();

    BenchCommand() {
        spec.usageMessage().description("measures, side by side with the peer where there is one");
        spec.addPositional(words);
        // What comes after the name is the measurement's own.
        spec.parser().stopAtPositional(true).unmatchedOptionsArePositionalParams(true);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        String[] given = words.getValue();
        String name = given == null || given.length == 0 ? "" : given[0];
        String[] arguments =
                given == null || given.length == 0 ? new String[0] : Arrays.copyOfRange(given, 1, given.length);
        return switch (name) {
            case "nmea", "decode" -> NmeaBench.run(arguments);
            case "ntp" -> NtpBench.run(arguments);
            case "long" -> LongRunBench.run(arguments);
            case "flood" -> FloodBench.run(arguments);
            case "flood-load" -> FloodLoad.run(arguments);
            case "ntp-server" -> NtpBenchServer.run(arguments);
            case "ntp-load" -> NtpLoad.run(arguments);
            case "nts" -> NtsBench.run(arguments);
            case "ntske" -> KeBench.run(arguments);
            case "ntske-server" -> KeBench.serve(arguments);
            case "nts-server" -> NtpBenchServer.runWithNts(arguments);
            case "nts-load" -> NtsLoad.run(arguments);
            case "nts-ke" -> NtsKeyExchange.run(arguments);
            case "clock" -> ClockBench.run(arguments);
            case "core" -> CoreBench.run(System.out);
            case "sources" -> SourcesBench.run(arguments);
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "Which measurement: nmea, ntp, nts, ntske, flood, long, core, sources or clock?");
        };
    }
}
