package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.provisioning.Readings.config;
import static org.noonmark.provisioning.Readings.onlyError;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {
    @Test
    void ratelimitHasChronysDefaults() {
        assertEquals(
                Optional.of(new RateLimitConfig(3, 8, 2, 0, 128)),
                config("ratelimit").rateLimit());
        assertEquals(Optional.empty(), config("allow").rateLimit());
    }

    /** The example of chrony.conf(5), and all options in another order. */
    @Test
    void ratelimitTakesChronysOptions() {
        assertEquals(
                Optional.of(new RateLimitConfig(1, 16, 2, 0, 128)),
                config("ratelimit interval 1 burst 16").rateLimit());
        assertEquals(
                Optional.of(new RateLimitConfig(-19, 255, 4, 1, 64)),
                config("ratelimit kod 1 leak 4 ipv6-prefix 64 burst 255 interval -19")
                        .rateLimit());
    }

    @Test
    void valuesThatChronyDoesNotTakeAreRefused() {
        assertTrue(onlyError("ratelimit interval 13").contains("a whole number from -19 to 12"));
        assertTrue(onlyError("ratelimit burst 0").contains("a whole number from 1 to 255"));
        assertTrue(onlyError("ratelimit leak 0").contains("a whole number from 1 to 4"));
        assertTrue(onlyError("ratelimit kod 5").contains("a whole number from 0 to 4"));
        assertTrue(onlyError("ratelimit ntp interval 1").contains("'ratelimit' has no option 'ntp'"));
    }

    @Test
    void theClientLogIsBoundedOrOff() {
        assertEquals(524_288, config("allow").clientLogBytes());
        assertTrue(config("allow").clientLog());
        assertEquals(1_048_576, config("clientloglimit 1048576").clientLogBytes());
        assertFalse(config("noclientlog").clientLog());
        assertTrue(onlyError("clientloglimit 100000000").contains("a whole number from 0 to 16777216"));
    }
}
