package org.noonmark.provisioning;

/**
 * Where time is sent that nobody asked for.
 *
 * @param intervalSeconds from packet to packet
 * @param address of a subnet's broadcast, or multicast
 * @param port UDP port
 */
public record BroadcastConfig(int intervalSeconds, IpAddress address, int port) {}
