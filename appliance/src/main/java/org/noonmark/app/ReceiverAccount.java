package org.noonmark.app;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.Tripwires;
import org.noonmark.linux.LinuxTime;
import org.noonmark.nmea.FixListener;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.ReceiverHealth;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.SkyView;
import org.noonmark.nmea.SkyView.Gnss;
import org.noonmark.nmea.SkyView.Satellite;
import org.noonmark.nmea.TimeJump;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.serial.PortStatus;
import org.noonmark.provisioning.ReceiverConfig;
import org.noonmark.provisioning.TripwireConfig;
import org.noonmark.status.ReceiverStatus;
import org.noonmark.status.ReceiverStatus.Constellation;
import org.noonmark.status.ReceiverStatus.Fix;
import org.noonmark.status.ReceiverStatus.Link;
import org.noonmark.status.ReceiverStatus.Position;
import org.noonmark.status.SampleHistory;
import org.tinylog.Logger;

/**
 * What one receiver has said: hands its labels on to the timing thread and keeps account of the rest for the status. Used by the
 * serial thread only.
 */
final class ReceiverAccount implements FixListener {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SAMPLES = 64;

    private final ReceiverConfig config;
    private final Consumer<TimingEvent> timing;
    private final LogPace fixWords = new LogPace();
    private final LogPace jumpWords = new LogPace();
    private final SampleHistory samples = new SampleHistory(SAMPLES);
    /** The messages that have named seconds; few, because the parsers know few. */
    private final TreeSet<String> sources = new TreeSet<>();

    private final Tripwires tripwires;
    private volatile String distrust = "";
    private ReceiverHealth.Antenna antenna = ReceiverHealth.Antenna.UNKNOWN;
    private @Nullable TimeLabel label;
    private @Nullable LeapNotice leap;
    private Fix fix = Fix.UNKNOWN;
    private @Nullable Position position;
    private List<Constellation> constellations = List.of();

    ReceiverAccount(ReceiverConfig config, TripwireConfig wires, Consumer<TimingEvent> timing) {
        this.config = config;
        this.timing = timing;
        tripwires = new Tripwires(new Tripwires.Limits(
                config.fixedAntenna() ? wires.positionMetres() : 0,
                wires.signalDecibels(),
                wires.interference(),
                wires.holdSeconds() * NANOS_PER_SECOND));
    }

    /** Why the receiver is not to be believed; empty when it is. Any thread may ask. */
    String distrust() {
        return distrust;
    }

    @Override
    public void onLabel(TimeLabel heard) {
        label = heard;
        sources.add(heard.source());
        samples.onSample(heard.burstArrivalNanos(), (double)
                (heard.utcSeconds() * NANOS_PER_SECOND - heard.burstArrivalNanos()));
        timing.accept(new TimingEvent.Label(heard));
    }

    @Override
    public void onPulse(PulseNotice pulse) {
        timing.accept(new TimingEvent.Notice(pulse));
    }

    @Override
    public void onHealth(ReceiverHealth health) {
        antenna = health.antenna();
        tripwires.onHealth(health, LinuxTime.monotonicNanos());
        heed();
    }

    @Override
    public void onFix(FixReport report) {
        tripwires.onFix(report, LinuxTime.monotonicNanos());
        heed();
        Fix before = fix;
        fix = switch (report.mode()) {
            case UNKNOWN -> Fix.UNKNOWN;
            case NO_FIX -> Fix.NONE;
            case FIX_2D -> Fix.TWO_D;
            case FIX_3D -> report.status() == FixReport.Status.TIME_ONLY ? Fix.TIME : Fix.THREE_D;
        };
        position = report.hasFix() && Double.isFinite(report.latitudeDegrees())
                ? new Position(report.latitudeDegrees(), report.longitudeDegrees(), report.altitudeMslMetres())
                : null;
        if (before.isFix() != fix.isFix() && fixWords.mayTell(LinuxTime.monotonicNanos())) {
            Logger.info("receiver {} {}", config.device(), fix.isFix() ? "has a fix" : "has no fix");
        }
    }

