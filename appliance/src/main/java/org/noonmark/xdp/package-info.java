/**
 * The way of packets past the kernel's UDP stack: AF_XDP. A program of ours runs in the network driver for each frame; requests for our
 * ports go from there to a socket whose rings lie in our memory, everything else goes on to the kernel as ever.
 */
@NullMarked
package org.noonmark.xdp;

import org.jspecify.annotations.NullMarked;
