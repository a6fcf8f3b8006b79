package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Stamps as the kernel lays them out for {@code PTP_SYS_OFFSET}. */
class CardClockTest {
    @Test
    void ofSeveralReadingsTheOneThatTookLeastCounts() {
        ByteBuffer stamps = ByteBuffer.allocate(832).order(ByteOrder.nativeOrder());
        long[] nanos = {0, 37_000_000_600L, 1_000, 37_000_001_050L, 1_100, 37_000_002_000L, 3_000};
        for (int i = 0; i < nanos.length; i++) {
            stamps.putLong(16 + 16 * i, nanos[i] / 1_000_000_000).putInt(24 + 16 * i, (int) (nanos[i] % 1_000_000_000));
        }
        assertEquals(new CardClock.Reading(37_000_001_050L, 1_050, 100), CardClock.best(stamps, 3));
    }
}
