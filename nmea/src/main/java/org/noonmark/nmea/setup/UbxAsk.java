package org.noonmark.nmea.setup;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Frame;

/**
 * A poll request. A configuration message that is polled is sent and then acknowledged: both are waited for, as the acknowledgement
 * could be taken for that of the next command else.
 */
final class UbxAsk implements Task {
    private final int messageClass;
    private final int id;
    private final byte[] request;
    private final Predicate<byte[]> fits;
    private final Function<Answer, List<Task>> then;
    private byte @Nullable [] data;
    private boolean acknowledged;

    /**
     * A question.
     *
     * @param fits whether a payload of that class and id is the answer to it
     */
    UbxAsk(int messageClass, int id, byte[] payload, Predicate<byte[]> fits, Function<Answer, List<Task>> then) {
        this.messageClass = messageClass;
        this.id = id;
        this.request = UbxFrames.of(messageClass, id, payload);
        this.fits = fits;
        this.then = then;
        acknowledged = messageClass != UbxFrames.CFG;
    }

    @Override
    public byte[] request() {
        return request;
    }

    @Override
    public @Nullable Answer onFrame(Frame frame) {
        if (UbxFrames.isAck(frame, 0, messageClass, id)) {
            return Answer.REFUSED;
        }
        if (UbxFrames.isAck(frame, 1, messageClass, id)) {
            acknowledged = true;
        } else if (UbxFrames.is(frame, messageClass, id)) {
            byte[] payload = UbxFrames.payload(frame);
            if (fits.test(payload)) {
                data = payload;
            }
        }
        return acknowledged ? onSilence() : null;
    }

    @Override
    public @Nullable Answer onSilence() {
        byte[] found = data;
        return found == null ? null : new Answer.Data(found);
    }

    @Override
    public List<Task> then(Answer answer) {
        return then.apply(answer);
    }
}
