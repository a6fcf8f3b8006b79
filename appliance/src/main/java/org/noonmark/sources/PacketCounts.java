package org.noonmark.sources;

/** Counts the packets of one server. */
final class PacketCounts {
    private long requests;
    private long received;
    private long valid;
    private long good;
    private long kernelSent;
    private long kernelReceived;

    void onRequest() {
        requests++;
    }

    void onDeparture() {
        kernelSent++;
    }

    void onReceived(boolean byKernel) {
        received++;
        kernelReceived += byKernel ? 1 : 0;
    }

    void onValid() {
        valid++;
    }

    void onGood() {
        good++;
    }

    long valid() {
        return valid;
    }

    long good() {
        return good;
    }

    SourceStatus.Counts view() {
        return new SourceStatus.Counts(requests, received, valid, good, kernelSent, kernelReceived);
    }
}
