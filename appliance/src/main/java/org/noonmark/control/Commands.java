package org.noonmark.control;

/** What the control socket can be asked. Called by many threads at once. */
public interface Commands {
    /** Answers at once or after a bounded time; a request that is not understood gets {@link Answer#usage}, never an exception. */
    Answer execute(Request request);
}
