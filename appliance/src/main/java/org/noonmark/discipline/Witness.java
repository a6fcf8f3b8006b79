package org.noonmark.discipline;

import org.jspecify.annotations.Nullable;

/** Another clock that can be heard on what second it is. Asked by the timing thread; must answer at once from what it knows. */
public interface Witness {
    /**
     * What this clock says, in terms of the present local clock: when that is stepped, the witness moves its word along. Over a leap second
     * it has none until it has measured again.
     *
     * @param name as shown to a person
     * @param offsetNanos reference minus local, nanoseconds
     * @param errorBoundNanos bound of that offset's error
     * @param measuredNanos local clock when it was measured
     * @param leapDirection what it announces for the end of this UTC day: +1 a second is inserted, -1 one is deleted, 0 none
     * @param weighty whether it counts against seconds that are proven to be UTC: it stands for several clocks, or for one that shows who it is
     *     or that the owner trusts; anybody on the way can speak for one that does not
     */
    record Testimony(
            String name,
            long offsetNanos,
            long errorBoundNanos,
            long measuredNanos,
            int leapDirection,
            boolean weighty) {}

    /** The last word of this witness, or null while it has nothing to say. */
    @Nullable Testimony testimony();
}
