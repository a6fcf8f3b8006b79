package org.noonmark.server;

import java.net.InetSocketAddress;

/**
 * Where time is sent that nobody asked for.
 *
 * @param to a subnet's broadcast address, or a multicast one, and port
 * @param intervalSeconds from packet to packet, at least 1
 */
public record Broadcast(InetSocketAddress to, int intervalSeconds) {}
