package org.noonmark.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.noonmark.linux.Datagrams;
import org.noonmark.linux.LinuxTime;

/** The other end is played by the real thing's own rules: rings, frames, headers, checksums. */
@EnabledOnOs(OS.LINUX)
class XdpRehearsalTest {
    private static final int REQUEST = 48;

    @Test
    void requestsComeAsByACardAndAnswersGoBack() throws XdpException {
        try (XdpRehearsal rehearsal = XdpRehearsal.open()) {
            Datagrams way = rehearsal.way();
            Set<Long> peers = new HashSet<>();
            // More often than there are frames.
            for (int turn = 0; turn < 1_000; turn++) {
                rehearsal.begin();
                for (int slot = 0; slot < 4; slot++) {
                    rehearsal.packets().putLong(rehearsal.packetStart(slot), 1_000L * turn + slot);
                    rehearsal.ask(slot, REQUEST);
                }
                rehearsal.deliver(4);
                assertEquals(4, way.receive());
                for (int slot = 0; slot < 4; slot++) {
                    assertEquals(REQUEST, way.length(slot), "slot " + slot);
                    assertEquals(1_000L * turn + slot, way.packets().getLong(way.packetStart(slot)));
                    assertEquals(123, way.localPort(slot));
                    assertNotEquals(123, way.peerPort(slot));
                    assertTrue(Math.abs(way.receiveNanos(slot) - LinuxTime.realtimeNanos()) < 5_000_000_000L);
                    peers.add(way.peerLow(slot));
                    if (slot != 2) {
                        way.queue(slot, REQUEST);
                    }
                }
                assertEquals(0, way.send(0, way.queued()));
                assertEquals(3, rehearsal.hear());
                assertEquals(0, rehearsal.hear());
            }
            assertEquals(4, peers.size());
        }
    }
}
