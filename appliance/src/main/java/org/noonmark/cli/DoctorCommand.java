package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.noonmark.app.Build;
import org.noonmark.app.ClientProbes;
import org.noonmark.app.LiveSurroundings;
import org.noonmark.app.MachineProbe;
import org.noonmark.control.Answer;
import org.noonmark.control.NoDaemonException;
import org.noonmark.control.Request;
import org.noonmark.doctor.Doctor;
import org.noonmark.doctor.DoctorReport;
import org.noonmark.doctor.MachineFacts.Probes;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.linux.LinuxTime;
import org.noonmark.status.DaemonAccount;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code noonmark doctor}: what is wrong, from the power supply to the clients. Ends as a Nagios check does: 0 all well, 1 warning, 2 critical, 3 the
 * daemon could not be asked, or the command came to no report at all.
 */
final class DoctorCommand implements Callable<Integer> {
    private static final String STANDARD_FILE = "/etc/noonmark/noonmark.conf";
    /** As Nagios counts: nobody can say. */
    private static final int UNKNOWN = 3;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("doctor");
    private final Options options = new Options(spec);

    DoctorCommand() {
        spec.exitCodeOnInvalidInput(UNKNOWN).exitCodeOnExecutionException(UNKNOWN);
        spec.usageMessage()
                .description(
                        "what is wrong, its evidence and its cure; code 0: nothing, 1: warning, 2: critical, 3: unknown");
        options.flag("--json", "as JSON, for programs")
                .flag("--no-probes", "ask nothing over the network: no time, keys, names and DHCP offers")
                .value("-f", "FILE", String.class, STANDARD_FILE, "the daemon's configuration file");
    }

    CommandSpec spec() {
        return spec;
    }

    /** What the daemon said, or why it said nothing. */
    private record Heard(Optional<DaemonAccount> account, Silence silence) {}

    @Override
    public Integer call() throws IOException {
        String file = options.word("-f");
        String absolute = Path.of(file).toAbsolutePath().normalize().toString();
        if (!file.equals(STANDARD_FILE) && !Files.exists(Path.of(absolute))) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("noonmark: -f " + file + ": no such file; name the configuration that the daemon reads");
            err.flush();
            return UNKNOWN;
        }
        Heard heard = listen();
        MachineProbe machine = new MachineProbe(Path.of("/"), new LiveSurroundings());
        Probes probes = options.isOn("--no-probes")
                ? ClientProbes.none("nothing was to be asked over the network")
                : ClientProbes.ask(heard.account(), machine.config(absolute));
        DoctorReport report = Doctor.examine(
                machine.facts(
                        absolute,
                        heard.account(),
                        heard.silence(),
                        probes,
                        Build.load(),
                        LinuxTime.realtimeNanos() / NANOS_PER_SECOND),
                heard.account());
        PrintWriter out = spec.commandLine().getOut();
        out.print(options.isOn("--json") ? report.json() + "\n" : report.text(Terminal.isColourful()));
        out.flush();
        return report.exitCode();
    }

    private Heard listen() throws IOException {
        Path socket = GlobalOptions.of(spec).control();
        try {
            Answer answer = GlobalOptions.of(spec).client().ask(new Request("doctor", List.of()));
            Optional<DaemonAccount> account = DaemonAccount.parse(answer.text());
            return new Heard(account, account.isPresent() ? Silence.NONE : Silence.MUTE);
        } catch (AccessDeniedException e) {
            return new Heard(Optional.empty(), Silence.FORBIDDEN);
        } catch (NoDaemonException e) {
            boolean isMute =
                    e.getMessage() != null && e.getMessage().contains("gives no answer") && Files.exists(socket);
            return new Heard(Optional.empty(), isMute ? Silence.MUTE : Silence.NOBODY);
        }
    }
}
