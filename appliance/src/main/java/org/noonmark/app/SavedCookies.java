package org.noonmark.app;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.noonmark.nts.Aead;
import org.noonmark.sources.Association;
import org.noonmark.sources.NtsKeys;
import org.tinylog.Logger;

/**
 * Keys and cookies of NTS servers over a restart, a file {@code ADDRESS.nts} for each in chrony's format, as secret as they are. A file is read
 * once and removed: a cookie that is spent twice lets others follow this machine from network to network.
 */
final class SavedCookies {
    private static final HexFormat HEX = HexFormat.of();
    private static final String HEADER = "NNC0";
    private static final int FIRST_COOKIE = 5;
    private static final int MOST_LINES = FIRST_COOKIE + 8;
    private static final int MOST_BYTES = 16_384;
    private static final int MOST_PORT = 65_535;

    private final Optional<Path> folder;
    private final LongSupplier clockNanos;

    /** @param folder where they are kept; empty: nowhere */
    SavedCookies(Optional<String> folder, LongSupplier clockNanos) {
        this.folder = folder.map(Path::of);
        this.clockNanos = clockNanos;
    }

    /** What was kept for that server, which is there no more; empty when nothing of use was. */
    Optional<NtsKeys> take(Association server) {
        Optional<Path> file = fileOf(server);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (Files.size(file.get()) > MOST_BYTES) {
                return Optional.empty();
            }
            String text = Files.readString(file.get(), StandardCharsets.US_ASCII);
            DurableFile.remove(file.get());
            return parse(text, server.config().name());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            Logger.warn("cookies of {} in {} are of no use: {}", server.config().name(), file.get(), e.getMessage());
            return Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // What these exceptions say may hold a piece of a key.
            Logger.warn(
                    "cookies of {} in {} are of no use: the file is damaged; new ones are asked for",
                    server.config().name(),
                    file.get());
            return Optional.empty();
        }
    }

    /** Keeps them for the next run. */
    void keep(Association server, NtsKeys keys) {
        fileOf(server).ifPresent(file -> {
            try {
                DurableFile.replace(file, text(server, keys), DurableFile.SECRET);
            } catch (IOException e) {
                Logger.warn(
                        "cookies of {} are not kept in {}: {}", server.config().name(), file, e.getMessage());
            }
        });
    }

    private Optional<Path> fileOf(Association server) {
        // An address with a scope has a name of an interface, which may have any character.
        String address = server.address().text();
        return folder.filter(_ -> address.matches("[0-9A-Fa-f.:]+")).map(known -> known.resolve(address + ".nts"));
    }

    private String text(Association server, NtsKeys keys) {
        double established = (clockNanos.getAsLong() - keys.ageNanos()) / 1e9;
        List<String> lines = new ArrayList<>(List.of(
                HEADER,
                server.config().name(),
                String.format(Locale.ROOT, "%.1f", established),
                server.ntpAddress().text() + " " + server.ntpPort(),
                "1 " + keys.aead().id() + " " + HEX.formatHex(keys.s2c()) + " " + HEX.formatHex(keys.c2s())));
        keys.cookies().forEach(cookie -> lines.add(HEX.formatHex(cookie)));
        return String.join("\n", lines) + "\n";
    }

    private Optional<NtsKeys> parse(String text, String name) {
        List<String> lines = text.lines().limit(MOST_LINES).toList();
        String[] place = lines.get(3).split(" ", -1);
        String[] words = lines.get(4).split(" ", -1);
        if (!lines.get(0).equals(HEADER) || !lines.get(1).equals(name)) {
            return Optional.empty();
        }
        double age = clockNanos.getAsLong() / 1e9 - Double.parseDouble(lines.get(2));
        List<byte[]> cookies = new ArrayList<>();
        for (String line : lines.subList(FIRST_COOKIE, lines.size())) {
            if (line.isEmpty()) {
                throw new IllegalArgumentException("an empty cookie");
            }
            cookies.add(HEX.parseHex(line));
        }
        int port = Integer.parseInt(place[1]);
        if (port < 1 || port > MOST_PORT) {
            throw new IllegalArgumentException("no port");
        }
        return Optional.of(new NtsKeys(
                Aead.of(Integer.parseInt(words[1])).orElseThrow(() -> new IllegalArgumentException("no such AEAD")),
                HEX.parseHex(words[3]),
                HEX.parseHex(words[2]),
                cookies,
                Optional.of(SourcesService.addressOf(InetAddress.ofLiteral(place[0]))),
                port,
                (long) (Math.max(0, age) * 1e9)));
    }
}
