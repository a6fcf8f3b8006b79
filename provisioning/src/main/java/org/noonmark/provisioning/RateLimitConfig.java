package org.noonmark.provisioning;

/**
 * How often one client is answered.
 *
 * @param intervalLog2Seconds from one answer to the next in the long run, log2 seconds
 * @param burst answers in a row
 * @param leakLog2 one in 2^leak above the limit is answered all the same
 * @param kodLog2 one in 2^kod of the rest is told to ask less; 0: none
 * @param ipv6PrefixBits IPv6 addresses that agree in so many bits are one client
 */
public record RateLimitConfig(int intervalLog2Seconds, int burst, int leakLog2, int kodLog2, int ipv6PrefixBits) {}
