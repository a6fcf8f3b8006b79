package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KnownClientsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_700_000_000L * SECOND;

    private final KnownClients known = new KnownClients(1024, 7);

    @Test
    void strangersAreNotKnown() {
        assertFalse(known.knows(0, 5));
        assertFalse(known.takeAnswer(0, 5, NOW));
    }

    @Test
    void aFloodOfForgedAddressesPushesNobodyOut() {
        for (int client = 1; client <= 200; client++) {
            known.meet(client, client, NOW);
        }
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100_000; i++) {
            known.meet(random.nextLong(), random.nextLong(), NOW + i * 1_000L);
        }
        for (int client = 1; client <= 200; client++) {
            assertTrue(known.knows(client, client), "client " + client);
        }
    }

    /** Nobody is left out for the company of his set, while half of the table is free. */
    @Test
    void nearlyAllFindAPlaceAndNoMoreThanThereAreToBe() {
        int half = 0;
        for (int client = 1; client <= 512; client++) {
            known.meet(0, 0xffff_0a80_0000L + client, NOW);
            half += known.knows(0, 0xffff_0a80_0000L + client) ? 1 : 0;
        }
        assertTrue(half >= 511, half + " of 512");
        int all = half;
        for (int client = 513; client <= 1024; client++) {
            known.meet(0, 0xffff_0a80_0000L + client, NOW);
            all += known.knows(0, 0xffff_0a80_0000L + client) ? 1 : 0;
        }
        assertTrue(all >= 1004, all + " of 1024");
        int more = 0;
        for (int client = 2_000; client < 6_000; client++) {
            known.meet(0, 0xffff_0a80_0000L + client, NOW);
            more += known.knows(0, 0xffff_0a80_0000L + client) ? 1 : 0;
        }
        assertEquals(1024, all + more);
    }

    @Test
    void whoHasBeenSilentForLongMakesRoom() {
        KnownClients small = new KnownClients(4, 7);
        for (int client = 1; client <= 4; client++) {
            small.meet(0, client, NOW);
        }
        small.meet(0, 9, NOW + 60 * SECOND);
        assertFalse(small.knows(0, 9));
        small.meet(0, 9, NOW + 4_000 * SECOND);
        assertTrue(small.knows(0, 9));
    }

    @Test
    void whoMakesRoomIsNamedBeforeWhoTakesIt() {
        KnownClients small = new KnownClients(4, 7);
        List<String> heard = new ArrayList<>();
        small.tell(new KnownClientsListener() {
            @Override
            public void onKnown(long high, long low) {
                heard.add("+" + low);
            }

            @Override
            public void onForgotten(long high, long low) {
                heard.add("-" + low);
            }
        });
        for (int client = 1; client <= 5; client++) {
            small.meet(0, client, NOW);
            small.meet(0, client, NOW);
        }
        small.renew(0, 1, NOW + 3_000 * SECOND);
        small.renew(0, 2, NOW + 3_000 * SECOND);
        small.renew(0, 3, NOW + 3_000 * SECOND);
        small.meet(0, 9, NOW + 4_000 * SECOND);
        assertEquals(List.of("+1", "+2", "+3", "+4", "-4", "+9"), heard);
    }

    @Test
    void eachHasItsBucketWhichFillsAgain() {
        known.meet(0, 1, NOW);
        known.meet(0, 2, NOW);
        int answers = 0;
        for (int i = 0; i < 1_000; i++) {
            answers += known.takeAnswer(0, 1, NOW) ? 1 : 0;
        }
        assertEquals(16, answers);
        assertTrue(known.takeAnswer(0, 2, NOW), "another's is full");
        assertTrue(known.takeAnswer(0, 1, NOW + SECOND / 64));
        assertFalse(known.takeAnswer(0, 1, NOW + SECOND / 64));
    }

    @Test
    void aClockThatWasSetBackSilencesNobody() {
        known.meet(0, 1, NOW);
        for (int i = 0; i < 100; i++) {
            known.takeAnswer(0, 1, NOW);
        }
        // The bucket is empty for a quarter of a second at most, whatever the clock says.
        long before = NOW - 3_600 * SECOND;
        known.takeAnswer(0, 1, before);
        assertTrue(known.takeAnswer(0, 1, before + SECOND / 4));
    }
}
