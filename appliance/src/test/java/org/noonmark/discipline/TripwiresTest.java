package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.FixListener;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.ReceiverDecoder;
import org.noonmark.nmea.ReceiverHealth;
import org.noonmark.nmea.ReceiverHealth.Antenna;
import org.noonmark.nmea.ReceiverHealth.Interference;
import org.noonmark.nmea.SkyView;
import org.noonmark.nmea.SkyView.Dilutions;
import org.noonmark.nmea.SkyView.Gnss;
import org.noonmark.nmea.SkyView.Satellite;

class TripwiresTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Tripwires.Limits USUAL = new Tripwires.Limits(300, 1, true, 60 * SECOND);
    private static final double METRE = 1 / 111_320.0;

    private final Tripwires wires = new Tripwires(USUAL);
    private long second;

    @Test
    void anAntennaThatJumpsByAKilometreIsDistrustedAfterTenSecondsAndBelievedAMinuteAfterItsReturn() {
        stay(200, 0);
        stay(10, 1_000);
        assertEquals("", wires.distrust());
        stay(1, 1_000);
        assertEquals(
                "its position is 1.0 km from where its fixed antenna was, so its signals may be counterfeit; if the antenna was"
                        + " moved, restart, or write 'antenna moving'",
                wires.distrust());
        stay(60, 0);
        assertTrue(wires.distrust().startsWith("its position"));
        stay(2, 0);
        assertEquals("", wires.distrust());
        assertEquals(1, trips("position"));
    }

    @Test
    void anExcursionOfAFewSecondsIsNoJump() {
        stay(200, 0);
        for (int i = 0; i < 50; i++) {
            stay(9, 500);
            stay(3, 20);
        }
        assertEquals(0, trips("position"));
    }

    @Test
    void aReceiverThatWandersIndoorsIsBelieved() {
        SplittableRandom random = new SplittableRandom(3);
        double north = 0;
        for (int i = 0; i < 86_400; i++) {
            north = 0.998 * north + 2.5 * random.nextGaussian(); // 40 m, correlated over minutes
            stay(1, north);
        }
        assertEquals(0, trips("position"));
    }

    @Test
    void aSlowDragOfTheAntennaIsNoticedBeforeItIsFollowed() {
        stay(200, 0);
        int dragged = 0;
        while (wires.distrust().isEmpty() && dragged < 3_600) {
            dragged++;
            stay(1, dragged * 0.5); // half a metre a second
        }
        assertTrue(dragged < 900, "noticed after " + dragged + " s");
    }

    @Test
    void satellitesThatAreEquallyStrongForHalfAMinuteAreCounterfeit() {
        sky(40, 6, 12);
        assertEquals("", wires.distrust());
        sky(31, 0.3, 12);
        assertEquals(
                "its 12 satellites are all equally strong, within 0.3 dB, as a counterfeit's are; check antenna and surroundings",
                wires.distrust());
        sky(62, 6, 12);
        assertEquals("", wires.distrust());
        assertEquals(1, trips("signals"));
    }

    @Test
    void fewSatellitesSayNothingOfTheirScatter() {
        sky(600, 0, 5);
        assertEquals("", wires.distrust());
    }

    @Test
    void theReceiversOwnWordCountsAtOnceAndAMinuteLonger() {
        health(Interference.NONE, Interference.NONE, 5);
        assertEquals("", wires.distrust());
        health(Interference.NONE, Interference.INDICATED, 1);
        assertEquals("it says itself that it is being spoofed", wires.distrust());
        health(Interference.NONE, Interference.NONE, 59);
        assertEquals("it says itself that it is being spoofed", wires.distrust());
        health(Interference.NONE, Interference.NONE, 3);
        assertEquals("", wires.distrust());
        health(Interference.INDICATED, Interference.NONE, 10); // there are signals of others everywhere
        assertEquals("", wires.distrust());
        health(Interference.SEVERE, Interference.NONE, 1);
        assertEquals("it says itself that it is jammed; look for a transmitter near its antenna", wires.distrust());
        assertEquals(2, trips("interference"));
    }

    /** It lost power in between, and its messages are off since: nobody will ever take the word back. */
    @Test
    void aReceiverThatSaysNoMoreOfCounterfeitsIsBelievedAfterAMinute() {
        health(Interference.NONE, Interference.INDICATED, 1);
        stay(59, 0);
        wires.onTime(second * SECOND);
        assertEquals("it says itself that it is being spoofed", wires.distrust());
        stay(3, 0);
        wires.onTime(second * SECOND);
        assertEquals("", wires.distrust());
    }

    @Test
    void aWordThatFlapsEverySecondIsOneTrip() {
        for (int i = 0; i < 100; i++) {
            health(Interference.NONE, i % 2 == 0 ? Interference.INDICATED : Interference.NONE, 1);
        }
        assertEquals(1, trips("interference"));
        assertTrue(!wires.distrust().isEmpty());
    }

    @Test
    void aWireThatIsTakenAwayNeverTrips() {
        Tripwires none = new Tripwires(new Tripwires.Limits(0, 0, false, SECOND));
        for (int i = 0; i < 300; i++) {
            none.onFix(fix(i < 200 ? 0 : 5_000), i * SECOND);
            none.onSky(skyOf(40, 0, 12), i * SECOND);
            none.onHealth(new ReceiverHealth(Antenna.OK, Interference.SEVERE, Interference.SEVERE, 200), i * SECOND);
            assertEquals("", none.distrust());
        }
    }

    /** None of them was recorded near a counterfeiter; some were moved, so the position is left out. */
    @Test
    void noCaptureOfARealReceiverIsDistrustedForItsSignals() throws IOException {
        List<String> distrusted = new ArrayList<>();
        List<Path> captures;
        try (Stream<Path> files = Files.list(Path.of("..", "nmea", "src", "test", "resources", "receivers", "gpsd"))) {
            captures = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
        assertTrue(captures.size() > 40, "captures: " + captures.size());
        int[] skies = {0};
        for (Path capture : captures) {
            Tripwires each = new Tripwires(new Tripwires.Limits(0, 1, true, 60 * SECOND));
            long[] now = {0};
            byte[] bytes = Files.readAllBytes(capture);
            new ReceiverDecoder(new GpsEra(LocalDate.of(2010, 1, 1)), new FixListener() {
                        @Override
                        public void onSky(SkyView sky) {
                            skies[0]++;
                            now[0] += 30 * SECOND; // two in a row would do
                            each.onSky(sky, now[0]);
                            if (!each.distrust().isEmpty()) {
                                distrusted.add(capture.getFileName() + ": " + each.distrust());
                            }
                        }
                    })
                    .accept(bytes, 0, bytes.length, 0);
        }
        assertTrue(skies[0] > 500, "skies: " + skies[0]);
        assertEquals(List.of(), distrusted);
    }

    private void stay(int seconds, double northMetres) {
        for (int i = 0; i < seconds; i++) {
            second++;
            wires.onFix(fix(northMetres), second * SECOND);
        }
    }

    private void sky(int seconds, double scatter, int satellites) {
        for (int i = 0; i < seconds; i++) {
            second++;
            wires.onSky(skyOf(40, scatter, satellites), second * SECOND);
        }
    }

    private void health(Interference jamming, Interference spoofing, int seconds) {
        for (int i = 0; i < seconds; i++) {
            second++;
            wires.onHealth(new ReceiverHealth(Antenna.OK, jamming, spoofing, 20), second * SECOND);
        }
    }

    private long trips(String name) {
        return wires.counts().stream()
                .filter(count -> count.name().equals(name))
                .findFirst()
                .orElseThrow()
                .trips();
    }

    /** Half of them {@code scatter} above the mean, half below. */
    private static SkyView skyOf(double mean, double scatter, int count) {
        List<Satellite> satellites = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double signal = mean + (i % 2 == 0 ? scatter : -scatter);
            satellites.add(new Satellite(i + 1, Gnss.GPS, i + 1, 0, 45, 10.0 * i, signal, true));
        }
        return new SkyView(FixReport.UNKNOWN, Dilutions.NONE, satellites);
    }

    private static FixReport fix(double northMetres) {
        double none = Double.NaN;
        return new FixReport(
                FixReport.UNKNOWN,
                0,
                FixReport.Mode.FIX_3D,
                FixReport.Status.GPS,
                51.477811 + northMetres * METRE,
                -0.001475,
                none,
                46.9,
                none,
                0,
                none,
                none,
                new FixReport.Errors(none, none, none, none, none, none, none),
                FixReport.NO_LEAP);
    }
}
