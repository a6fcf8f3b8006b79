package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClientTableTest {
    private static final long MAPPED = 0xffff_0000_0000L;

    private final ClientTable table = new ClientTable(42);

    @Test
    void countsAnAddressOnce() {
        for (int i = 0; i < 100; i++) {
            table.onAnswer(0, MAPPED | 0x0a00_0001, i);
        }
        assertEquals(1, table.clients());
    }

    @Test
    void tellsFamiliesAndAddressesApart() {
        table.onAnswer(0, MAPPED | 0x0a00_0001, 1);
        table.onAnswer(0, MAPPED | 0x0a00_0002, 2);
        table.onAnswer(0x2001_0db8_0000_0000L, 1, 3);
        table.onAnswer(0x2001_0db8_0000_0001L, 1, 4);
        assertEquals(4, table.clients());
    }

    @Test
    void remembersAWholeNetworkAlmostFully() {
        for (int host = 0; host < 1_000; host++) {
            table.onAnswer(0, MAPPED | 0xc0a8_0000L | host, host);
        }
        assertTrue(table.clients() > 980, "clients " + table.clients());
    }

    @Test
    void neverCountsMoreThanItHolds() {
        for (int i = 0; i < 1_000_000; i++) {
            table.onAnswer(i * 0x1_0000_0001L, i, i);
        }
        assertTrue(table.clients() <= ClientTable.CAPACITY, "clients " + table.clients());
        assertTrue(table.clients() > ClientTable.CAPACITY / 2, "clients " + table.clients());
    }
}
