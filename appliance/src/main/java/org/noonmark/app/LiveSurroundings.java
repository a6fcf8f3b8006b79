package org.noonmark.app;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The running machine's. */
public final class LiveSurroundings implements MachineProbe.Surroundings {
    private static final int MOST_BYTES = 1 << 20;
    private static final long PATIENCE_SECONDS = 5;

    @Override
    public Optional<String> run(List<String> words) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            Thread end = Thread.ofVirtual().start(() -> endLater(process));
            try (var out = process.getInputStream()) {
                String text = new String(out.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
            } finally {
                end.interrupt();
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty(); // no such program here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A program that hangs with its output open would hold up the reading for ever. */
    private static void endLater(Process process) {
        try {
            Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Map<String, List<String>> addresses() {
        Map<String, List<String>> addresses = new HashMap<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                addresses.put(
                        each.getName(),
                        each.getInterfaceAddresses().stream()
                                .map(address -> address.getAddress())
                                .filter(address -> !address.isLinkLocalAddress())
                                .map(HostNames::shown)
                                .toList());
            }
        } catch (SocketException e) {
            return addresses; // the kernel does not tell
        }
        return addresses;
    }

    @Override
    public Optional<MachineProbe.Room> room(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            return Optional.of(new MachineProbe.Room(store.getUsableSpace(), store.getTotalSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
