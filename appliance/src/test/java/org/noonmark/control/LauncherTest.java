package org.noonmark.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell command of the image speaks this protocol too, without Java; here the real one asks a real server. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "systemd-units", "rootfs", "usr", "bin", "noonmark");

    @TempDir
    Path directory = Path.of("unset");

    private final AtomicReference<String> asked = new AtomicReference<>("nothing");
    private Answer answer = Answer.ok("");
    private ControlServer server = new ControlServer(Path.of("unset"), _ -> answer);

    /** What a command did. */
    private record Result(int code, String out, String err) {}

    @BeforeEach
    void listen() throws IOException {
        server = new ControlServer(socket(), request -> {
            asked.set(request.line());
            return answer;
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void printsAReportAsItCameAndEndsWithItsCode() throws Exception {
        answer = new Answer(Answer.NOT_GOOD, "Offset ±3 µs\n\n  \"last\"\n\n");

        assertEquals(new Result(1, answer.text(), ""), launch("status", "-b"));
        assertEquals("status --brief", asked.get());
    }

    @Test
    void printsAComplaintWhereComplaintsBelong() throws Exception {
        answer = Answer.usage("the daemon does not know that");

        assertEquals(new Result(2, "", "the daemon does not know that\n"), launch("gps", "--position"));
        assertEquals("gps --position", asked.get());
    }

    @Test
    void carriesALongReportWhole() throws Exception {
        answer = Answer.ok("0123456789abcde\n".repeat(20_000));

        assertEquals(answer.text(), launch("sources", "--json").out());
    }

    @Test
    void aTimeThatIsTypedGoesToTheDaemonAtOnce() throws Exception {
        answer = Answer.ok("200 OK\n");

        assertEquals(new Result(0, "200 OK\n", ""), launch("settime", "Nov 23, 2026", "16:30:05"));
        assertEquals("settime Nov 23, 2026 16:30:05", asked.get());
        assertEquals(new Result(0, "200 OK\n", ""), launch("manual", "delete", "2"));
        assertEquals("manual delete 2", asked.get());
    }

    private Result launch(String... arguments) throws Exception {
        assumeTrue(canAskUnixSockets(), "no nc with -U and -N (Debian: netcat-openbsd)");
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder command = new ProcessBuilder("sh", LAUNCHER.toString());
        command.command().addAll(List.of(arguments));
        command.environment().put("NOONMARK_CONTROL", socket().toString());
        int code = command.redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Result(code, Files.readString(out), Files.readString(err));
    }

    private static boolean canAskUnixSockets() throws Exception {
        try {
            Process help =
                    new ProcessBuilder("nc", "-h").redirectErrorStream(true).start();
            String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            help.waitFor();
            return text.contains("OpenBSD");
        } catch (IOException e) {
            return false;
        }
    }

    private Path socket() {
        return directory.resolve("control.sock");
    }
}
