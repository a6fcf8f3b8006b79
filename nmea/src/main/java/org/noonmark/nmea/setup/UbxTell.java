package org.noonmark.nmea.setup;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Frame;

/** A configuration message that the receiver acknowledges. */
final class UbxTell implements Task {
    private final int id;
    private final byte[] request;
    private final Function<Answer, List<Task>> then;

    UbxTell(int id, byte[] payload, Function<Answer, List<Task>> then) {
        this.id = id;
        this.request = UbxFrames.of(UbxFrames.CFG, id, payload);
        this.then = then;
    }

    @Override
    public byte[] request() {
        return request;
    }

    @Override
    public @Nullable Answer onFrame(Frame frame) {
        if (UbxFrames.isAck(frame, 1, UbxFrames.CFG, id)) {
            return Answer.ACCEPTED;
        }
        return UbxFrames.isAck(frame, 0, UbxFrames.CFG, id) ? Answer.REFUSED : null;
    }

    @Override
    public List<Task> then(Answer answer) {
        return then.apply(answer);
    }
}
