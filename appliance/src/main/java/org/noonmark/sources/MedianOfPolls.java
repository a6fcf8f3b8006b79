package org.noonmark.sources;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * chrony's {@code filter} for servers: of the samples of so many polls the one in the middle is used, with its own bounds. Offsets are compared
 * in raw time along the line that is known, so that neither steering nor the crystal chooses.
 */
final class MedianOfPolls {
    private final int polls;
    private final List<NtpSample> gathered = new ArrayList<>();
    private int asked;

    /** @param polls of one sample; 1: each is used */
    MedianOfPolls(int polls) {
        this.polls = polls;
    }

    /** A request was sent. */
    void onPoll() {
        asked++;
    }

    /** A good sample; the one that is used now, null: none yet. {@code slope} is the reference's against raw time. */
    @Nullable NtpSample add(NtpSample sample, double slope) {
        // The same exchange once more, told better.
        if (!gathered.isEmpty() && gathered.getLast().rawNanos() == sample.rawNanos()) {
            gathered.removeLast();
        }
        gathered.add(sample);
        if (asked < polls) {
            return null;
        }
        long zero = sample.rawNanos();
        List<NtpSample> sorted = new ArrayList<>(gathered);
        sorted.sort(Comparator.comparingDouble(each ->
                (each.referenceMinusRawNanos() - sample.referenceMinusRawNanos()) - slope * (each.rawNanos() - zero)));
        NtpSample low = sorted.get((sorted.size() - 1) / 2);
        NtpSample high = sorted.get(sorted.size() / 2);
        forget();
        return low.delayNanos() <= high.delayNanos() ? low : high;
    }

    void forget() {
        gathered.clear();
        asked = 0;
    }
}
