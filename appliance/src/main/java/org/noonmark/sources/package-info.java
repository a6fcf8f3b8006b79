/**
 * Other time servers, asked over NTP so that they can vote on the receiver (RFC 5905 as a client, RFC 9109 for what a request tells of
 * us). Configured names, addresses found, replies and time come in; requests, verdicts and an {@link org.noonmark.sources.AgreedTime}
 * go out. Pure: sockets, threads, names' look-up and chance come through {@link org.noonmark.sources.Outside}. It knows nothing of
 * configuration files and of the receiver.
 *
 * <p>Samples are kept in raw time, a clock that nobody steers or steps, so that what the timing thread does to the served clock between
 * two samples is no part of them. Of a step they are told only because readings of clocks bear stamps of the local clock. Everything but
 * {@code AgreedTime} belongs to one thread.
 */
@NullMarked
package org.noonmark.sources;

import org.jspecify.annotations.NullMarked;
