package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.noonmark.provisioning.Problem.Severity;

/**
 * Reads the file that 'keyfile' names, in chrony's format: lines {@code ID [TYPE] KEY}, comments from {@code ! ; # %} at the start of a
 * line. Problems never quote a key.
 */
final class KeyFileReading {
    /** Each is held ready by each packet thread, a cipher with some 6 kB. */
    private static final int MOST_KEYS = 1024;

    private static final int LONGEST_LINE = 2047;
    /** As chrony warns: 80 bits. */
    private static final int WEAK_BITS = 80;

    private static final String LINE_FORM =
            "write 'ID TYPE HEX:DIGITS' with a type such as AES128 and 32 random hexadecimal digits";
    private static final Pattern ID = Pattern.compile("[0-9]{1,10}");
    private static final long MOST_ID = 0xffff_ffffL;

    private final ConfigFiles files;
    private final Consumer<Problem> problems;
    private final List<SymmetricKey> keys = new ArrayList<>();
    private final Map<Integer, Integer> lineById = new HashMap<>();
    private String path = "";

    KeyFileReading(ConfigFiles files, Consumer<Problem> problems) {
        this.files = files;
        this.problems = problems;
    }

    /** The keys that were understood; {@code problems} was told of the others. */
    List<SymmetricKey> of(Arguments words) {
        path = words.text("FILE");
        switch (files.read(path)) {
            case ConfigFiles.FileText.Unreadable(String reason) ->
                problems.accept(words.statement()
                        .error(
                                path,
                                "the file " + quote(path) + " of 'keyfile' cannot be read, " + reason,
                                "write the full path of a file of keys that this user can read, or remove the line"));
            case ConfigFiles.FileText.Text(String text) -> {
                read(text.lines().toList());
                warnOfPermissions();
                warnOfWeakKeys();
            }
        }
        return List.copyOf(keys);
    }

    private void read(List<String> lines) {
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || "!;#%".indexOf(line.charAt(0)) >= 0) {
                continue;
            }
            if (keys.size() == MOST_KEYS) {
                error(number, "1024", "the file has more than '1024' keys", "remove those that nobody uses");
                return;
            }
            int at = number;
            key(number, line).ifPresent(key -> add(at, key));
        }
    }

    private Optional<SymmetricKey> key(int number, String line) {
        String[] words = line.split("\\s+", -1);
        if (!ID.matcher(words[0]).matches() || Long.parseLong(words[0]) < 1 || Long.parseLong(words[0]) > MOST_ID) {
            // The word is not quoted: it may be a key whose number was forgotten.
            return error(
                    number,
                    "key ID",
                    "the line does not begin with a key ID, a whole number from 1 to 4294967295",
                    LINE_FORM);
        }
        if (words.length < 2 || words.length > 3 || line.length() > LONGEST_LINE) {
            return error(
                    number,
                    words[0],
                    "key " + quote(words[0]) + " needs one or two words after its number, and at most 2047 characters",
                    LINE_FORM);
        }
        Optional<KeyType> type = words.length == 2 ? Optional.of(KeyType.MD5) : KeyType.of(words[1]);
        if (type.isEmpty()) {
            return error(
                    number,
                    words[1],
                    "key '" + words[0] + "' has the unknown type " + quote(words[1]),
                    "write one of " + KeyType.words());
        }
        return secret(number, words[0], words[words.length - 1])
                .flatMap(octets -> keyOf(number, words[0], type.get(), octets));
    }

    private Optional<byte[]> secret(int number, String id, String word) {
        if (word.startsWith("HEX:")) {
            String digits = word.substring(4);
            if (digits.isEmpty() || !digits.matches("([0-9A-Fa-f]{2})+")) {
                error(
                        number,
                        id,
                        "key '" + id + "' has no even number of hexadecimal digits after HEX:",
                        "write two digits of 0-9 and A-F for each octet");
                return Optional.empty();
            }
            return Optional.of(HexFormat.of().parseHex(digits));
        }
        String text = word.startsWith("ASCII:") ? word.substring(6) : word;
        if (text.isEmpty() || text.indexOf('\ufffd') >= 0) {
            error(
                    number,
                    id,
                    "key '" + id + "' is empty or no text",
                    "write its octets as hexadecimal digits after HEX:");
            return Optional.empty();
        }
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<SymmetricKey> keyOf(int number, String id, KeyType type, byte[] octets) {
        if (type.secretBytes().isPresent() && type.secretBytes().getAsInt() != octets.length) {
            int bytes = type.secretBytes().getAsInt();
            return error(
                    number,
                    id,
                    "key '" + id + "' has " + octets.length * 8 + " bits, expected " + bytes * 8 + " for "
                            + type.word(),
                    "write HEX: and " + bytes * 2 + " digits");
        }
        return Optional.of(new SymmetricKey(Integer.parseUnsignedInt(id), type, octets));
    }

    private void add(int number, SymmetricKey key) {
        Integer earlier = lineById.putIfAbsent(key.id(), number);
        if (earlier == null) {
            keys.add(key);
            return;
        }
        String id = Integer.toUnsignedString(key.id());
        error(number, id, "key '" + id + "' repeats that of line " + earlier, "keep one of them");
    }

    private void warnOfPermissions() {
        if (files.isOpenToOthers(path)) {
            warn(
                    0,
                    path,
                    quote(path) + " can be read or written by every user of this machine",
                    "run 'chmod o-rwx " + path + "'");
        }
    }

    private void warnOfWeakKeys() {
        warnOf(
                key -> key.bits() < WEAK_BITS,
                " shorter than 80 bits, so it can be guessed from one packet",
                "make new ones of 128 random bits: 'AES128 HEX:' and 32 digits");
        warnOf(
                key -> key.bits() >= WEAK_BITS && key.type() == KeyType.MD5,
                " of type MD5, whose MAC lets fields be added to a packet unseen",
                "use AES128 or SHA256 where the clients know it");
    }

    /** One warning for all keys alike, at the line of the first. */
    private void warnOf(Predicate<SymmetricKey> weak, String what, String cure) {
        List<SymmetricKey> found = keys.stream().filter(weak).toList();
        if (!found.isEmpty()) {
            SymmetricKey first = found.getFirst();
            String id = Integer.toUnsignedString(first.id());
            String others = found.size() > 1 ? " (and " + (found.size() - 1) + " more)" : "";
            warn(lineById.getOrDefault(first.id(), 0), id, "key '" + id + "'" + others + " is" + what, cure);
        }
    }

    private <T> Optional<T> error(int line, String value, String fault, String cure) {
        problems.accept(new Problem(Severity.ERROR, path, line, "keyfile", Printable.of(value), fault, cure));
        return Optional.empty();
    }

    private void warn(int line, String value, String fault, String cure) {
        problems.accept(new Problem(Severity.WARNING, path, line, "keyfile", Printable.of(value), fault, cure));
    }
}
