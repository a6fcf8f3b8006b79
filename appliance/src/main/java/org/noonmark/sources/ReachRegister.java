package org.noonmark.sources;

/** Which of the last eight requests to a server were answered by one that knew the time: RFC 5905's reach. */
final class ReachRegister {
    private static final int BITS = 8;
    private static final int FULL = (1 << BITS) - 1;

    private int bits;
    private int size;
    private int unanswered;

    /** A request is due; whether the last one went unanswered. */
    boolean onRequest() {
        unanswered++;
        if (unanswered > 1) {
            mark(false);
        }
        return unanswered > 1;
    }

    /** An answer came. */
    void onAnswer(boolean synchronised) {
        unanswered = 0;
        mark(synchronised);
    }

    /** Nothing came of the last time. */
    void onSilence() {
        mark(false);
    }

    private void mark(boolean heard) {
        bits = (bits << 1 | (heard ? 1 : 0)) & FULL;
        size = Math.min(size + 1, BITS);
    }

    /** Newest in the lowest bit. */
    int bits() {
        return bits;
    }

    boolean isFull() {
        return size == BITS;
    }

    /** Asked for long, and heard not once in the last eight times. */
    boolean isDead() {
        return bits == 0 && isFull();
    }
}
