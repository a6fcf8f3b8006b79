package org.noonmark.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.noonmark.app.HostNames;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.status.DhcpSetup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code noonmark dhcp PROGRAM [ADDRESS]...}: the lines that make a DHCP server name this box to its clients. Needs no daemon. */
final class DhcpCommand implements Callable<Integer> {
    private static final String PROGRAMS =
            Arrays.stream(DhcpSetup.Server.values()).map(DhcpSetup.Server::word).collect(Collectors.joining(", "));

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("dhcp");
    private final OptionSpec json = OptionSpec.builder("--json")
            .type(boolean.class)
            .description("as JSON, for programs")
            .build();
    private final PositionalParamSpec program = PositionalParamSpec.builder()
            .paramLabel("PROGRAM")
            .index("0")
            .arity("1")
            .type(String.class)
            .description("the DHCP server: " + PROGRAMS)
            .build();
    private final PositionalParamSpec addresses = PositionalParamSpec.builder()
            .paramLabel("ADDRESS")
            .index("1..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("of NTP servers, the preferred first; left out: those of this machine")
            .build();
    private final Supplier<List<IpAddress>> own;

    DhcpCommand() {
        this(HostNames::ofTheLan);
    }

    /** @param own addresses of this machine */
    DhcpCommand(Supplier<List<IpAddress>> own) {
        this.own = own;
        spec.addOption(Options.help());
        spec.addOption(json);
        spec.addPositional(program).addPositional(addresses);
        spec.usageMessage().description("the lines that make a DHCP server name this NTP server (option 42, IPv6: 56)");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        String word = program.getValue();
        DhcpSetup.Server server = DhcpSetup.Server.of(word)
                .orElseThrow(() -> wrong("'" + word + "' is no DHCP server that is known here: " + PROGRAMS));
        Optional<List<String>> given = Optional.ofNullable(addresses.getValue());
        List<IpAddress> named = given.isPresent() ? parsed(given.get()) : own.get();
        if (named.isEmpty()) {
            throw wrong("this machine has no address that a LAN could ask: name the server's behind '" + word + "'");
        }
        DhcpSetup setup = new DhcpSetup(server, named);
        if (setup.isVain()) {
            throw wrong(
                    "'" + word
                            + "' hands out no IPv6 address of a time server, and there is no IPv4 address to name: put one behind it");
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean asJson = Boolean.TRUE.equals(json.getValue());
        out.print(asJson ? setup.json() + "\n" : setup.text());
        out.flush();
        return ExitCode.OK;
    }

    private List<IpAddress> parsed(List<String> words) {
        List<IpAddress> all = new ArrayList<>();
        for (String each : words) {
            all.add(IpAddress.parse(each)
                    .orElseThrow(() ->
                            wrong("'" + each + "' is no IPv4 or IPv6 address; names are not handed out by DHCP")));
        }
        return all;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
