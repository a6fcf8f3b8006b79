package org.noonmark.nmea.setup;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Frame;

/**
 * A sentence of MediaTek's receivers (GlobalTop PMTK command packet, revision A11): a question is answered by a sentence of its own,
 * a command by {@code PMTK001,COMMAND,FLAG}, where 3 is success.
 */
final class PmtkTask implements Task {
    private static final int SUCCESS = 3;

    private final String body;
    private final String answerName;
    private final Function<Answer, List<Task>> then;

    /**
     * Something to say.
     *
     * @param body what stands between {@code $} and {@code *}
     * @param answerName the first field of the answer; PMTK001: an acknowledgement
     */
    PmtkTask(String body, String answerName, Function<Answer, List<Task>> then) {
        this.body = body;
        this.answerName = answerName;
        this.then = then;
    }

    @Override
    public byte[] request() {
        return sentence(body).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public @Nullable Answer onFrame(Frame frame) {
        if (frame.protocol() != Frame.Protocol.NMEA) {
            return null;
        }
        String[] fields = fields(content(frame));
        if (fields[0].equals("PMTK001") && fields.length >= 3 && fields[1].equals(body.substring(4, 7))) {
            if (!fields[2].equals(Integer.toString(SUCCESS))) {
                return Answer.REFUSED;
            }
            return answerName.equals("PMTK001") ? Answer.ACCEPTED : null;
        }
        return fields[0].equals(answerName) ? new Answer.Data(content(frame)) : null;
    }

    @Override
    public List<Task> then(Answer answer) {
        return then.apply(answer);
    }

    static String[] fields(byte[] content) {
        return new String(content, StandardCharsets.US_ASCII).split(",", -1);
    }

    /** With its sum and line end. */
    static String sentence(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            sum ^= body.charAt(i);
        }
        return String.format(Locale.ROOT, "$%s*%02X\r\n", body, sum);
    }

    /** Between {@code $} and {@code *}. */
    private static byte[] content(Frame frame) {
        int from = frame.offset() + 1;
        int end = from;
        while (end < frame.offset() + frame.length() && frame.bytes()[end] != '*') {
            end++;
        }
        return Arrays.copyOfRange(frame.bytes(), from, end);
    }
}
