package org.noonmark.nmea.serial;

/** Tells whether a speed is the right one: at a wrong speed no frame ever passes its check. Made anew for each try. */
@FunctionalInterface
public interface FrameProbe {
    /** Takes the first {@code count} bytes; true once a frame with a right checksum was among all the bytes taken so far. */
    boolean sawFrame(byte[] bytes, int count);
}