    @Override
    public void onSky(SkyView sky) {
        tripwires.onSky(sky, LinuxTime.monotonicNanos());
        heed();
        Map<Gnss, List<Satellite>> bySystem = new EnumMap<>(Gnss.class);
        for (Satellite satellite : sky.satellites()) {
            bySystem.computeIfAbsent(satellite.gnss(), _ -> new ArrayList<>()).add(satellite);
        }
        List<Constellation> seen = new ArrayList<>();
        bySystem.forEach((gnss, satellites) -> seen.add(constellation(gnss, satellites)));
        constellations = List.copyOf(seen);
    }

    @Override
    public void onLeap(LeapNotice heard) {
        leap = heard;
        timing.accept(new TimingEvent.Leap(heard));
    }

    @Override
    public void onTimeJump(TimeJump jump) {
        if (!jumpWords.mayTell(LinuxTime.monotonicNanos())) {
            return;
        }
        Logger.warn(
                "receiver {} moved its time by {} s after second {}: its labels were held back until {} of them agreed",
                config.device(),
                jump.toUtcSeconds() - jump.fromUtcSeconds(),
                jump.fromUtcSeconds(),
                jump.heldLabels());
    }

    /** Tells others, and the log once. */
    private void heed() {
        tripwires.onTime(LinuxTime.monotonicNanos());
        String now = tripwires.distrust();
        if (now.isEmpty() != distrust.isEmpty()) {
            if (now.isEmpty()) {
                Logger.info("receiver {} is believed again", config.device());
            } else {
                Logger.warn("receiver {} is distrusted: {}", config.device(), now);
            }
        }
        distrust = now;
    }

    /** The clock was stepped: samples from before it say nothing of it. */
    void onStepped() {
        samples.onStep();
        if (leap != null) {
            // What waited for the timing thread was dropped, and a notice is given only once.
            timing.accept(new TimingEvent.Leap(leap));
        }
    }

    /**
     * The whole account.
     *
     * @param port what the port says of itself
     * @param link what comes through it now
     * @param counts what came through it
     * @param talk what it answered
     * @param lastByteNanos local clock when anything came last; 0 for never
     */
    ReceiverStatus status(
            PortStatus port,
            Link link,
            SentenceFramer.Counts counts,
            ReceiverTalk.Report talk,
            long lastByteNanos,
            long nowNanos) {
        TimeLabel last = label;
        return new ReceiverStatus(
                config.referenceId(),
                config.device(),
                port.baud(),
                link,
                port.state() == PortStatus.State.GONE ? port.why() : "",
                talk.model(),
                talk.setUp(),
                antenna,
                distrust,
                tripwires.counts(),
                List.copyOf(sources),
                fix,
                constellations,
                position,
                last == null ? 0 : last.utcSeconds(),
                last == null ? 0 : last.burstArrivalNanos(),
                last == null ? "" : last.source(),
                lastByteNanos,
                counts.nmea() + counts.ubx(),
                counts.checksumFailures() + counts.withoutChecksum(),
                counts.noiseBytes(),
                samples.statistics(nowNanos));
    }

    private static Constellation constellation(Gnss gnss, List<Satellite> satellites) {
        int used = 0;
        int heard = 0;
        double signal = 0;
        for (Satellite satellite : satellites) {
            if (satellite.used()) {
                used++;
                if (Double.isFinite(satellite.signalDbHz())) {
                    heard++;
                    signal += satellite.signalDbHz();
                }
            }
        }
        return new Constellation(nameOf(gnss), satellites.size(), used, heard == 0 ? Double.NaN : signal / heard);
    }

    private static String nameOf(Gnss gnss) {
        return switch (gnss) {
            case GALILEO -> "Galileo";
            case BEIDOU -> "BeiDou";
            case NAVIC -> "NavIC";
            case GPS, SBAS, IMES, QZSS, GLONASS -> gnss.name();
        };
    }
}
