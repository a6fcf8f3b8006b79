package org.noonmark.nmea.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PortFaultTest {
    @Test
    void namesTheGroupWhenPermissionIsMissing() {
        assertEquals(
                "/dev/ttyAMA0: no permission; add this user to the group of the device, usually dialout, or run as root",
                PortFault.ofOpening("/dev/ttyAMA0", 13));
    }

    @Test
    void namesGpsdWhenThePortIsHeld() {
        assertTrue(PortFault.ofOpening("/dev/ttyAMA0", 16).contains("gpsd"));
        assertEquals(PortFault.ofOpening("/dev/ttyAMA0", 11), PortFault.ofOpening("/dev/ttyAMA0", 16));
    }

    @Test
    void keepsTheNumberOfAnErrorThatItDoesNotKnow() {
        assertEquals(
                "/dev/ttyAMA0: cannot be opened, errno 23; look into the kernel's messages (dmesg)",
                PortFault.ofOpening("/dev/ttyAMA0", 23));
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToTheLimit() {
        RetryDelay delay = new RetryDelay(250, 900);

        assertEquals(250, delay.nextMillis());
        assertEquals(500, delay.nextMillis());
        assertEquals(900, delay.nextMillis());
        assertEquals(900, delay.nextMillis());
        delay.reset();
        assertEquals(250, delay.nextMillis());
        assertThrows(IllegalArgumentException.class, () -> new RetryDelay(0, 10));
    }
}
