/**
 * Network Time Security (RFC 8915) without a socket: AEADs, the keys that cookies are sealed with, cookies, and what NTS adds to NTP
 * packets. Knows no files, clocks or threads: who uses it brings keys, randomness and packets.
 */
@NullMarked
package org.noonmark.nts;

import org.jspecify.annotations.NullMarked;
