package org.noonmark.app;

import java.util.Optional;
import org.noonmark.pps.gpio.FrontPanel;
import org.noonmark.provisioning.FrontPanelConfig;
import org.noonmark.status.StatusSnapshot;
import org.tinylog.Logger;

/** The front panel, lit by what the daemon knows. Opened and closed while the timing thread does not run, shown by it. */
final class Lamps implements AutoCloseable {
    private final FrontPanel panel;
    private boolean faultIsTold;

    private Lamps(FrontPanel panel) {
        this.panel = panel;
    }

    /** Never fails: without GPIO the log says why, and time is served all the same. */
    static Lamps open(FrontPanelConfig config) {
        Lamps lamps = new Lamps(FrontPanel.open(config.lockPin(), config.fixPin()));
        lamps.tellFault();
        return lamps;
    }

    /** Cheap when nothing has changed. */
    void show(StatusSnapshot now) {
        panel.show(now.isSynchronised(), now.hasFix());
        tellFault();
    }

    @Override
    public void close() {
        panel.close();
    }

    private void tellFault() {
        Optional<String> fault = panel.fault();
        if (fault.isPresent() && !faultIsTold) {
            faultIsTold = true;
            Logger.warn(fault.get());
        }
    }
}
