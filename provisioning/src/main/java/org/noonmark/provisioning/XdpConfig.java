package org.noonmark.provisioning;

/**
 * The way of NTP requests past the kernel's UDP stack.
 *
 * @param interfaceName network interface, such as eth0
 * @param mode where its program runs
 */
public record XdpConfig(String interfaceName, Mode mode) {
    /** Where a program can run. */
    public enum Mode {
        /** In the driver where it can, else in the kernel's receive path. */
        AUTO,
        NATIVE,
        GENERIC
    }
}
