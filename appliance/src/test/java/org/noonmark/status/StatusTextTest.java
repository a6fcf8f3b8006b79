package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.LeapSecondsList;

class StatusTextTest {
    private static final List<StatusSnapshot> ALL = List.of(
            Snapshots.synchronised(),
            Snapshots.cold(),
            Snapshots.holdover(),
            Snapshots.withUnconfirmedSeconds(),
            Snapshots.withReceiver(ReceiverStatus.absent(
                    "GPS",
                    "/dev/ttyAMA0",
                    "/dev/ttyAMA0 is not there: enable the serial port (enable_uart=1 in config.txt)")));

    @Test
    void fitsOneScreenOf80Columns() {
        for (StatusSnapshot snapshot : ALL) {
            List<String> lines =
                    StatusText.screen(snapshot, Snapshots.NOW, false).lines().toList();
            assertTrue(lines.size() <= 24, lines.size() + " lines");
            for (String line : lines) {
                assertTrue(line.length() <= 80, line);
            }
        }
    }

    @Test
    void saysOnWhatTheChoiceOfThePulseRestsAndWhatWouldConfirmIt() {
        String confirmed = StatusText.screen(Snapshots.synchronised(), Snapshots.NOW, false);
        assertTrue(
                confirmed.replaceAll("\\s+", " ").contains("; confirmed: the clock showed the same second"), confirmed);
        String assumed = StatusText.screen(Snapshots.withUnconfirmedSeconds(), Snapshots.NOW, false);
        assertTrue(
                assumed.replaceAll("\\s+", " ").contains("is assumed (sentences begin 0-1 s after theirs)"), assumed);
        assertTrue(assumed.contains("'label last'"), assumed);
    }

    @Test
    void saysHowGoodTheTimeIsAndWhoNumbersTheSeconds() {
        String screen = StatusText.screen(Snapshots.synchronised(), Snapshots.NOW, false);
        assertTrue(screen.contains("SYNCHRONISED, stratum 1, reference PPS, for 2 h 13 min"), screen);
        assertTrue(screen.contains("within 1.6 us of UTC; offset now 32 ns, RMS 103 ns"), screen);
        assertTrue(screen.contains("numbered by GPS (RMC), 131 ms after the pulse +/- 2.4 ms"), screen);
        assertTrue(screen.contains("runs 2.167 ppm fast when left alone, known to 0.005 ppm"), screen);
        assertTrue(screen.contains("3D fix, 12 of 16 satellites"), screen);
        assertTrue(screen.contains("12345 requests, 12340 answered, 5 refused; 17 clients"), screen);
        assertFalse(screen.contains("!"), screen);
    }

    @Test
    void saysWhyAndWhatToDoWhenTheTimeIsNotProven() {
        String screen =
                StatusText.screen(Snapshots.cold(), Snapshots.NOW, false).replaceAll("\\s+", " ");
        assertTrue(screen.contains("NOT SYNCHRONISED"), screen);
        assertTrue(screen.contains("no time label with a fix has come yet"), screen);
        assertTrue(screen.contains("antenna an open view of the sky"), screen);
        assertTrue(screen.contains("No pulse on /dev/pps0 yet"), screen);
        assertTrue(screen.contains("PPS on /dev/pps0: none yet"), screen);
        assertFalse(screen.contains("UTC;"), screen);
    }

    @Test
    void aReceiverHasAFixOnlyWhileItTalks() {
        assertTrue(Snapshots.synchronised().hasFix());
        assertFalse(Snapshots.cold().hasFix());
        assertFalse(Snapshots.withReceiver(ReceiverStatus.absent("GPS", "/dev/ttyAMA0", "gone"))
                .hasFix());
    }

    @Test
    void namesTheDateAndTheCureOfAnExpiredLeapSecondsList() {
        LeapSecondsList list = new LeapSecondsList(
                LeapSecondsList.FILE_NAME,
                1_704_708_379,
                1_735_344_000,
                List.of(new LeapSecondsList.Change(1_483_228_800, 37)));
        String screen = StatusText.screen(Snapshots.withLeapSeconds(list), Snapshots.NOW, false)
                .replaceAll("\\s+", " ");
        assertTrue(screen.contains("! The leap seconds list expired on 2024-12-28: update it"), screen);
    }

    @Test
    void holdoverIsNamedWithItsReasonAndBound() {
        String screen = StatusText.screen(Snapshots.holdover(), Snapshots.NOW + 1_000 * Snapshots.SECOND, false);
        assertTrue(screen.contains("HOLDOVER, stratum 1"), screen);
        assertTrue(screen.contains("no pulse for 42 s"), screen);
        assertTrue(screen.contains("within 1.1 ms of UTC"), screen);
        assertTrue(screen.contains("No pulse on /dev/pps0 for 17 min 22 s"), screen);
    }

    @Test
    void coloursOnlyATerminal() {
        assertFalse(StatusText.screen(Snapshots.cold(), Snapshots.NOW, false).contains("\u001b"));
        assertTrue(StatusText.screen(Snapshots.cold(), Snapshots.NOW, true)
                .contains("\u001b[31;1mNOT SYNCHRONISED\u001b[0m"));
    }

    @Test
    void coloursDoNotMoveTheColumns() {
        for (StatusSnapshot snapshot : ALL) {
            assertEquals(
                    StatusText.screen(snapshot, Snapshots.NOW, false),
                    StatusText.screen(snapshot, Snapshots.NOW, true).replaceAll("\u001b\\[[0-9;]*m", ""));
        }
    }

    @Test
    void tellsAllInOneLine() {
        assertEquals(
                "synchronised: stratum 1, within 1.6 us, offset 32 ns, frequency -2.167 ppm, seconds by RMC, 12/16 satellites",
                StatusText.line(Snapshots.synchronised(), Snapshots.NOW));
        assertEquals(
                "not synchronised: The receiver has no fix (16 satellites in view): give its antenna an open view of the sky;"
                        + " a cold start takes minutes",
                StatusText.line(Snapshots.cold(), Snapshots.NOW));
    }

    @Test
    void hidesThePositionUntilItIsAskedFor() {
        assertFalse(
                DeviceText.gps(Snapshots.synchronised(), Snapshots.NOW, false).contains("51.47"));
        assertTrue(DeviceText.gps(Snapshots.synchronised(), Snapshots.NOW, true)
                .contains("51.477811, -0.001475 degrees, 46.9 m"));
        for (StatusSnapshot snapshot : ALL) {
            assertFalse(StatusText.screen(snapshot, Snapshots.NOW, false).contains("51.47"));
        }
    }

    @Test
    void aBoundIsNeverRoundedDown() {
        assertEquals("1.2 us", Figures.bound(1_101));
        assertEquals("10 us", Figures.bound(9_901));
        assertEquals("10 us", Figures.bound(9_999));
        assertEquals("11 us", Figures.bound(10_001));
        assertEquals("1.0 ms", Figures.bound(999_001));
        assertEquals("1.1 ms", Figures.bound(1_000_001));
        assertEquals("13 ms", Figures.bound(12_000_001));
    }

    @Test
    void stretchesOfTimeKeepTwoOrThreeDigits() {
        assertEquals("-38 ns", Figures.nanos(-38));
        assertEquals("1.0 us", Figures.nanos(999.6));
        assertEquals("131 ms", Figures.nanos(131e6));
        assertEquals("37.2 s", Figures.nanos(37.249e9));
        assertEquals("-18 d 12 h", Figures.nanos(-1.6e15));
        assertEquals("59 s", Figures.lasting(59.99));
        assertEquals("never", Figures.ago(0, Snapshots.NOW));
    }
}
