package org.noonmark.app;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.noonmark.linux.LinuxTime;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.ReceiverDecoder;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.serial.FrameProbe;
import org.noonmark.nmea.serial.PortListener;
import org.noonmark.nmea.serial.PortStatus;
import org.noonmark.nmea.serial.RetryDelay;
import org.noonmark.nmea.serial.SerialPort;
import org.noonmark.provisioning.ReceiverConfig;
import org.noonmark.provisioning.TripwireConfig;
import org.noonmark.status.ReceiverStatus;
import org.noonmark.status.ReceiverStatus.Link;
import org.noonmark.time.RealtimeClock;
import org.tinylog.Logger;

/** The serial thread: reads the port, decodes what comes, hands labels on. */
final class ReceiverLoop implements Runnable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Start bit, eight data bits, stop bit. */
    private static final long BITS_PER_BYTE = 10;

    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long MAX_RETRY_MILLIS = 5_000;

    private final ReceiverConfig config;
    private final RealtimeClock clock;
    private final ReceiverAccount account;
    private final ReceiverDecoder decoder;
    private final SerialPort port;
    private final Hearing hearing = new Hearing();
    private final ReceiverTalk talk;
    private long lastByteNanos;
    private String toldTrouble = "";
    private volatile boolean stepped;
    private volatile ReceiverStatus status;

    ReceiverLoop(
            ReceiverConfig config,
            TripwireConfig wires,
            GpsEra era,
            RealtimeClock clock,
            Consumer<TimingEvent> timing) {
        this.config = config;
        this.clock = clock;
        account = new ReceiverAccount(config, wires, timing);
        talk = new ReceiverTalk(config);
        decoder = new ReceiverDecoder(era, account, talk);
        port = new SerialPort(
                Path.of(config.device()),
                config.baud(),
                FrameProbe::ofCheckedFrames,
                clock::nanos,
                LinuxTime::monotonicNanos,
                new RetryDelay(FIRST_RETRY_MILLIS, MAX_RETRY_MILLIS));
        status = ReceiverStatus.silent(config.referenceId(), config.device(), 0);
    }

    /** What has been heard, at most one chunk of bytes old. Any thread may ask. */
    ReceiverStatus status() {
        PortStatus now = port.status();
        return now.state() == PortStatus.State.GONE
                ? ReceiverStatus.absent(config.referenceId(), config.device(), now.why())
                : status;
    }

    /** Why the receiver is not to be believed, one plain phrase; empty when it is. Any thread may ask. */
    String distrust() {
        return account.distrust();
    }

    /** Tells the log when the port is lost, and when it is there again. Timing thread, about once a second. */
    void watchPort() {
        PortStatus now = port.status();
        boolean gone = now.state() == PortStatus.State.GONE;
        if (gone && !now.why().equals(toldTrouble)) {
            Logger.warn("receiver {}", now.why());
            toldTrouble = now.why();
        } else if (now.state() == PortStatus.State.READING && !toldTrouble.isEmpty()) {
            Logger.info("receiver {}", now.why());
            toldTrouble = "";
        }
    }

    /** The clock was stepped. Any thread may say so. */
    void onStepped() {
        stepped = true;
    }

    @Override
    public void run() {
        port.run(new Ear());
    }

    /** What the port brings. */
    private final class Ear implements PortListener {
        @Override
        public void onConnected(int baud, Outlet outlet) {
            hearing.onConnected(LinuxTime.monotonicNanos());
            talk.onConnected(baud, outlet);
            decoder.setNanosPerByte(baud == 0 ? 0 : BITS_PER_BYTE * NANOS_PER_SECOND / baud);
        }

        @Override
        public void onBytes(byte[] bytes, int count, long arrivalNanos) {
            if (stepped) {
                stepped = false;
                account.onStepped();
            }
            lastByteNanos = arrivalNanos;
            decoder.accept(bytes, 0, count, arrivalNanos);
            if (hearing.onBytes(frames(), LinuxTime.monotonicNanos())) {
                port.redetect();
            }
            publish(arrivalNanos);
        }

        @Override
        public void onSilence() {
            decoder.endOfInput();
            publish(clock.nanos());
        }

        private void publish(long nowNanos) {
            PortStatus now = port.status();
            Link link = hearing.link(now.state(), LinuxTime.monotonicNanos());
            if (link == Link.TALKING) {
                talk.goOn(LinuxTime.monotonicNanos());
            }
            status = account.status(now, link, decoder.counts(), talk.report(), lastByteNanos, nowNanos);
        }

        private long frames() {
            SentenceFramer.Counts counts = decoder.counts();
            return counts.nmea() + counts.ubx();
        }
    }
}
