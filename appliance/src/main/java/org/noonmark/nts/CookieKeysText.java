package org.noonmark.nts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Cookie keys as the text of their file: what it is, each key by its role with number, date from which on it was the current one and secret,
 * and a check of all that, by which a file that was cut or copied by halves is known.
 *
 * <pre>
 * noonmark-cookie-keys-1
 * next 1a2b3c4d 0 64 hexadecimal digits
 * current 2b3c4d5e 1794321000 64 hexadecimal digits
 * previous 3c4d5e6f 1793716200 64 hexadecimal digits
 * check 16 hexadecimal digits
 * </pre>
 */
public final class CookieKeysText {
    private static final String FORM = "noonmark-cookie-keys-1";
    private static final int CHECK_DIGITS = 16;
    private static final int KEY_WORDS = 4;

    private CookieKeysText() {}

    /** The text is not, or not wholly, what {@link #format} makes; the message says where, and has no secret in it. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /** The text of these keys: it is as secret as they are. */
    public static String format(CookieKeys keys) {
        StringBuilder text = new StringBuilder(FORM).append('\n');
        append(text, "next", keys.next());
        append(text, "current", keys.current());
        keys.previous().forEach(key -> append(text, "previous", key));
        String check = check(text.toString());
        return text.append("check ").append(check).append('\n').toString();
    }

    /**
     * The keys of such a text.
     *
     * @throws MalformedException when it is another text, was changed, or is not whole
     */
    public static CookieKeys parse(String text) throws MalformedException {
        int checked = text.lastIndexOf("check ");
        if (!text.startsWith(FORM + "\n") || checked < 0) {
            throw new MalformedException("it is not a whole file of cookie keys, which begins with '" + FORM
                    + "' and ends with a line 'check'");
        }
        if (!text.substring(checked).strip().equals("check " + check(text.substring(0, checked)))) {
            throw new MalformedException("its check does not fit: it was cut, changed or copied by halves");
        }
        List<String> lines = text.substring(0, checked).lines().toList();
        try {
            return read(lines);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a line is not of the form ROLE NUMBER DATE SECRET, or keys are missing");
        }
    }

    private static CookieKeys read(List<String> lines) {
        CookieKey next = null;
        CookieKey current = null;
        List<CookieKey> previous = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            if (words.length != KEY_WORDS) {
                throw new IllegalArgumentException("words");
            }
            CookieKey key = CookieKey.of(
                    HexFormat.fromHexDigits(words[1]),
                    Long.parseLong(words[2]),
                    HexFormat.of().parseHex(words[3]));
            switch (words[0]) {
                case "next" -> next = key;
                case "current" -> current = key;
                case "previous" -> previous.add(key);
                default -> throw new IllegalArgumentException("role");
            }
        }
        if (next == null || current == null) {
            throw new IllegalArgumentException("keys");
        }
        return new CookieKeys(next, current, previous);
    }

    private static void append(StringBuilder text, String role, CookieKey key) {
        text.append(role).append(' ').append(key.name()).append(' ').append(key.sinceSeconds());
        text.append(' ').append(key.secretDigits()).append('\n');
    }

    private static String check(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest).substring(0, CHECK_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
