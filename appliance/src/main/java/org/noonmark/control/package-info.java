/**
 * The human side's transport: the control socket. Carries requests to the daemon and rendered reports back; changes nothing.
 *
 * <p>The protocol: the client sends one line of UTF-8, words separated by single spaces, at most {@link ControlProtocol#MAX_REQUEST_BYTES}
 * bytes with its line feed. The daemon answers {@code CODE LENGTH}, a line feed and LENGTH bytes of UTF-8, then closes. CODE is the exit
 * code that the asking command is to end with (see {@link Answer}). The daemon renders; the client only carries bytes.
 */
@NullMarked
package org.noonmark.control;

import org.jspecify.annotations.NullMarked;
