package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.serial.PortListener.Outlet;
import org.noonmark.nmea.setup.ReceiverSetup;
import org.noonmark.nmea.setup.SetupReport;
import org.noonmark.nmea.setup.SetupWatch;
import org.noonmark.nmea.setup.SetupWish;
import org.noonmark.provisioning.ReceiverConfig;
import org.tinylog.Logger;

/**
 * Carries what {@link ReceiverSetup} says to the receiver, anew after each connection and after the receiver has lost its settings, and
 * tells the log what was changed and how to take it back. Used by the serial thread only.
 */
final class ReceiverTalk implements SentenceFramer.Sink {
    /** What it says of itself, and how its set-up went. */
    record Report(String model, String setUp) {}

    private static final Report OFF = new Report("", "off: the receiver is used as it is, by 'setup off'");

    /** A line without a speed of its own that is no USB port, such as a pseudo-terminal: nobody knows what it takes. */
    private static final int UNKNOWN_LINE_BAUD = 9_600;

    private final ReceiverConfig config;
    private final SetupWatch watch = new SetupWatch();
    private SetupWish wish = new SetupWish(UNKNOWN_LINE_BAUD, false, false);
    private @Nullable ReceiverSetup setup;
    private @Nullable Outlet outlet;
    private int told;
    private SetupReport.@Nullable State toldState;
    private Report report;

    ReceiverTalk(ReceiverConfig config) {
        this.config = config;
        report = config.setUp() ? new Report("", "waits until the receiver is understood") : OFF;
    }

    /** The port was opened, at {@code baud} or without a speed of its own (0): the receiver may be a new one. */
    void onConnected(int baud, Outlet connected) {
        if (config.setUp()) {
            outlet = connected;
            boolean usb = isUsb();
            int limit = baud == 0 && !usb ? UNKNOWN_LINE_BAUD : baud;
            wish = new SetupWish(limit, usb, config.fixedAntenna());
            watch.onConnected();
            begin();
        }
    }

    private void begin() {
        setup = new ReceiverSetup(wish);
        told = 0;
        toldState = null;
    }

    @Override
    public void onFrame(Frame frame) {
        ReceiverSetup talking = setup;
        if (talking != null) {
            talking.onFrame(frame);
        }
        watch.onFrame(frame);
    }

    /** Says what is next to be said, if anything; to be called when the receiver is understood. */
    void goOn(long monotonicNanos) {
        Outlet way = outlet;
        if (setup == null && way != null) {
            heed(watch.missing(monotonicNanos));
        }
        ReceiverSetup talking = setup;
        if (talking == null || way == null) {
            return;
        }
        byte[] command = talking.next(monotonicNanos);
        if (command != null && !way.write(command)) {
            Logger.warn(
                    "receiver {}: a command of {} bytes was not taken by the line", config.device(), command.length);
        }
        SetupReport now = talking.report();
        tell(now);
        report = new Report(now.model(), now.sentence());
        if (now.state() != SetupReport.State.TALKING) {
            setup = null;
            watch.onSetUp(now);
        }
    }

    private void heed(String missing) {
        if (!missing.isEmpty()) {
            Logger.warn(
                    "receiver {} does not send {}, which it was set up to send each second: it has lost its settings, as without power, and"
                            + " is set up again{}",
                    config.device(),
                    missing,
                    watch.isLastTry() ? ", for the last time until it is connected anew" : "");
            begin();
        }
    }

    /** Whether the device is the receiver's own USB port: its messages are set apart from those of its UART. */
    private boolean isUsb() {
        try {
            return Path.of(config.device()).toRealPath().toString().startsWith("/dev/ttyACM");
        } catch (IOException e) {
            return false; // gone again
        }
    }

    /** What the status shows. */
    Report report() {
        return report;
    }

    private void tell(SetupReport now) {
        List<SetupReport.Change> changes = now.changes();
        for (SetupReport.Change change : changes.subList(told, changes.size())) {
            Logger.info("receiver {}: {}; undo: {}", config.device(), change, change.undo());
        }
        told = changes.size();
        if (now.state() != toldState) {
            toldState = now.state();
            if (now.state() != SetupReport.State.TALKING) {
                Logger.info(
                        "receiver {}{}: {}",
                        config.device(),
                        now.model().isEmpty() ? "" : ", " + now.model(),
                        now.sentence());
            }
        }
    }
}
