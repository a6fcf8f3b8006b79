package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.TimeLabel.Trust;

/** How far a receiver stands behind a label. */
class LabellerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long UTC = 1_790_000_000L;

    private final List<Trust> trusts = new ArrayList<>();
    private final Labeller labeller = new Labeller(new FixListener() {
        @Override
        public void onLabel(TimeLabel label) {
            trusts.add(label.trust());
        }
    });

    @Test
    void sentencesAloneDoNotSayThatUtcIsKnown() {
        for (int k = 0; k < 4; k++) {
            begin(k);
            labeller.affirm(false, "RMC");
        }
        assertEquals(List.of(Trust.FIX, Trust.FIX, Trust.FIX), trusts);
    }

    /** A line that carries both: RMC makes the label, NAV-TIMEUTC comes behind it. */
    @Test
    void proofBehindTheLabelCountsForTheNext() {
        for (int k = 0; k < 5; k++) {
            begin(k);
            labeller.affirm(false, "RMC");
            if (k >= 1 && k < 3) {
                labeller.affirm(true, "NAV-TIMEUTC");
            }
        }
        assertEquals(List.of(Trust.FIX, Trust.UTC_PROVEN, Trust.UTC_PROVEN, Trust.FIX), trusts);
    }

    private void begin(int k) {
        labeller.onNewEpoch(k * SECOND);
        labeller.onTime((UTC + k) * SECOND, false);
    }
}
