package org.noonmark.acme;

import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.challenge.Challenge;

/** Shows that a name is the owner's (RFC 8555, section 8). */
public sealed interface NameProof permits HttpProof, DnsProof {
    /**
     * Makes it visible.
     *
     * @param name as it was ordered
     * @return the challenge that is met now
     * @throws OrderFailedException when the service offers no such challenge, the port cannot be had, or the owner's program fails
     */
    Shown show(Authorization authorization, String name) throws OrderFailedException, InterruptedException;

    /** What to look at when the service does not see it: follows a colon. */
    String cure(String name);

    /** What is visible until it is closed. */
    interface Shown extends AutoCloseable {
        Challenge challenge();

        @Override
        void close();
    }
}
