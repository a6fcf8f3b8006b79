/**
 * The NTP protocol (RFC 5905) as a server speaks it. In: request bytes, addresses, receive stamp. Out: reply bytes or a counted
 * refusal. Pure, and without garbage on the way of a packet.
 */
@NullMarked
package org.noonmark.ntp;

import org.jspecify.annotations.NullMarked;
