package org.noonmark.status;

import org.noonmark.ntp.ClientRecord;

/**
 * One client of the server.
 *
 * @param address as people write it; of a group of IPv6 clients, its first
 * @param record what the server has counted of it
 */
public record ClientStatus(String address, ClientRecord record) {}
