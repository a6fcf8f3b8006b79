package org.noonmark.app;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.noonmark.provisioning.LogConfig;
import org.tinylog.Logger;

/**
 * Tells of large corrections of the clock: {@code logchange} in the log, {@code mailonchange} by mail. For the timing thread, which it does
 * not hold up.
 */
final class ChangeTeller {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/sendmail"), Path.of("/usr/lib/sendmail"));
    /** A slew is renewed each second until it is over: it is one correction. */
    private static final long APART_NANOS = 60_000_000_000L;

    private final LogConfig logs;
    private final String host;
    private final List<Path> programs;
    private long toldNanos = Long.MIN_VALUE / 2;
    private long mailedNanos = Long.MIN_VALUE / 2;

    ChangeTeller(LogConfig logs, String host) {
        this(logs, host, PROGRAMS);
    }

    /** @param programs where a mail program may be */
    ChangeTeller(LogConfig logs, String host, List<Path> programs) {
        this.logs = logs;
        this.host = host;
        this.programs = List.copyOf(programs);
    }

    /** The clock is being corrected. */
    void onCorrection(long nanos, long monotonicNanos) {
        double size = Math.abs((double) nanos);
        boolean isTold = size > logs.changeNanos() && monotonicNanos - toldNanos >= APART_NANOS;
        boolean isMailed =
                logs.mail().filter(mail -> size > mail.thresholdNanos()).isPresent()
                        && monotonicNanos - mailedNanos >= APART_NANOS;
        if (!isTold && !isMailed) {
            return;
        }
        // As chrony has it, for those who look for these words.
        String sentence = String.format(Locale.ROOT, "System clock wrong by %.6f seconds", nanos * 1e-9);
        if (isTold) {
            toldNanos = monotonicNanos;
            Logger.warn(sentence);
        }
        if (isMailed) {
            mailedNanos = monotonicNanos;
            Thread.ofPlatform().daemon().name("mail").start(() -> mail(sentence));
        }
    }

    private void mail(String sentence) {
        Optional<Path> program = programs.stream().filter(Files::isExecutable).findFirst();
        String to = logs.mail().orElseThrow().address();
        if (program.isEmpty()) {
            Logger.warn("no mail is sent to {}: this machine has no sendmail", to);
            return;
        }
        try {
            Process process = new ProcessBuilder(program.get().toString(), "-t")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Writer out = process.outputWriter(StandardCharsets.UTF_8)) {
                out.write("To: " + to + "\nSubject: noonmark reports change to system clock on node [" + host + "]\n\n"
                        + sentence + ".\n");
            }
        } catch (IOException e) {
            Logger.warn("no mail is sent to {}: {}", to, e.getMessage());
        }
    }
}
