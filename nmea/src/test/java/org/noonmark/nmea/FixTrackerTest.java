package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.noonmark.nmea.TimeLabel.Trust;

class FixTrackerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long BYTE = 86_806;

    private final Recording told = new Recording();
    private final ReceiverDecoder decoder = new ReceiverDecoder(new GpsEra(LocalDate.of(2024, 1, 1)), told);
    private long now = 1_700_000_000L * SECOND;

    /** One burst, {@code now} being the arrival of its first byte, followed by silence until the next second. */
    private void burst(String... bodies) {
        decoder.setNanosPerByte(BYTE);
        long at = now;
        for (String body : bodies) {
            byte[] bytes = sentence(body).getBytes(StandardCharsets.US_ASCII);
            at += bytes.length * BYTE;
            decoder.accept(bytes, 0, bytes.length, at - BYTE);
        }
        now += SECOND;
    }

    private static String sentence(String body) {
        int sum = body.chars().reduce(0, (a, b) -> a ^ b);
        return String.format(Locale.ROOT, "$%s*%02X\r\n", body, sum);
    }

    private static String rmc(String time, char status, String date) {
        return "GNRMC," + time + "," + status + ",4404.13387,N,12118.85628,W,0.029,," + date + ",,,A";
    }

    private static String gga(String time, int quality) {
        return "GNGGA," + time + ",4404.13387,N,12118.85628,W," + quality + ",12,1.01,1144.8,M,-21.4,M,,";
    }

    private static String zda(String time, String day) {
        return "GPZDA," + time + "," + day + ",06,2024,00,00";
    }

    private List<Instant> labels() {
        return told.labels.stream()
                .map(label -> Instant.ofEpochSecond(label.utcSeconds()))
                .toList();
    }

    @Test
    void labelsFromTheSecondBurstOnBecauseTheFirstMayHaveBegunBeforeWeListened() {
        burst(rmc("120000.00", 'A', "010624"));
        burst(rmc("120001.00", 'A', "010624"));

        assertEquals(List.of(Instant.parse("2024-06-01T12:00:01Z")), labels());
        assertEquals(Trust.FIX, told.labels.getFirst().trust());
        assertEquals(now - SECOND, told.labels.getFirst().burstArrivalNanos());
    }

    @Test
    void joinsADateFromZdaWithAValidityFromGga() {
        burst(zda("120000.00", "01"), gga("120000.00", 1));
        burst(zda("120001.00", "01"), gga("120001.00", 1));
        burst(gga("120002.00", 1), zda("120002.00", "01"));

        assertEquals(List.of(Instant.parse("2024-06-01T12:00:01Z"), Instant.parse("2024-06-01T12:00:02Z")), labels());
    }

    @Test
    void countsTheBurstFromASentenceThatCarriesNoTime() {
        burst(rmc("120000.00", 'A', "010624"));
        burst("GNVTG,,T,,M,0.029,N,0.053,K,A", rmc("120001.00", 'A', "010624"));

        assertEquals(now - SECOND, told.labels.getFirst().burstArrivalNanos());
    }

    @Test
    void doesNotCountTheBurstFromAnAnswerToACommandRightBeforeIt() {
        burst(rmc("120000.00", 'A', "010624"));
        String answer = "PMTK705,AXN_2.31_3339_13101700,5632,PA6H,1.0";
        long start = now;
        burst(answer, rmc("120001.00", 'A', "010624"));

        assertEquals(
                start + sentence(answer).length() * BYTE, told.labels.getFirst().burstArrivalNanos());
    }

    @Test
    void countsTheBurstFromTheTimedSentenceOnALineWithoutSilence() {
        burst(rmc("120000.00", 'A', "010624"));
        String tail = "GNVTG,,T,,M,0.029,N,0.053,K,A";
        long start = now;
        burst(rmc("120001.00", 'A', "010624"), tail, rmc("120002.00", 'A', "010624"));

        long ahead = (sentence(rmc("120001.00", 'A', "010624")) + sentence(tail)).length() * BYTE;
        assertEquals(start + ahead, told.labels.getLast().burstArrivalNanos());
    }

    @Test
    void doesNotCountABurstFromALateSentenceOfTheSecondBefore() {
        burst(rmc("120000.00", 'A', "010624"));
        burst(rmc("120001.00", 'A', "010624"));
        now -= SECOND / 5;
        long start = now;
        burst(gga("120001.00", 1), rmc("120002.00", 'A', "010624"));

        assertEquals(
                start + sentence(gga("120001.00", 1)).length() * BYTE,
                told.labels.getLast().burstArrivalNanos());
    }

    @Test
    void heedsTheBestConstellationWhenOneOfThemHasNoFix() {
        String gps = "GPGSA,A,3,23,09,16,07,26,03,27,22,,,,,1.71,1.01,1.38";
        String glonass = "GLGSA,A,1,,,,,,,,,,,,,99.99,99.99,99.99";
        for (int i = 10; i < 14; i++) {
            burst(rmc("1200" + i + ".00", 'A', "010624"), gga("1200" + i + ".00", 1), glonass, gps);
        }

        assertEquals(3, told.labels.size());
        assertTrue(told.fixes.stream().allMatch(FixReport::hasFix));
    }

    @Test
    void heedsAGsaWithoutFixBehindASentenceThatClaimedOne() {
        for (int i = 10; i < 14; i++) {
            burst(rmc("1200" + i + ".00", 'A', "010624"), "GPGSA,A,1,,,,,,,,,,,,,99.99,99.99,99.99");
        }

        assertTrue(told.labels.stream().noneMatch(label -> label.trust() == Trust.FIX), told.labels.toString());
    }

    @Test
    void neverTakesTheClockOfAReceiverWithoutFixForAFix() {
        for (int i = 10; i < 20; i++) {
            burst(rmc("1200" + i + ".00", 'V', "010624"), gga("1200" + i + ".00", 0));
        }

        assertFalse(told.labels.isEmpty());
        assertTrue(told.labels.stream().allMatch(label -> label.trust() == Trust.RTC));
        assertTrue(told.fixes.stream().noneMatch(FixReport::hasFix));
    }

    @Test
    void holdsTheLabelBackWhileTwoSentencesDisagreeAboutTheFix() {
        for (int i = 10; i < 15; i++) {
            burst(gga("1200" + i + ".00", 1), rmc("1200" + i + ".00", 'V', "010624"));
        }

        assertTrue(told.labels.stream().noneMatch(label -> label.trust() == Trust.FIX), told.labels.toString());
    }

    @Test
    void noFixInAnyCaptureYieldsAUsableTime() {
        for (var capture : Captures.ofGpsd()) {
            byte[] bytes = Captures.read(capture);
            Recording all = new Recording();
            ReceiverDecoder crippled = new ReceiverDecoder(Captures.era(bytes), all);
            SentenceFramer framer = new SentenceFramer(frame -> {
                byte[] message = withoutFix(frame);
                crippled.accept(message, 0, message.length, frame.lastByteNanos());
            });
            framer.accept(bytes, 0, bytes.length, 0);
            crippled.endOfInput();

            assertTrue(all.labels.stream().allMatch(label -> label.trust() == Trust.RTC), capture.toString());
            assertTrue(all.fixes.stream().noneMatch(FixReport::hasFix), capture.toString());
        }
    }

    /** The sentence with its validity taken away; UBX messages are left out. */
    private static byte[] withoutFix(Frame frame) {
        if (frame.protocol() != Frame.Protocol.NMEA) {
            return new byte[0];
        }
        String text = new String(frame.bytes(), frame.offset() + 1, frame.length() - 4, StandardCharsets.US_ASCII);
        String[] fields = text.split(",", -1);
        int field = fields[0].endsWith("RMC") ? 2 : fields[0].matches("..(GLL|GGA|GNS)") ? 6 : 0;
        if (field > 0 && field < fields.length) {
            fields[field] = fields[0].endsWith("GGA") ? "0" : fields[0].endsWith("GNS") ? "NN" : "V";
        }
        return sentence(String.join(",", fields)).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void labelsOnlyWholeSecondsOfAFastReceiver() {
        for (int i = 0; i < 20; i++) {
            burst(rmc("1200" + (10 + i / 5) + "." + i % 5 * 2 + "0", 'A', "010624"));
            now -= SECOND - SECOND / 5;
        }

        assertEquals(3, told.labels.size());
        assertEquals(19, told.fixes.size());
    }

    @Test
    void carriesTheDateOverMidnight() {
        burst(zda("235958.00", "01"), gga("235958.00", 1));
        burst(gga("235959.00", 1));
        burst(gga("000000.00", 1));

        assertEquals(List.of(Instant.parse("2024-06-01T23:59:59Z"), Instant.parse("2024-06-02T00:00:00Z")), labels());
    }

    @Test
    void labelsALeapSecondAndTheSecondThatSharesItsNumber() {
        burst(rmc("235959.00", 'A', "300624"));
        burst(rmc("235960.00", 'A', "300624"));
        burst(rmc("000000.00", 'A', "010724"));
        burst(rmc("000001.00", 'A', "010724"));

        assertEquals(
                List.of(
                        Instant.parse("2024-07-01T00:00:00Z"),
                        Instant.parse("2024-07-01T00:00:00Z"),
                        Instant.parse("2024-07-01T00:00:01Z")),
                labels());
        assertEquals(
                List.of(true, false, false),
                told.labels.stream().map(TimeLabel::leapSecond).toList());
    }

    @Test
    void holdsATimeThatWentBackUntilItHasProvenItself() {
        burst(rmc("120010.00", 'A', "010624"));
        burst(rmc("120011.00", 'A', "010624"));
        for (int i = 0; i < 7; i++) {
            burst(rmc("11000" + i + ".00", 'A', "010624"));
        }

        assertEquals(1, told.jumps.size());
        assertEquals(Labeller.PROOF_EPOCHS - 1, told.jumps.getFirst().heldLabels());
        assertEquals(Instant.parse("2024-06-01T11:00:04Z"), labels().get(1));
    }

    @Test
    void namesNoSecondWhileTwoClocksSpeakOnOneLine() {
        for (int i = 0; i < 20; i++) {
            burst(rmc("1200" + (10 + i) + ".00", 'A', "010624"));
            burst(rmc("1200" + (13 + i) + ".00", 'A', "010624"));
        }
        assertEquals(1, labels().size()); // before the contradiction

        for (int i = 0; i < 20; i++) {
            burst(rmc("1201" + (10 + i) + ".00", 'A', "010624"));
        }
        assertEquals(Instant.parse("2024-06-01T12:01:29Z"), labels().getLast());
    }

    @Test
    void namesNoSecondWhileEverySecondTimeIsToldTwice() {
        for (int i = 10; i < 50; i += 2) {
            burst(rmc("1200" + i + ".00", 'A', "010624"));
            burst(rmc("1200" + i + ".00", 'A', "010624"));
        }

        assertTrue(labels().size() <= 1, () -> labels().toString());
    }

    @Test
    void namesNoSecondAfterAClockThatStoodStillUntilItHasRunAWhile() {
        burst(rmc("120010.00", 'A', "010624"));
        burst(rmc("120011.00", 'A', "010624"));
        for (int i = 0; i < 10; i++) {
            burst(rmc("120012.00", 'A', "010624"));
        }
        assertEquals(2, labels().size());

        for (int i = 22; i < 30; i++) {
            burst(rmc("1200" + i + ".00", 'A', "010624"));
        }
        assertEquals(Instant.parse("2024-06-01T12:00:24Z"), labels().get(2));
    }

    @Test
    void forgivesASingleTimeThatWentBack() {
        for (int i = 10; i < 30; i++) {
            burst(rmc("1200" + i + ".00", 'A', "010624"));
            if (i == 15) {
                burst(rmc("110000.00", 'A', "010624"));
            }
        }

        // The first may have begun before we listened; two after the stray are not believed.
        assertEquals(17, labels().size());
    }

    @Test
    void repairsTheDateOfAReceiverWhoseWeekRolledOver() {
        burst(rmc("120000.00", 'A', "161004"));
        burst(rmc("120001.00", 'A', "161004"));

        assertEquals(List.of(Instant.parse("2024-06-01T12:00:01Z")), labels());
    }

    @Test
    void provesUtcWhenPubxSaysThatTheLeapCountWasReceived() {
        String leap = ",010624,1,2316,18,0,0,0,";
        burst(rmc("120000.00", 'A', "010624"), "PUBX,04,120000.00" + leap);
        burst(rmc("120001.00", 'A', "010624"), "PUBX,04,120001.00" + leap);

        assertEquals(18, told.leaps.getFirst().currentSeconds());
        assertTrue(told.leaps.getFirst().proven());
        assertEquals(Trust.UTC_PROVEN, told.labels.getFirst().trust());
    }

    @Test
    void hearsLeapCountAndPulsesOfATimingReceiver() {
        Recording m8t =
                Recording.of(Captures.read(Captures.gpsd("u-blox-m8t-time.log")), new GpsEra(LocalDate.of(2020, 1, 1)));

        assertEquals(18, m8t.leaps.getLast().currentSeconds());
        assertTrue(m8t.leaps.getLast().proven());
        assertEquals(152, m8t.pulses.size());
        assertEquals(150, m8t.labels.size());
        assertTrue(m8t.labels.stream().allMatch(label -> label.trust() == Trust.UTC_PROVEN));
    }

    @Test
    void hearsJammingAndSpoofingState() {
        Recording security =
                Recording.of(Captures.read(Captures.pyubx2("pygpsdata-SEC.log")), new GpsEra(LocalDate.of(2020, 1, 1)));

        assertEquals(
                List.of("NONE NONE", "INDICATED SEVERE", "INDICATED NONE"),
                security.healths.stream()
                        .map(health -> health.jamming() + " " + health.spoofing())
                        .distinct()
                        .toList());
    }

    @Test
    void hearsAcknowledgements() {
        Recording dialogue = Recording.of(
                Captures.read(Captures.pyubx2("ucenter-ZEDF9P-configdebug.log")), new GpsEra(LocalDate.of(2020, 1, 1)));

        assertEquals(
                44, dialogue.replies.stream().filter(ReceiverReply::accepted).count());
        assertEquals(
                14, dialogue.replies.stream().filter(reply -> !reply.accepted()).count());
    }
}
