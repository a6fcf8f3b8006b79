package org.noonmark.certificates;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The textual form of keys and certificates (RFC 7468): blocks between lines BEGIN and END, with anything around them. */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s*([^-]*?)\\s*-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /**
     * One block.
     *
     * @param label what it is, such as {@code CERTIFICATE}
     * @param text what stands between the lines: base 64, after header lines in old encrypted keys
     */
    record Block(String label, String text) {
        /** @throws IllegalArgumentException when it is not base 64 */
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    private Pem() {}

    /** The blocks of a text; none when it is no PEM. */
    static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    /** {@code bytes} as a block, ended by a line feed. */
    public static String text(String label, byte[] bytes) {
        String base64 = new String(LINES.encode(bytes), StandardCharsets.US_ASCII);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
