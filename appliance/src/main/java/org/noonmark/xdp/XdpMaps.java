package org.noonmark.xdp;

import java.util.stream.IntStream;

/**
 * The maps of {@link XdpProgram}, as file descriptors.
 *
 * @param sockets from queues to sockets, empty: all frames go on to the kernel
 * @param addresses whose requests are taken; -1: any
 * @param clients buckets of known clients; -1: nothing is measured
 * @param strangers of each queue the bucket of all others; -1: there is none
 */
record XdpMaps(int sockets, int addresses, int clients, int strangers) {
    static final int NONE = -1;

    /** Those that there are. */
    IntStream all() {
        return IntStream.of(sockets, addresses, clients, strangers).filter(map -> map != NONE);
    }
}
