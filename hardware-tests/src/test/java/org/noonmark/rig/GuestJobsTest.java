package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guest has no launcher of its own: its jobs write out what the image's launcher says to Java. */
class GuestJobsTest {
    private static final Path LAUNCHER = Path.of("..", "systemd-units", "rootfs", "usr", "bin", "noonmark");
    private static final Path JOBS = Path.of("src", "main", "resources", "org", "noonmark", "rig", "job-common.sh");

    /** The options of every program, and those of the daemon. */
    private static final Pattern OPTIONS = Pattern.compile("(?m)^ +(?:run\\) )?set -- (-X[^\"]+) \"\\$@\"");

    @Test
    void theDaemonRunsWithTheOptionsOfTheImage() throws Exception {
        List<String> options = OPTIONS.matcher(Files.readString(LAUNCHER))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertEquals(2, options.size(), options.toString());
        String jobs = Files.readString(JOBS);
        for (String each : options) {
            assertTrue(jobs.contains(each), "the guest's Java is started without " + each);
        }
    }
}
