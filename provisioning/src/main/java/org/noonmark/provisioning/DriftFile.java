package org.noonmark.provisioning;

/**
 * Where the clock's frequency is kept over a restart.
 *
 * @param path absolute path; the file is replaced as a whole, never written in place
 * @param intervalSeconds least time between two writes
 */
public record DriftFile(String path, int intervalSeconds) {}
