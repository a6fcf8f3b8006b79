package org.noonmark.linux;

import com.sun.jna.StringArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** This process becomes its own program anew: same process id, same command line. */
public final class ProgramStart {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String PROGRAM = "/proc/self/exe";

    private static final int FIRST_OWN = 3;
    private static final int ALL = -1;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int F_SETFD = 2;

    private ProgramStart() {}

    /**
     * Starts anew with what the calling thread is allowed to; the other threads end where they are. Returns only by an exception.
     *
     * @param name of a variable of the environment that is added
     * @param value its value
     * @param descriptors that stay open, with those of standard input and output; all others are closed
     * @throws IOException when the kernel refuses
     */
    public static void again(String name, String value, List<Integer> descriptors) throws IOException {
        List<String> environment = new ArrayList<>();
        for (Map.Entry<String, String> each : System.getenv().entrySet()) {
            environment.add(each.getKey() + "=" + each.getValue());
        }
        environment.add(name + "=" + value);
        // Java's own files, which do not all close themselves.
        Libc.close_range(FIRST_OWN, ALL, CLOSE_RANGE_CLOEXEC);
        descriptors.forEach(fd -> Libc.fcntl(fd, F_SETFD, 0));
        Libc.execve(Files.readSymbolicLink(Path.of(PROGRAM)).toString(), strings(commandLine()), strings(environment));
        throw new IOException("the daemon cannot start itself anew: " + Libc.lastError());
    }

    private static List<String> commandLine() throws IOException {
        String all = Files.readString(COMMAND_LINE, StandardCharsets.UTF_8);
        // Each word ends with a zero.
        String[] words = all.split("\0", -1);
        return List.of(words).subList(0, words.length - 1);
    }

    private static StringArray strings(List<String> strings) {
        return new StringArray(strings.toArray(String[]::new), StandardCharsets.UTF_8.name());
    }
}
