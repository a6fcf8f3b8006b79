package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.FixListener;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.ReceiverDecoder;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.TimeLabel.Trust;

/** What UBX-TIM-TP says of the next pulse becomes the name of the last one. */
class PulseAnnouncementsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long UTC = 1_614_103_470L;
    private static final long TOW_MILLIS = 237_870_000L;

    private final PulseAnnouncements announcements = new PulseAnnouncements();

    /** In the capture of a u-blox M8T each notice comes just before the label of the pulse that both follow. */
    @Test
    void theNoticeOfARealTimingReceiverAndItsLabelMeanTheSamePulse() throws IOException {
        byte[] capture;
        try (InputStream in = getClass().getResourceAsStream("/receivers/gpsd/u-blox-m8t-time.log")) {
            capture = Objects.requireNonNull(in).readAllBytes();
        }
        long[] announced = new long[1];
        int[] compared = new int[1];
        ReceiverDecoder decoder = new ReceiverDecoder(new GpsEra(LocalDate.of(2021, 1, 1)), new FixListener() {
            @Override
            public void onPulse(PulseNotice notice) {
                TimeLabel label = announcements.labelOf(notice);
                announced[0] = label == null ? 0 : label.utcSeconds();
            }

            @Override
            public void onLabel(TimeLabel label) {
                announcements.onLabel(label);
                if (announced[0] != 0) {
                    assertEquals(announced[0], label.utcSeconds());
                    compared[0]++;
                }
            }
        });
        for (int i = 0; i < capture.length; i++) {
            decoder.accept(capture, i, 1, UTC * SECOND + i * 2_000_000L); // 442 bytes a second
        }
        decoder.endOfInput();
        assertTrue(compared[0] > 10, "compared " + compared[0]);
    }

    @Test
    void namesThePulseBeforeTheAnnouncedOneWhateverTheLabelsSpeakOf() {
        for (long off = -2; off <= 2; off++) {
            announcements.onLabel(label(UTC + off, 300_000_000, Trust.UTC_PROVEN));
            TimeLabel named = announcements.labelOf(notice(TOW_MILLIS + 1_000, 500_000_000, true));
            assertNotNull(named);
            assertEquals(UTC, named.utcSeconds());
            assertEquals(Trust.UTC_PROVEN, named.trust());
            assertEquals("TIM-TP", named.source());
        }
    }

    @Test
    void saysNothingWithoutAFixOrInAnotherTimeBaseOrOfAnotherTime() {
        assertNull(announcements.labelOf(notice(TOW_MILLIS + 1_000, 0, true)), "no label yet");
        announcements.onLabel(label(UTC, 0, Trust.UTC_PROVEN));
        assertNull(announcements.labelOf(notice(TOW_MILLIS + 19_000, 0, false)), "GNSS time");
        assertNull(announcements.labelOf(notice(TOW_MILLIS + 19_000, 0, true)), "18 s apart: no UTC yet");
        assertNull(announcements.labelOf(notice(TOW_MILLIS + 1_000, 10 * SECOND, true)), "an old label");
        announcements.onLabel(label(UTC, 0, Trust.RTC));
        assertNull(announcements.labelOf(notice(TOW_MILLIS + 1_000, 0, true)), "no fix");
        assertFalse(announcements.areHeard(0));
    }

    @Test
    void theWeekMayEndBetweenLabelAndPulse() {
        long sunday = UTC - TOW_MILLIS / 1_000 + 604_800;
        announcements.onLabel(label(sunday - 1, 0, Trust.FIX));
        TimeLabel named = announcements.labelOf(notice(0, 100_000_000, true));
        assertNotNull(named);
        assertEquals(sunday - 1, named.utcSeconds());
    }

    private static TimeLabel label(long utcSeconds, long arrivalNanos, Trust trust) {
        return new TimeLabel(utcSeconds, false, arrivalNanos, trust, "NAV-PVT");
    }

    private static PulseNotice notice(long towMillis, long arrivalNanos, boolean utcBase) {
        return new PulseNotice(towMillis, 2146, 0, true, utcBase, arrivalNanos);
    }
}
