package org.noonmark.nmea;

/**
 * Answer to a configuration message: UBX ACK-ACK / ACK-NAK or PMTK001.
 *
 * @param command which message it answers: UBX class times 256 plus id, or the PMTK number
 * @param accepted true for ACK-ACK and PMTK flag 3
 * @param ubx true when {@code command} is a UBX class and id
 */
public record ReceiverReply(int command, boolean accepted, boolean ubx) {}
