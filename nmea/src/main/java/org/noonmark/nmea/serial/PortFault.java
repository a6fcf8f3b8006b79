package org.noonmark.nmea.serial;

/** The sentences for a port that cannot be opened or read. */
final class PortFault {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int ENOTTY = 25;

    private PortFault() {}

    /** Why {@code device} could not be opened, and the cure. */
    static String ofOpening(String device, int errno) {
        return device
                + switch (errno) {
                    case ENOENT, ENODEV, ENXIO ->
                        ": no such device; plug the receiver in, or name its port (ls /dev/serial* /dev/tty*) in the receiver line";
                    case EACCES, EPERM ->
                        ": no permission; add this user to the group of the device, usually dialout, or run as root";
                    case EAGAIN, EBUSY ->
                        ": another program holds it; stop that, for gpsd: systemctl disable --now gpsd.socket gpsd.service";
                    case ENOTTY -> ": not a serial port; name one such as /dev/serial0 or /dev/ttyACM0";
                    default -> ": cannot be opened, errno " + errno + "; look into the kernel's messages (dmesg)";
                };
    }

    static String unplugged(String device) {
        return device + ": the port is gone; plug the receiver in again, it is opened by itself";
    }
}
