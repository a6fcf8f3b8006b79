package org.noonmark.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.noonmark.control.ControlServer;
import org.noonmark.control.ReportCommands;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapMode;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.discipline.Witness;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.NativeCalls;
import org.noonmark.linux.Scheduling;
import org.noonmark.linux.ServiceNotifier;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.serial.SerialPort;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.nts.NtsSupply;
import org.noonmark.pps.StampLatency;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ClockLimits;
import org.noonmark.provisioning.LabelledPulse;
import org.noonmark.provisioning.LogConfig;
import org.noonmark.provisioning.PulseConfig;
import org.noonmark.provisioning.ReceiverConfig;
import org.noonmark.sources.Lead;
import org.noonmark.sources.Moment;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.sources.Takeover;
import org.noonmark.status.LogBook;
import org.noonmark.status.LogFile;
import org.noonmark.status.NtsStatus;
import org.noonmark.status.Program;
import org.noonmark.status.PulseStatus;
import org.noonmark.status.ServerStatus;
import org.noonmark.status.StatusBoard;
import org.noonmark.status.StatusSnapshot;
import org.noonmark.status.StatusText;
import org.noonmark.time.SteerableClock;
import org.noonmark.time.Thermometer;
import org.tinylog.Logger;

/** The daemon: built by hand from its parts, started once, closed once. The same one runs on a real and on a simulated machine. */
public final class Daemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;

    private final SteerableClock clock;
    private final ServiceNotifier notifier;
    private final StatusBoard board;
    private final Optional<DriftStore> drift;
    private final ClockMark mark;
    private final TimingCore core; // the timing thread's own, until that has ended
    private final LeapTables leapTables;
    private final Optional<Lamps> lamps;
    private final Optional<ReceiverLoop> receiver;
    private final Optional<PulseLoop> pulseLoop;
    private final Optional<PollLoop> poll;
    private final Optional<PulseTrain> pulses;
    private final TimingLoop timing;
    private final ControlServer control;
    private final ManualCommands manual;
    private final CookieKeyring cookieKeys;
    private final NtpService ntp;
    private final Optional<NtsService> nts;
    private final SourcesService sources;
    private final List<ReferenceClockLoop> clockLoops;
    private final Optional<LogFiles> logWriter;
    private final LogConfig logs;
    private final TimeThreads timeThreads;
    private final List<Thread> threads = new ArrayList<>();
    private final Runnable onGivenUp;
    private volatile boolean givenUp;

    /**
     * Starts everything.
     *
     * @param build what runs
     * @param config the owner's settings
     * @param machine clock and pulses
     * @param eraFloor no receiver's date before it is believed
     * @throws IOException when the control socket cannot be had
     * @throws org.noonmark.linux.UdpSocketException when an address cannot be served
     * @throws UnsatisfiedLinkError when the native library cannot be loaded
     */
    public static Daemon start(Build build, ApplianceConfig config, Machine machine, LocalDate eraFloor)
            throws IOException {
        return start(build, config, machine, eraFloor, () -> {});
    }

    /** The same; {@code onGivenUp} is told, on the timing thread, when there is nothing left to do but to close it. */
    public static Daemon start(
            Build build, ApplianceConfig config, Machine machine, LocalDate eraFloor, Runnable onGivenUp)
            throws IOException {
        NativeCalls.require();
        SerialPort.requireNativeLibrary();
        if (config.lockMemory()) {
            Scheduling.lockMemory().ifPresent(Logger::warn);
        }
        Daemon daemon = new Daemon(build, config, machine, eraFloor, onGivenUp);
        daemon.startThreads();
        return daemon;
    }

    private Daemon(Build build, ApplianceConfig config, Machine machine, LocalDate eraFloor, Runnable onGivenUp)
            throws IOException {
        this.onGivenUp = onGivenUp;
        clock = machine.clock();
        logs = config.logs();
        timeThreads = new TimeThreads(config.realtimePriority(), Scheduling::setRealtimePriority);
        notifier = ServiceNotifier.of(System.getenv());
        drift = config.driftFile().map(file -> new DriftStore(file, machine.boardSerial(), LinuxTime.monotonicNanos()));
        mark = new ClockMark(machine.clockMark());
        leapTables = new LeapTables(
                new DiskConfigFiles(),
                config.leapSecondsList(),
                config.leapSecondsZone(),
                LeapTables.ZONES,
                LinuxTime.monotonicNanos());
        Optional<ReceiverConfig> receiverConfig = config.receivers().stream().findFirst();
        Optional<PulseConfig> pulseConfig = receiverConfig.flatMap(ReceiverConfig::pulse);

        Optional<PulseStatus.Delay> delay =
                pulseConfig.map(p -> StampDelay.of(p.lateness(), StampLatency.ofBoard(machine.boardModel())));

        Inbox inbox = new Inbox();
        receiver = receiverConfig.map(r -> new ReceiverLoop(r, config.tripwire(), new GpsEra(eraFloor), clock, inbox));
        poll = pulseConfig
                .filter(p -> p.pollGpio().isPresent())
                .map(p -> new PollLoop(
                        p.pollGpio().getAsInt(), p, machine.boardModel(), clock::nanos, LinuxTime::monotonicNanos));
        pulseLoop = pulseConfig.map(
                p -> new PulseLoop(machine, p, inbox, edge -> poll.ifPresent(loop -> loop.onKernelEdge(edge))));
        pulses = receiverConfig.flatMap(r -> r.pulse()
                .map(p -> new PulseTrain(
                        nameOfPulses(r, p),
                        p.device(),
                        p.widthNanos(),
                        delay.orElseThrow(),
                        () -> pulseLoop.map(PulseLoop::trouble).orElse(""))));

        Journal journal = new Journal(config.recording().map(Path::of));
        int precision = ClockPrecision.measure(clock);
        sources = new SourcesService(config, clock, precision, eraFloor.toEpochDay() * NANOS_PER_DAY);
        clockLoops = config.referenceClocks().stream()
                .map(line -> ReferenceClockLoop.of(line, machine, reading -> sources.onReading(line, reading)))
                .toList();
        // A simulated world has a server of its own, until its owner names others.
        List<Witness> witnesses = new ArrayList<>(config.servers().isEmpty() ? machine.witnesses() : List.of());
        witnesses.add(sources.witness());
        TimingOptions timingOptions =
                timingOptions(config, delay).with(it -> it.witnesses(journal.listeningTo(witnesses)));
        double frequencyInForcePpb = clock.frequencyPpb();
        core = new TimingCore(timingOptions, frequencyInForcePpb);
        ServedTime served = servedTime(config, receiverConfig, precision);
        board = new StatusBoard(new StatusSnapshot(
                new Program(build.version(), clock.nanos(), machine.steersClock()),
                core.status(),
                served.of(core.status()),
                List.of(),
                List.of(),
                SourcesStatus.NONE,
                ServerStatus.NONE,
                leapTables.current()));
        ServerQuestions questions = new ServerQuestions(clock::nanos);
        manual = new ManualCommands(
                inbox,
                LinuxTime::monotonicNanos,
                config.manual(),
                machine.steersClock(),
                config.local().isPresent(),
                questions);
        SourceCommands commands = new SourceCommands(sources, config, manual);
        control = new ControlServer(Path.of(config.controlSocket()), new ReportCommands(board, clock::nanos, commands));
        // First the control socket: it is what refuses a second instance, before anything is touched.
        control.start();
        try {
            journal.open(build, timingOptions, frequencyInForcePpb);
            timing = new TimingLoop(
                    core,
                    journal,
                    clock,
                    config.tempComp()
                            .<Thermometer>map(known -> new OwnersThermometer(
                                    known, new DiskConfigFiles(), LinuxTime::monotonicNanos, this::onTemperature))
                            .orElseGet(machine::thermometer),
                    LinuxTime::monotonicNanos,
                    inbox,
                    pulses,
                    served,
                    new Takeover(precision, (double) config.maxClockErrorPpb(), limits(config.clockLimits())),
                    new Heard(pulseConfig),
                    new Watcher());
            SecureRandom random = new SecureRandom();
            cookieKeys = new CookieKeyring(config.cookieKeys(), random, this::provenSeconds, LinuxTime::monotonicNanos);
            NtsSupply supply = new NtsSupply(cookieKeys, random);
            ntp = NtpService.start(config, timing::system, clock, timeThreads, supply);
            nts = NtsService.start(
                    config, supply.cookies(), ntp::access, ntp.mayAllowAny(), config.port(), this::provenNow);
            questions.onStarted(
                    ntp,
                    new NtsQuestions(
                            this::ntsStatus,
                            () -> nts.map(NtsService::clientStatus).orElse(List.of()),
                            config.nts().port()),
                    new CookieKeyQuestions(cookieKeys));
            manual.onStarted(timing);
            sources.onServing(
                    timing::system,
                    () -> board.snapshot().clock(),
                    () -> board.snapshot().leapSeconds());
            logWriter = logWriter();
        } catch (RuntimeException e) {
            control.close();
            throw e;
        }
        lamps = config.frontPanel().map(Lamps::open);
    }

    private void onTemperature(double shown, double ppm) {
        if (logs.files().contains(LogConfig.File.TEMPCOMP)) {
            logWriter.ifPresent(writer -> writer.add(List.of(LogBook.temperature(shown, ppm, clock.nanos()))));
        }
    }

    private Optional<LogFiles> logWriter() {
        Set<LogFile> files = EnumSet.noneOf(LogFile.class);
        for (LogConfig.File file : logs.files()) {
            switch (file) {
                case RAWMEASUREMENTS, MEASUREMENTS -> files.add(LogFile.MEASUREMENTS);
                case STATISTICS -> files.add(LogFile.STATISTICS);
                case SELECTION -> files.add(LogFile.SELECTION);
                case TRACKING -> files.add(LogFile.TRACKING);
                case REFCLOCKS -> files.add(LogFile.REFCLOCKS);
                case TEMPCOMP -> files.add(LogFile.TEMPCOMP);
                case RTC -> {}
            }
        }
        if (files.isEmpty() || logs.directory().isEmpty()) {
            return Optional.empty();
        }
        LogFiles writer = new LogFiles(Path.of(logs.directory().get()), logs.bannerEntries());
        LogBook book = new LogBook(files, logs.files().contains(LogConfig.File.RAWMEASUREMENTS));
        sources.onStatus(
                status -> writer.add(book.lines(status, board.snapshot().clock(), timing.system(), clock.nanos())));
        return Optional.of(writer);
    }

    /** The addresses at which NTP is served, with their real ports; empty when it is not. */
    public List<InetSocketAddress> ntpAddresses() {
        return ntp.addresses();
    }

    /** What the daemon knows now. Any thread may ask. */
    public StatusSnapshot snapshot() {
        return board.snapshot();
    }

    /** Key establishment for NTS, as it is at this moment. Any thread may ask. */
    public NtsStatus ntsStatus() {
        return nts.map(service -> service.status().withTrouble(cookieKeys.trouble()))
                .orElse(NtsStatus.NONE);
    }

    /** Whether keys for NTS will be had in a moment: asked for, not there yet, and nothing is wrong. */
    public boolean isNtsExpected() {
        NtsStatus now = ntsStatus();
        return nts.isPresent() && now.listening().isEmpty() && now.troubles().isEmpty();
    }

    /** The time by which certificates are made and judged; empty while it is not proven. */
    private Optional<Instant> provenNow() {
        return board.snapshot().isSynchronised()
                ? Optional.of(Instant.ofEpochSecond(0, clock.nanos()))
                : Optional.empty();
    }

    /** Whether it has ended by itself, since the pulses call for what the owner forbids. Any thread may ask. */
    public boolean hasGivenUp() {
        return givenUp;
    }

    /** Stops serving first, then everything else; returns when the threads have ended or a few seconds are over. */
    @Override
    public void close() {
        notifier.stopping();
        nts.ifPresent(NtsService::close);
        ntp.close();
        control.close();
        threads.forEach(Thread::interrupt);
        sources.onInterrupted();
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // After the timing thread, which saves too.
        drift.ifPresent(store -> store.save(board.snapshot().clock(), core.learned()));
        lamps.ifPresent(Lamps::close);
        notifier.close();
    }

    private void startThreads() {
        startThread("timing", timing);
        receiver.ifPresent(loop -> startThread("serial", loop));
        pulseLoop.ifPresent(loop -> startThread("pps", loop));
        poll.ifPresent(loop -> startThread("poll", loop));
        clockLoops.forEach(loop -> startThread(loop.name(), loop));
        threads.add(Thread.ofVirtual().name("nts-keys").start(cookieKeys));
        logWriter.ifPresent(
                writer -> threads.add(Thread.ofPlatform().name("logs").daemon().start(writer)));
        // The kernel stamps its packets: it need not run before others.
        threads.add(Thread.ofPlatform()
                .name("sources")
                .uncaughtExceptionHandler(TimeThreads::onDeath)
                .start(sources));
        notifier.ready();
    }

    /** The time by which cookie keys are dated; empty while it is not proven. */
    private OptionalLong provenSeconds() {
        return board.snapshot().isSynchronised()
                ? OptionalLong.of(Math.floorDiv(clock.nanos(), 1_000_000_000L))
                : OptionalLong.empty();
    }

    private void startThread(String name, Runnable work) {
        Thread thread = timeThreads.newThread(work);
        thread.setName(name);
        thread.start();
        threads.add(thread);
    }

    private TimingOptions timingOptions(ApplianceConfig config, Optional<PulseStatus.Delay> delay) {
        Optional<DriftStore.Drift> saved = drift.flatMap(DriftStore::load);
        return TimingOptions.DEFAULTS.with(it -> {
            it.maxClockErrorPpb((double) config.maxClockErrorPpb())
                    .holdoverLimitNanos(config.holdoverLimitNanos())
                    // That clock starts with the kernel.
                    .poweredSeconds(LinuxTime.monotonicNanos() / 1e9)
                    .seconds(seconds(config))
                    .standoffNanos(config.tripwire().jumpSeconds() * 1_000_000_000L)
                    .limits(limits(config.clockLimits()))
                    .perDegree(config.tempComp().map(_ -> OwnersThermometer.EFFECT));
            config.makeStep().ifPresent(step -> it.makestep(step.thresholdNanos(), step.limitUpdates()));
            delay.ifPresent(known -> it.edgeDelay(known.meanNanos(), known.uncertaintyNanos()));
            saved.ifPresent(before -> it.initialFrequency(
                            before.correctionPpb(),
                            Math.max(before.sigmaPpb(), TimingOptions.SAVED_FREQUENCY_SIGMA_PPB))
                    .learned(drift.flatMap(store -> store.loadLearned(before))));
        });
    }

    private static TimingOptions.Limits limits(ClockLimits limits) {
        TimingOptions.MaxChange change = limits.maxChange()
                .map(limit ->
                        new TimingOptions.MaxChange(limit.offsetNanos(), limit.startUpdates(), limit.ignoreUpdates()))
                .orElse(TimingOptions.MaxChange.ANY);
        return new TimingOptions.Limits(
                (double) limits.maxSlewPpb(),
                (double) limits.maxDriftPpb(),
                (double) limits.maxUpdateSkewPpb(),
                change);
    }

    private TimingOptions.Seconds seconds(ApplianceConfig config) {
        LabelledPulse labels = config.receivers().stream()
                .findFirst()
                .map(ReceiverConfig::labels)
                .orElse(LabelledPulse.AUTO);
        LeapMode mode = switch (config.leapSecondMode()) {
            case SYSTEM -> LeapMode.SYSTEM;
            case STEP -> LeapMode.STEP;
            case IGNORE -> LeapMode.IGNORE;
        };
        return shifted(labels)
                .withLeapMode(mode, clock.passesLeapSeconds())
                .withLeapSeconds(leapTables.current())
                .withClockVouching(!mark.isSet());
    }

    private static TimingOptions.Seconds shifted(LabelledPulse labels) {
        TimingOptions.Seconds usual = TimingOptions.Seconds.DEFAULTS;
        return switch (labels) {
            case AUTO -> usual;
            case LAST -> usual.withLabelShift(0);
            case PREVIOUS -> usual.withLabelShift(1);
            case NEXT -> usual.withLabelShift(-1);
        };
    }

    /** Reports tell a receiver from its own pulses, which clients know by one name. */
    private static String nameOfPulses(ReceiverConfig receiver, PulseConfig pulse) {
        return pulse.referenceId().equals(receiver.referenceId()) ? "PPS" : pulse.referenceId();
    }

    private static ServedTime servedTime(ApplianceConfig config, Optional<ReceiverConfig> receiver, int precision) {
        Optional<PulseConfig> pulse = receiver.flatMap(ReceiverConfig::pulse);
        String name = pulse.map(PulseConfig::referenceId)
                .or(() -> receiver.map(ReceiverConfig::referenceId))
                .orElse("GPS");
        return new ServedTime(
                precision,
                SystemVariables.asciiReferenceId(name),
                pulse.map(PulseConfig::delayNanos).orElse(0L),
                config.local());
    }

    /** What the serial and the poll thread have found out. */
    private final class Heard implements TimingLoop.Findings {
        private final Optional<PulseConfig> pulse;

        Heard(Optional<PulseConfig> pulse) {
            this.pulse = pulse;
        }

        @Override
        public String distrust() {
            return receiver.map(ReceiverLoop::distrust).orElse("");
        }

        @Override
        public @Nullable Lead lead() {
            return sources.lead();
        }

        @Override
        public Moment moment() {
            return sources.now();
        }

        @Override
        public Optional<LeapSecondsList> leapSeconds() {
            return leapTables.at(LinuxTime.monotonicNanos());
        }

        @Override
        public Optional<TimingOptions.EdgeDelay> edgeDelay() {
            Optional<PulseStatus.Delay> delay = poll.flatMap(PollLoop::measured)
                    .map(latency -> StampDelay.of(pulse.orElseThrow().lateness(), latency));
            delay.ifPresent(now -> pulses.ifPresent(train -> train.onDelay(now)));
            return delay.map(now -> new TimingOptions.EdgeDelay(now.meanNanos(), now.uncertaintyNanos()));
        }
    }

    /** Hangs up what the timing thread did, on that thread. */
    private final class Watcher implements TimingLoop.Listener {
        private Program program = board.snapshot().program();
        private final ChangeTeller changes = new ChangeTeller(logs, HostNames.hostName());
        private long referenceNanos;
        private @Nullable SyncState toldState;
        private boolean wasSynchronised;
        private long beforeRawNanos = Long.MIN_VALUE; // the clock was not moved by this program since
        private final Watchdog watchdog = new Watchdog(notifier::watchdog, () -> ntp.rounds());

        @Override
        public void onMoment(ClockStatus status, SystemVariables system) {
            mark.onStatus(status);
            if (status.referenceNanos() != referenceNanos) {
                referenceNanos = status.referenceNanos();
                pulses.ifPresent(train -> train.onSample(referenceNanos, (double) status.lastOffsetNanos()));
            }
            long now = status.updatedNanos();
            board.publish(new StatusSnapshot(
                    program,
                    status,
                    system,
                    receiver.map(ReceiverLoop::status).stream().toList(),
                    pulses.map(train -> train.status(now)).stream().toList(),
                    sources.status(),
                    ntp.status(control.requests(), control.refused()),
                    leapTables.current(),
                    ntsStatus()));
            boolean isSynchronised = board.snapshot().isSynchronised();
            if (isSynchronised != wasSynchronised) {
                wasSynchronised = isSynchronised;
                nts.ifPresent(NtsService::onTimeProven);
            }
            if (status.state() != toldState) {
                toldState = status.state();
                notifier.status(StatusText.line(board.snapshot(), now));
            }
        }

        @Override
        public void onCorrection(long nanos) {
            beforeRawNanos = sources.now().rawNanos();
            changes.onCorrection(nanos, LinuxTime.monotonicNanos());
        }

        @Override
        public void onStepped(long deltaNanos) {
            sources.onStepped(deltaNanos, beforeRawNanos);
            mark.onStepped(core.status());
            program = new Program(program.version(), program.startedNanos() + deltaNanos, program.steersClock());
            referenceNanos += deltaNanos;
            receiver.ifPresent(ReceiverLoop::onStepped);
            poll.ifPresent(PollLoop::onStepped);
        }

        @Override
        public void onMovedByOthers() {
            manual.forget();
            sources.forget();
        }

        @Override
        public void onGivenUp() {
            givenUp = true;
            onGivenUp.run();
        }

        @Override
        public void onTick(ClockStatus status) {
            watchdog.onTick(LinuxTime.monotonicNanos());
            receiver.ifPresent(ReceiverLoop::watchPort);
            lamps.ifPresent(panel -> panel.show(board.snapshot()));
            drift.ifPresent(store -> store.onTick(status, core::learned, LinuxTime.monotonicNanos()));
        }
    }
}
