package org.noonmark.nmea.setup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Frame;

/** One thing to be asked of a receiver, or told it, and what follows from its answer. */
interface Task {
    /** The bytes to be sent; the same when said again. */
    byte[] request();

    /** What the frame says to this task; null: it has nothing to do with it, or is not all. */
    @Nullable Answer onFrame(Frame frame);

    /** Time is up: what is to be made of what came so far; null: nothing came, say it again. */
    default @Nullable Answer onSilence() {
        return null;
    }

    /** What is to be done next, in this order, before what was planned already. */
    List<Task> then(Answer answer);
}
