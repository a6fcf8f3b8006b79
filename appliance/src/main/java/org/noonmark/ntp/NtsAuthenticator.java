package org.noonmark.ntp;

/**
 * What NTS does with a packet (RFC 8915, section 5). A request is verified, turned around, and, when its header is complete, sealed;
 * other requests may be in work between these steps, as many as a packet thread takes at once. For one thread.
 */
public interface NtsAuthenticator {
    /** Requests that may be between {@link #verify} and {@link #seal} at one time. */
    int MOST_AT_ONCE = 64;

    /** What a request is. */
    enum Verdict {
        AUTHENTIC,
        /** Its cookie cannot be opened, or its tag is wrong: the client may be told that it needs new cookies. */
        UNKNOWN,
        /** It breaks the RFC: nothing is answered. */
        MALFORMED
    }

    /** Checks a request whose fields are whole; leaves it as it is. */
    Verdict verify(NtpPacket request, NtsFields fields);

    /**
     * Makes of the request just verified the frame of its answer: header, unique identifier, authenticator with new cookies, not sealed
     * yet, and as long as the request, so that both take the same time on their way.
     *
     * @return a number by which {@link #seal} finds the client's key
     */
    int turnAround(NtpPacket packet, NtsFields fields);

    /** Encrypts the cookies of a frame and authenticates it; its header is complete. */
    void seal(NtpPacket answer, int client);

    /** A small number, below {@link #KINDS}, of the work that {@link #seal} has with that frame. */
    int kind(NtpPacket answer, int client);

    /** Kinds of work, by algorithm and number of cookies. */
    int KINDS = 32;
}
