package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.noonmark.nts.Aead;

/** What a client has after a key exchange; a line of a file between the processes of {@link NtsBench}. */
record NtsSession(Aead aead, List<byte[]> keysAndCookies) {
    private static final HexFormat HEX = HexFormat.of();

    static NtsSession of(Aead aead, byte[] c2s, byte[] s2c, List<byte[]> cookies) {
        return new NtsSession(
                aead, Stream.concat(Stream.of(c2s, s2c), cookies.stream()).toList());
    }

    byte[] c2s() {
        return keysAndCookies.getFirst();
    }

    byte[] s2c() {
        return keysAndCookies.get(1);
    }

    List<byte[]> cookies() {
        return keysAndCookies.subList(2, keysAndCookies.size());
    }

    static void write(Path file, List<NtsSession> sessions) throws IOException {
        Files.write(
                file,
                sessions.stream()
                        .map(session -> session.aead.id() + " "
                                + session.keysAndCookies.stream()
                                        .map(HEX::formatHex)
                                        .collect(Collectors.joining(" ")))
                        .toList());
    }

    static List<NtsSession> read(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(NtsSession::parse).toList();
    }

    private static NtsSession parse(String line) {
        String[] words = line.split(" ", -1);
        return new NtsSession(
                Aead.of(Integer.parseInt(words[0])).orElseThrow(),
                Arrays.stream(words, 1, words.length).map(HEX::parseHex).toList());
    }
}
