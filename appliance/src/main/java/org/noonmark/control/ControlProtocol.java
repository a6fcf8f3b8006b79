package org.noonmark.control;

import java.time.Duration;

/** Bounds of the protocol, the same on both sides. */
public final class ControlProtocol {
    /** A request with its line feed: a command and a few words. */
    public static final int MAX_REQUEST_BYTES = 1024;
    /** The line before an answer: two numbers, a space, a line feed. */
    static final int MAX_HEADER_BYTES = 24;
    /** An answer; the longest, a table of all clients, is far below. */
    static final int MAX_ANSWER_BYTES = 16 << 20;
    /** From connection to the end of the answer. People wait for this; a command that takes longer must answer first and work later. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    /** Connections served at once; more are told so and closed. */
    static final int MAX_CONNECTIONS = 32;

    private ControlProtocol() {}
}
