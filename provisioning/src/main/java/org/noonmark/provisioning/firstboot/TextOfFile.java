package org.noonmark.provisioning.firstboot;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;

/** Bytes to text: what editors of all systems leave in a file. */
final class TextOfFile {
    /** A person's file has some kilobytes; more is another file under this name. */
    static final int MOST_BYTES = 64 << 10;

    /** How RTF, HTML and the zip archives of word processors begin. */
    private static final Pattern FORMATTED =
            Pattern.compile("\\s*(\\{\\\\rtf|(?i:<!doctype|<html|<\\?xml)|PK\\x03\\x04)");

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private TextOfFile() {}

    /** The text, without byte order mark; empty when it cannot be read, of which {@code problems} hears. */
    static Optional<String> decode(String name, RawFile file, Consumer<Problem> problems) {
        byte[] bytes = file.bytes();
        if (isTooLong(file)) {
            problems.accept(whole(
                    Severity.ERROR,
                    name,
                    "the file has more than 64 KiB, so it is not what its name says",
                    "start again from the sample: 'noonmark provision --sample'"));
            return Optional.empty();
        }
        if (isUtf16(bytes)) {
            problems.accept(whole(
                    Severity.ERROR,
                    name,
                    "the file is saved as UTF-16 (Windows calls it Unicode)",
                    "save it again with the encoding UTF-8"));
            return Optional.empty();
        }
        String decoded = decode(name, bytes, problems);
        String text = decoded.startsWith("\ufeff") ? decoded.substring(1) : decoded;
        if (FORMATTED.matcher(text).lookingAt()) {
            problems.accept(whole(
                    Severity.ERROR,
                    name,
                    "the file is the document of a word processor or a web page, not plain text",
                    "save it again as plain text (TextEdit: Format, Make Plain Text)"));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** Whether the file may go on behind what was read of it. */
    static boolean isTooLong(RawFile file) {
        return file.bytes().length > MOST_BYTES;
    }

    /** With its mark, or with a zero in every second byte of the beginning. */
    private static boolean isUtf16(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return (first == 0xff && second == 0xfe)
                || (first == 0xfe && second == 0xff)
                || (bytes.length >= 4
                        && (first == 0) != (second == 0)
                        && (bytes[2] == 0) == (first == 0)
                        && (bytes[3] == 0) == (second == 0));
    }

    private static String decode(String name, byte[] bytes, Consumer<Problem> problems) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.accept(whole(
                    Severity.WARNING,
                    name,
                    "the file is not saved as UTF-8, it was read as Windows-1252 (ANSI)",
                    "save it again with the encoding UTF-8"));
            return new String(bytes, WINDOWS);
        }
    }

    /** A problem of the file as a whole. */
    static Problem whole(Severity severity, String name, String fault, String cure) {
        return new Problem(severity, name, 0, "", name, fault, cure);
    }
}
