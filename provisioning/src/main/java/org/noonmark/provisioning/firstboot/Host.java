package org.noonmark.provisioning.firstboot;

import java.io.IOException;

/** The machine that is set up: a disk in the appliance, a tree in tests. */
public interface Host {
    /**
     * What lies on the boot partition.
     *
     * @throws IOException when it cannot be read at all
     */
    BootFolder bootFolder() throws IOException;

    /**
     * What is in place already.
     *
     * @throws IOException when it cannot be read
     */
    State state() throws IOException;

    /**
     * Does it, durably: after the return a power cut does not undo it.
     *
     * @throws IOException when it cannot be done; the machine is as before
     */
    void perform(Step step) throws IOException;
}
