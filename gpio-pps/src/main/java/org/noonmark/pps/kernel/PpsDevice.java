package org.noonmark.pps.kernel;

import java.nio.ByteBuffer;

/** An open PPS device, as far as the kernel is concerned; tests put their own in its place. */
interface PpsDevice {
    int EINTR = 4;
    int ENXIO = 6;
    int EIO = 5;
    int ENODEV = 19;
    int EINVAL = 22;
    int ENOTTY = 25;
    int EPERM = 1;
    int ETIMEDOUT = 110;

    /**
     * ioctl(2).
     *
     * @param argument direct, native byte order
     * @return what the kernel returned, or the negative errno
     */
    int ioctl(long request, ByteBuffer argument);

    /** Whether the path still names the device that was opened; a removed device just stays silent otherwise. */
    boolean present();

    void close();
}
