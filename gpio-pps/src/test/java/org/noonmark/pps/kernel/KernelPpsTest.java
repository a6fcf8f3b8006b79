package org.noonmark.pps.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsEdge.Polarity;

class KernelPpsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakePpsDevice device = new FakePpsDevice();
    private final AtomicLong clock = new AtomicLong();

    KernelPpsTest() {
        device.onWait = () -> clock.addAndGet(250_000_000L);
    }

    @Test
    void tellsAnAssertEdgeFromTheBytesOfPpsFdata() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        // assert_sequence 258, clear_sequence 7, assert 1800000000.123456789, clear 1800000000.2, mode, padding.
        device.later.add("02010000" + "07000000"
                + "00d2496b00000000" + "15cd5b07" + "00000000"
                + "00d2496b00000000" + "00c2eb0b" + "00000000"
                + "51110000" + "00000000");

        assertEquals(new PpsEdge(1_800_000_000_123_456_789L, 258, Polarity.ASSERT), pps.await(SECOND));
    }

    @Test
    void tellsAClearEdgeFromTheBytesOfPpsFdata() throws Exception {
        device.capabilities = 0x1173;
        KernelPps pps = open(Polarity.CLEAR);
        device.later.add("02010000" + "07000000"
                + "00d2496b00000000" + "15cd5b07" + "00000000"
                + "00d2496b00000000" + "00c2eb0b" + "00000000"
                + "73110000" + "00000000");

        assertEquals(new PpsEdge(1_800_000_000_200_000_000L, 7, Polarity.CLEAR), pps.await(SECOND));
    }

    @Test
    void tellsTheWidthOfThePulseWhereTheDeviceStampsBothEdges() throws Exception {
        device.capabilities = 0x1173;
        KernelPps pps = open(Polarity.ASSERT);
        assertEquals("01000000" + "13100000", HexFormat.of().formatHex(device.written.getFirst(), 0, 8));
        device.later.add(FakePpsDevice.fdata(1, 0, 1_800_000_000L, 10, 0, 0));
        device.later.add(FakePpsDevice.fdata(1, 1, 1_800_000_000L, 10, 1_800_000_000L, 100_000_010));
        device.later.add(FakePpsDevice.fdata(2, 1, 1_800_000_001L, 20, 1_800_000_000L, 100_000_010));
        device.later.add(FakePpsDevice.fdata(4, 3, 1_800_000_003L, 0, 1_800_000_002L, 100_000_000));

        assertEquals(new PpsEdge(1_800_000_000_000_000_010L, 1, Polarity.ASSERT, 0), pps.await(SECOND));
        assertEquals(new PpsEdge(1_800_000_001_000_000_020L, 2, Polarity.ASSERT, 100_000_000), pps.await(SECOND));
        // One was missed: which pulse the opposite edge ended is not known.
        assertEquals(new PpsEdge(1_800_000_003_000_000_000L, 4, Polarity.ASSERT, 0), pps.await(SECOND));
    }

    @Test
    void worksWithOneEdgeWhereTheOtherMayNotBeAskedFor() throws Exception {
        device.capabilities = 0x1173;
        device.setResult = -PpsDevice.EPERM;
        KernelPps pps = open(Polarity.ASSERT);
        device.later.add(FakePpsDevice.fdata(1, 0, 1_800_000_000L, 10, 0, 0));
        assertEquals(new PpsEdge(1_800_000_000_000_000_010L, 1, Polarity.ASSERT, 0), pps.await(SECOND));
    }

    @Test
    void waitsInSlicesOfAQuarterSecondAndThenSaysThatNothingCame() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);

        assertNull(pps.await(Duration.ofMillis(510)));

        // 250 ms, 250 ms, and no less than 20 ms for the rest of 10 ms.
        assertEquals(
                List.of(
                        "0000000000000000" + "80b2e60e" + "00000000",
                        "0000000000000000" + "80b2e60e" + "00000000",
                        "0000000000000000" + "002d3101" + "00000000"),
                device.timeouts);
    }

    @Test
    void doesNotTellAnEdgeFromBeforeTheOpening() throws Exception {
        device.now = FakePpsDevice.fdata(41, 0, 1_800_000_000L, 0, 0, 0);

        assertNull(open(Polarity.ASSERT).await(SECOND));
    }

    @Test
    void findsAnEdgeThatCameBetweenTwoCallsWithoutWaiting() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        device.now = FakePpsDevice.fdata(1, 0, 1_800_000_001L, 5, 0, 0);

        assertEquals(new PpsEdge(1_800_000_001_000_000_005L, 1, Polarity.ASSERT), pps.await(SECOND));
        assertTrue(device.timeouts.isEmpty());
    }

    @Test
    void findsAnEdgeThatCameBetweenTwoSlices() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        device.onWait = () -> {
            clock.addAndGet(250_000_000L);
            device.now = FakePpsDevice.fdata(1, 0, 1_800_000_001L, 5, 0, 0);
        };

        assertEquals(new PpsEdge(1_800_000_001_000_000_005L, 1, Polarity.ASSERT), pps.await(SECOND));
    }

    @Test
    void goesOnWaitingWhenOnlyTheOtherEdgeCame() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        device.later.add(FakePpsDevice.fdata(0, 1, 0, 0, 1_800_000_000L, 100_000_000));
        device.later.add(FakePpsDevice.fdata(1, 1, 1_800_000_001L, 0, 1_800_000_000L, 100_000_000));

        assertEquals(new PpsEdge(1_800_000_001_000_000_000L, 1, Polarity.ASSERT), pps.await(SECOND));
    }

    @Test
    void countsOnWhenTheKernelsSequenceWraps() throws Exception {
        device.now = FakePpsDevice.fdata(-2, 0, 1_800_000_000L, 0, 0, 0);
        KernelPps pps = open(Polarity.ASSERT);
        device.later.add(FakePpsDevice.fdata(1, 0, 1_800_000_003L, 0, 0, 0));

        assertEquals(new PpsEdge(1_800_000_003_000_000_000L, 0x1_0000_0001L, Polarity.ASSERT), pps.await(SECOND));
    }

    @Test
    void leavesTheDeviceAloneWhenItAlreadyCapturesTheEdge() throws Exception {
        open(Polarity.ASSERT);

        assertTrue(device.written.isEmpty(), "PPS_SETPARAMS needs CAP_SYS_TIME");
    }

    @Test
    void asksForTheClearEdgeOnTopOfWhatIsCaptured() throws Exception {
        device.capabilities = 0x1173;

        open(Polarity.CLEAR);

        assertEquals("01000000" + "13100000" + "0".repeat(64), HexFormat.of().formatHex(device.written.getFirst()));
    }

    @Test
    void takesOffAnOffsetThatAnotherProgramLeft() throws Exception {
        device.params = "01000000" + "11100000" + "0000000000000000" + "10270000" + "00000000" + "0".repeat(32);

        open(Polarity.ASSERT);

        assertEquals("01000000" + "11100000" + "0".repeat(64), HexFormat.of().formatHex(device.written.getFirst()));
    }

    @Test
    void refusesTheClearEdgeOfADeviceThatHasNone() {
        assertRefused(
                "test-pps: it does not capture the clear edge; use the assert edge; for the falling one, set assert_falling_edge on the pps-gpio overlay",
                Polarity.CLEAR);
    }

    @Test
    void refusesADriverThatCannotWait() {
        device.capabilities = 0x1051;

        assertRefused(
                "test-pps: its driver cannot wait for a pulse; use a pps-gpio or pps-ldisc device", Polarity.ASSERT);
    }

    @Test
    void namesTheCapabilityThatAChangeNeeds() {
        device.capabilities = 0x1173;
        device.setResult = -PpsDevice.EPERM;

        assertRefused(
                "test-pps: choosing what it captures needs CAP_SYS_TIME; run as root or give the service that capability",
                Polarity.CLEAR);
    }

    @Test
    void noticesThatTheDeviceWasRemovedBehindItsSilence() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        device.present = false;

        IOException gone = assertThrows(IOException.class, () -> pps.await(SECOND));

        assertTrue(String.valueOf(gone.getMessage()).startsWith("test-pps: the device is gone;"), gone.toString());
    }

    @Test
    void noticesThatTheDriverSaysSo() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        device.fetchResult = -PpsDevice.ENODEV;

        assertThrows(IOException.class, () -> pps.await(SECOND));
    }

    @Test
    void takesASignalForNoPulseAndNotForAFault() throws Exception {
        KernelPps pps = new KernelPps("test-pps", device, Polarity.ASSERT, () -> clock.getAndAdd(400_000_000L));
        device.fetchResult = -PpsDevice.EINTR;

        assertNull(pps.await(SECOND));
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> pps.await(SECOND));
    }

    @Test
    void closesTheDeviceOnceAndRefusesToWaitAfterwards() throws Exception {
        KernelPps pps = open(Polarity.ASSERT);

        pps.close();
        pps.close();

        assertEquals(1, device.closed);
        assertThrows(IOException.class, () -> pps.await(SECOND));
    }

    @Test
    void saysThatAMissingDeviceNeedsTheOverlay() {
        Path missing = Path.of("/dev/pps-that-is-not-there");

        IOException refusal =
                assertThrows(IOException.class, () -> KernelPps.open(missing, Polarity.ASSERT, clock::get));

        assertEquals(
                "/dev/pps-that-is-not-there: no such device; enable it with dtoverlay=pps-gpio,gpiopin=N"
                        + " in /boot/firmware/config.txt and reboot",
                refusal.getMessage());
    }

    @Test
    void saysHowAUserGetsPermission() {
        String reason = CharacterDevice.reason(13);

        assertTrue(reason.startsWith("no permission;") && reason.contains("udev rule"), reason);
        assertEquals("Too many open files", CharacterDevice.reason(24));
    }

    @Test
    void saysThatAnotherDeviceIsNoPpsDevice() {
        IOException refusal = assertThrows(
                IOException.class, () -> KernelPps.open(Path.of("/dev/null"), Polarity.ASSERT, clock::get));

        assertEquals("/dev/null: not a PPS device; name one such as /dev/pps0", refusal.getMessage());
    }

    @Test
    void saysThatAFileIsNoPpsDevice(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("pps0"), "no pulse here");

        assertThrows(IOException.class, () -> KernelPps.open(file, Polarity.ASSERT, clock::get));
    }

    private KernelPps open(Polarity edge) throws IOException {
        return new KernelPps("test-pps", device, edge, clock::get);
    }

    private void assertRefused(String message, Polarity edge) {
        assertEquals(message, assertThrows(IOException.class, () -> open(edge)).getMessage());
    }
}
