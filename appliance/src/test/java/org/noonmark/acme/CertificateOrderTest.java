package org.noonmark.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Status;

class CertificateOrderTest {
    @Test
    void aProofOfANameThatWasNotOrderedIsRefused() throws Exception {
        List<String> names = List.of("time.example.net");
        assertEquals("time.example.net", CertificateOrder.ordered("TIME.example.net", names));
        String why = String.valueOf(assertThrows(
                        OrderFailedException.class,
                        () -> CertificateOrder.ordered("x\n\u001b[2J" + "y".repeat(999), names))
                .getMessage());
        assertTrue(why.matches("[ -~]{1,500}"), why);
    }

    @Test
    void whatStillWaitsIsSaidWithItsOwnCure() throws Exception {
        Status met = CertificateOrder.await(new Waiting(), EnumSet.of(Status.VALID, Status.INVALID));
        assertEquals(Status.PENDING, met);
        assertEquals(
                "the proof for a.example is still pending after 5 minutes: look at port 80",
                assertThrows(
                                OrderFailedException.class,
                                () -> CertificateOrder.require(
                                        met,
                                        Status.VALID,
                                        Optional.empty(),
                                        "the proof for a.example",
                                        "look at port 80"))
                        .getMessage());
    }

    @Test
    void anExchangeThatDoesNotEndIsInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        // On a busy machine the time may be over before the exchange has begun, and then it never does.
        for (int i = 0; i < 1_000 && begun.getCount() > 0; i++) {
            String why = String.valueOf(assertThrows(
                            OrderFailedException.class,
                            () -> CertificateOrder.within(Duration.ofMillis(20), () -> {
                                try {
                                    begun.countDown();
                                    Thread.sleep(Duration.ofHours(1));
                                } finally {
                                    interrupted.countDown();
                                }
                                return 0;
                            }))
                    .getMessage());
            assertTrue(why.startsWith("it was not done in"), why);
        }
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void anOddAnswerIsAFailureOfTheOrder() {
        String why = String.valueOf(assertThrows(
                        OrderFailedException.class,
                        () -> CertificateOrder.within(Duration.ofMinutes(1), () -> {
                            throw new IllegalStateException("Order is not\ncompleted");
                        }))
                .getMessage());
        assertTrue(why.startsWith("it is not understood (Order is not?completed)"), why);
    }

    /** Says that it will be ready in a far future, so that its patience is over at once. */
    private static final class Waiting implements PollableResource {
        @Override
        public Status getStatus() {
            return Status.PENDING;
        }

        @Override
        public Optional<Instant> fetch() {
            return Optional.of(Instant.MAX);
        }
    }
}
