package org.noonmark.acme;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;

/**
 * By a record in the name system (RFC 8555, section 8.4), which a program of the owner's puts there: {@code PROGRAM set NAME VALUE} ends
 * with 0 when the TXT record can be seen, {@code PROGRAM clear NAME VALUE} takes it away.
 */
public final class DnsProof implements NameProof {
    /** Name servers that copy from each other take minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path program;

    public DnsProof(Path program) {
        this.program = program;
    }

    @Override
    public Shown show(Authorization authorization, String ordered) throws OrderFailedException, InterruptedException {
        Dns01Challenge challenge = authorization
                .findChallenge(Dns01Challenge.class)
                .orElseThrow(
                        () -> new OrderFailedException("the service offers no challenge by DNS: leave 'hook' out"));
        String name = withoutDot(challenge.getRRName(ordered));
        String value = challenge.getDigest();
        run("set", name, value);
        return new Shown() {
            @Override
            public Challenge challenge() {
                return challenge;
            }

            @Override
            public void close() {
                try {
                    run("clear", name, value);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (OrderFailedException e) {
                    // A record that stays does no harm: its value is of no use any more.
                }
            }
        };
    }

    @Override
    public String cure(String name) {
        return "the TXT record that " + program + " sets must be seen by the whole Internet when it ends";
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void run(String... words) throws OrderFailedException, InterruptedException {
        String[] command = {program.toString(), words[0], words[1], words[2]};
        Process process = start(command);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new OrderFailedException(
                        program + " " + words[0] + " did not end in " + PATIENCE.toMinutes() + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new OrderFailedException(program + " " + words[0] + " ended with " + process.exitValue()
                        + ": see what it says in the log");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String... command) throws OrderFailedException {
        try {
            return new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    // Its complaints are in the daemon's log.
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new OrderFailedException(
                    program + " cannot be started (" + e.getMessage()
                            + "): it must be executable for the daemon, and lie where its unit lets it run programs",
                    e);
        }
    }
}
