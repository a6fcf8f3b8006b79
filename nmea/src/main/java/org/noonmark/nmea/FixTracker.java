package org.noonmark.nmea;

/** Folds the messages of a second into labels, fixes and sky views. */
public final class FixTracker implements SentenceFramer.Sink {
    private final FixListener listener;

    /**
     * @param era repairs dates
     * @param listener hears the results
     */
    public FixTracker(GpsEra era, FixListener listener) {
        this.listener = listener;
    }

    @Override
    public void onFrame(Frame frame) {}

    /** Reports what is complete without waiting for the next epoch. */
    public void endOfInput() {
        listener.onHealth(ReceiverHealth.UNKNOWN);
    }
}
