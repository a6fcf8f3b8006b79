/**
 * Packet threads: move bytes between sockets and {@code ntp}; decide nothing.
 */
@NullMarked
package org.noonmark.server;

import org.jspecify.annotations.NullMarked;
