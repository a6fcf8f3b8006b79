package org.noonmark.provisioning.firstboot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of authorized_keys(5): options, type, key, comment.
 *
 * @param line as it is to be written
 * @param name type and comment, for reports
 */
record SshKey(String line, String name) {
    private static final Set<String> TYPES = Set.of(
            "ssh-ed25519",
            "ssh-rsa",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "sk-ssh-ed25519@openssh.com",
            "sk-ecdsa-sha2-nistp256@openssh.com");

    /** What became of reading a line. */
    sealed interface Reading {
        /** It is a key. */
        record Good(SshKey key) implements Reading {}

        /** It is not; {@code fault} continues "this ...". */
        record Bad(String fault, String cure) implements Reading {}
    }

    /** What stands before a key that was meant to be taken: nothing but the setting's name, brackets, dashes, quotes. */
    private static final String BEFORE =
            "(?:^\\s*(?:\"?authorized_keys\"?\\s*[=:])?|\\G)[\\s\\p{Z}\\[\\],\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb`-]*";

    /** A key with its comment, between quotes of any kind or none. */
    private static final Pattern SEEN = Pattern.compile(BEFORE + "((?:" + String.join("|", TYPES)
            + ") +[A-Za-z0-9+/=]+(?: [^\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb`,\\]#]*)?)");

    /**
     * The keys in lines that are not TOML, or not of the right form: a comma that is missing must not lock its owner out. Only whole
     * keys count, and none behind options, which could be lost with the quotes.
     */
    static List<SshKey> rescue(List<String> lines) {
        return lines.stream()
                .flatMap(line -> SEEN.matcher(line).results())
                .map(seen -> parse(seen.group(1)))
                .flatMap(read -> read instanceof Reading.Good(SshKey key) ? Stream.of(key) : Stream.empty())
                .distinct()
                .toList();
    }

    static Reading parse(String text) {
        String line = text.strip();
        String cure = "paste the one line of id_ed25519.pub, between quotes";
        if (line.contains("PRIVATE KEY")) {
            return new Reading.Bad(
                    "is a private key, which must never leave its computer",
                    "make a new pair with ssh-keygen, and paste the line of id_ed25519.pub");
        }
        if (line.startsWith("----")) {
            return new Reading.Bad(
                    "is a key in the form of PuTTY or SSH2", "paste the line that PuTTYgen shows for OpenSSH");
        }
        if (line.chars().anyMatch(c -> c < ' ')) {
            return new Reading.Bad("has a line break or tab in it", cure);
        }
        List<String> words = words(line);
        int type = 0;
        while (type < words.size() && !TYPES.contains(words.get(type))) {
            type++;
        }
        if (words.contains("ssh-dss")) {
            return new Reading.Bad("is a DSA key, which sshd no longer takes", "make one with 'ssh-keygen -t ed25519'");
        }
        if (type > 1 || type + 1 >= words.size()) {
            return new Reading.Bad("is not a public key of OpenSSH", cure);
        }
        if (words.get(type + 1).contains("...")) {
            return new Reading.Bad("is an example or cut short: no key has '...' in it", cure + ", your own");
        }
        if (!isWhole(words.get(type), words.get(type + 1))) {
            return new Reading.Bad("is damaged or cut off", cure);
        }
        String comment = String.join(" ", words.subList(type + 2, words.size()));
        String name = words.get(type) + (comment.isEmpty() ? "" : " " + comment);
        return new Reading.Good(new SshKey(line, name));
    }

    /** Splits at spaces outside of double quotes, as sshd does for options. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (c == ' ' && !quoted) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** Whether the key is a sequence of counted strings, the first of which repeats the type (RFC 4253 section 6.6). */
    private static boolean isWhole(String type, String base64) {
        ByteBuffer blob;
        try {
            blob = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return false;
        }
        int strings = 0;
        while (blob.hasRemaining()) {
            if (blob.remaining() < Integer.BYTES) {
                return false;
            }
            int length = blob.getInt();
            if (length < 0 || length > blob.remaining()) {
                return false;
            }
            byte[] string = new byte[length];
            blob.get(string);
            if (strings == 0 && !new String(string, StandardCharsets.US_ASCII).equals(type)) {
                return false;
            }
            strings++;
        }
        return strings >= 2;
    }
}
