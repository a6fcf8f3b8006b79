package org.noonmark.status;

/**
 * One client of key establishment.
 *
 * @param address as people write it; of an IPv6 network of 64 bits, the last that came
 * @param connections taken
 * @param dropped refused for their rate
 * @param lastAgeSeconds since the last came
 */
public record KeClientStatus(String address, long connections, long dropped, long lastAgeSeconds) {}
