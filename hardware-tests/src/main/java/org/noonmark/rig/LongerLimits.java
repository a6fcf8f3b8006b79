package org.noonmark.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An emulated processor on a busy PC takes many times as long as a board for the same start. What limits the image's services there are made longer
 * by drop-ins that systemd takes from credentials on the kernel's command line (systemd.system-credentials(7)), so the image stays as it is.
 */
final class LongerLimits {
    private static final int TIMES = 8;
    /** What may take this long on a board ends in time there too; the kernel's command line has 2048 octets. */
    private static final int LONG_SECONDS = 600;

    private static final Path UNITS = Path.of("..", "systemd-units", "rootfs", "usr", "lib", "systemd", "system");
    private static final Pattern LIMIT =
            Pattern.compile("(?m)^(TimeoutStartSec|TimeoutStopSec|WatchdogSec)=(\\d+)(s|min)$");

    private LongerLimits() {}

    /** For the kernel's command line. */
    static String words() {
        List<String> words = new ArrayList<>(List.of("systemd.default_timeout_start_sec=10min"));
        try (Stream<Path> units = Files.list(UNITS)) {
            for (Path unit : units.filter(each -> each.toString().endsWith(".service"))
                    .sorted()
                    .toList()) {
                StringBuilder longer = new StringBuilder();
                Matcher limit = LIMIT.matcher(Files.readString(unit));
                while (limit.find()) {
                    int seconds =
                            Integer.parseInt(limit.group(2)) * (limit.group(3).equals("min") ? 60 : 1);
                    if (seconds < LONG_SECONDS) {
                        longer.append('\n').append(limit.group(1)).append('=').append(seconds * TIMES);
                    }
                }
                if (!longer.isEmpty()) {
                    words.add("systemd.set_credential_binary=systemd.unit-dropin." + unit.getFileName() + ":"
                            + Base64.getEncoder()
                                    .encodeToString(("[Service]" + longer + "\n").getBytes(StandardCharsets.US_ASCII)));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(UNITS + " cannot be read", e);
        }
        return String.join(" ", words);
    }
}
