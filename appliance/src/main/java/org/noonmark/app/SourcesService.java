package org.noonmark.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.Witness;
import org.noonmark.linux.ClientSocket;
import org.noonmark.linux.ClientSockets;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.nts.Aead;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.ReferenceClockConfig;
import org.noonmark.provisioning.ServerConfig;
import org.noonmark.provisioning.ServerRules;
import org.noonmark.provisioning.SourceFiles;
import org.noonmark.sources.AgreedTime;
import org.noonmark.sources.Association;
import org.noonmark.sources.ClockReading;
import org.noonmark.sources.ClockStep;
import org.noonmark.sources.Lead;
import org.noonmark.sources.LocalClock;
import org.noonmark.sources.Moment;
import org.noonmark.sources.NtsKeys;
import org.noonmark.sources.Outside;
import org.noonmark.sources.ReferenceClock;
import org.noonmark.sources.SourceAddress;
import org.noonmark.sources.SourceConfig;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.Sources;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.time.RealtimeClock;
import org.tinylog.Logger;

/**
 * The thread that asks other time servers: waits for their answers and for what is due, and lets {@link Sources} decide. A name server
 * that is slow or dead delays nothing, for names are looked up on threads of their own.
 */
final class SourcesService implements Runnable {
    private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;
    private static final int COMMAND_SECONDS = 3;
    private static final int TRANSMIT_STAMP = 40;
    /** So many waiting tasks show that this thread stands still; half of them are left to those who do not ask a thousand times a second. */
    private static final int MOST_TASKS = 1_024;

    private static final int MOST_READINGS = MOST_TASKS / 2;
    private static final long LOSS_TOLD_NANOS = 60_000_000_000L;
    private static final int UNUSED_TO_TELL = 60;
    private static final long AFTER_FAULT_NANOS = 10_000_000_000L;
    /** Addresses come and go. */
    private static final long ADDRESSES_NANOS = 60_000_000_000L;

    private final RealtimeClock clock;
    private final ClockPair pair;
    private final AgreedTime agreed;
    private final SecureRandom random = new SecureRandom();
    private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(MOST_TASKS);
    private final AtomicLong lostReadings = new AtomicLong();
    private final Map<Association, ClientSocket> underWay = new HashMap<>();
    private final LocalRate localRate = new LocalRate();
    private final ClientSockets sockets;
    private final World world = new World();
    private final ApplianceConfig config;
    private Map<ServerConfig, SourceConfig> fromFiles = Map.of();
    private final NtsKeyClient keyClient;
    private final SavedCookies savedCookies;
    private final Sources sources;
    private final Map<ReferenceClockConfig, ReferenceClock> clocks = new HashMap<>();
    private volatile Supplier<SystemVariables> own;
    private volatile Optional<Supplier<ClockStatus>> followed = Optional.empty();
    private volatile Supplier<Optional<LeapSecondsList>> leapSeconds = Optional::empty;
    private volatile boolean missed; // something that makes all samples void
    private volatile SourcesStatus status = SourcesStatus.NONE;
    private volatile Consumer<SourcesStatus> listener = _ -> {};
    private volatile long followedUpdates; // samples of others that the clock has followed
    private Set<Integer> ownReferenceIds = Set.of();
    private long addressesRawNanos = Long.MIN_VALUE;
    private long followedRawNanos = Long.MIN_VALUE;
    private long restsUntilRawNanos = Long.MIN_VALUE;
    private long toldLost;
    private long toldLostRawNanos = Long.MIN_VALUE / 2;
    private final Set<ReferenceClock> toldUnused = new HashSet<>();

    /**
     * Nothing is sent before the thread runs.
     *
     * @param precisionLog2Seconds of the clock
     * @param eraFloorNanos a time that is certainly over
     */
    SourcesService(ApplianceConfig config, RealtimeClock clock, int precisionLog2Seconds, long eraFloorNanos) {
        this.config = config;
        this.clock = clock;
        pair = new ClockPair(clock, LinuxTime::rawNanos);
        ServerRules.Outgoing outgoing = config.serverRules().outgoing();
        sockets = new ClientSockets(new ClientSockets.Origin(
                outgoing.port(),
                outgoing.ipv4().map(SourcesService::inet).orElse(null),
                outgoing.ipv6().map(SourcesService::inet).orElse(null),
                outgoing.device().orElse("")));
        agreed = new AgreedTime(pair, (double) config.maxClockErrorPpb());
        own = () -> SystemVariables.unsynchronised(precisionLog2Seconds);
        int unchecked = config.serverRules().trust().uncheckedUpdates();
        keyClient = new NtsKeyClient(
                new ServerTrust(config.serverRules().trust(), clock::nanos, () -> clockUpdates() >= unchecked),
                config.nts().aeads().stream()
                        .flatMap(id -> Aead.of(id).stream())
                        .toList(),
                SourcesService::find,
                random);
        savedCookies = new SavedCookies(config.cookieKeys().directory(), clock::nanos);
        sources = new Sources(
                ServerLines.configs(config),
                ServerLines.rules(config.serverRules(), config.local()),
                NtpService.keys(config),
                new LocalClock(
                        Math.scalb(1e9, precisionLog2Seconds), (double) config.maxClockErrorPpb(), eraFloorNanos),
                config.serverRules().refreshSeconds() * 1_000_000_000L,
                agreed,
                world);
        double precisionNanos = Math.scalb(1e9, precisionLog2Seconds);
        config.referenceClocks()
                .forEach(line -> clocks.put(
                        line, sources.add(ReferenceClockLines.options(line, config.serverRules(), precisionNanos))));
    }

    /** A clock of the configuration was read. Any thread may tell; what comes faster than it can be used is lost. */
    void onReading(ReferenceClockConfig of, ClockReading reading) {
        Moment heard = pair.get();
        ReferenceClock read = Objects.requireNonNull(clocks.get(of));
        if (tasks.size() >= MOST_READINGS || !post(() -> sources.onReading(read, reading, heard))) {
            lostReadings.incrementAndGet();
        }
    }

    /** So many readings of reference clocks were lost. Any thread may ask. */
    long lostReadings() {
        return lostReadings.get();
    }

    /** The clock was stepped by {@code deltaNanos}, after {@code beforeRawNanos} and not long ago. Any thread may tell. */
    void onStepped(long deltaNanos, long beforeRawNanos) {
        ClockStep step = ClockStep.of(deltaNanos, beforeRawNanos, pair.get());
        orForget(post(() -> sources.onStepped(step)));
    }

    private static InetAddress inet(IpAddress address) {
        return InetAddress.ofLiteral(address.toString());
    }

    /** What the servers agree on. */
    Witness witness() {
        return agreed;
    }

    /** Their time as one that can be followed; null while they agree on nothing. Any thread may ask. */
    @Nullable Lead lead() {
        return agreed.lead();
    }

    /** Reads both clocks at one instant. Any thread may. */
    Moment now() {
        return pair.get();
    }

    /** From now on answers are held against what this machine serves, so that nobody hears his own echo, and against its clock. */
    void onServing(
            Supplier<SystemVariables> served,
            Supplier<ClockStatus> clockStatus,
            Supplier<Optional<LeapSecondsList>> leapSecondsList) {
        own = served;
        leapSeconds = leapSecondsList;
        followed = Optional.of(clockStatus);
    }

    /** From now on {@code heard} is told, on this thread, how the sources stand after each round. */
    void onStatus(Consumer<SourcesStatus> heard) {
        listener = heard;
    }

    private long clockUpdates() {
        return followedUpdates
                + followed.map(status -> status.get().edgesUsed()).orElse(0L);
    }

    /** The thread was told to end: it does so at once. */
    void onInterrupted() {
        sockets.wake();
    }

    /** The servers as they stand, at most a second old. Any thread may ask. */
    SourcesStatus status() {
        return status;
    }

    /** Time did not go on as the clock that nobody steers shows: a leap second, or a sleep of the machine. Any thread may tell. */
    void forget() {
        orForget(post(sources::forget));
    }

    /** What cannot be told makes all samples void. */
    private void orForget(boolean told) {
        if (!told) {
            missed = true;
        }
    }

    private boolean post(Runnable task) {
        boolean taken = tasks.offer(task);
        sockets.wake();
        return taken;
    }

    /** From a thread that has nothing else to do; ends with the daemon. */
    private void postPatiently(Runnable task) {
        try {
            tasks.put(task);
            sockets.wake();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the thread do something with the sources, and waits for the outcome; a sentence of its own when that takes too long. */
    <T> T ask(Function<Sources, T> question, T otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!post(() -> answer.complete(question.apply(sources)))) {
            return otherwise;
        }
        try {
            return answer.get(COMMAND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException e) {
            return otherwise;
        }
    }

    @Override
    public void run() {
        try {
            readFiles();
            while (!Thread.currentThread().isInterrupted()) {
                goRound();
            }
        } finally {
            end();
        }
    }

    /** The daemon may be about to end in good order: a fault now must not end it otherwise. */
    private void end() {
        try {
            sockets.close();
            sources.keysToKeep().forEach(savedCookies::keep);
        } catch (RuntimeException e) {
            Logger.error(e, "servers: a fault of this program; cookies of NTS servers are not kept");
        }
    }

    private void readFiles() {
        try {
            reloadFiles();
        } catch (RuntimeException e) {
            Logger.error(e, "servers: a fault of this program; the files of 'sourcedir' are not read");
        }
    }

    /** Reads the files of {@code sourcedir}: asks servers that are new there, and those that are gone no more. On this thread. */
    void reloadFiles() {
        SourceFiles read =
                SourceFiles.read(new DiskConfigFiles(), config.serverRules().directories(), config.keys());
        read.problems().forEach(Logger::warn);
        fromFiles.forEach((known, added) -> {
            if (!read.servers().contains(known)) {
                sources.remove(added);
            }
        });
        Map<ServerConfig, SourceConfig> now = new HashMap<>();
        for (ServerConfig server : read.servers()) {
            SourceConfig asked = fromFiles.get(server);
            SourceConfig line = ServerLines.config(server, config.serverRules());
            if (asked != null || sources.add(line)) {
                now.put(server, asked == null ? line : asked);
            } else {
                Logger.warn("{} of a file of 'sourcedir' is asked already: keep one of them", server.name());
            }
        }
        fromFiles = Map.copyOf(now);
    }

    private void goRound() {
        try {
            long raw = pair.get().rawNanos();
            if (raw >= addressesRawNanos) {
                addressesRawNanos = raw + ADDRESSES_NANOS;
                ownReferenceIds = HostNames.referenceIds();
            }
            long due = raw < restsUntilRawNanos ? restsUntilRawNanos : sources.onTime();
            Moment now = pair.get();
            forgetWhatWasMissed(now);
            localRate.on(now);
            followed.map(Supplier::get)
                    .ifPresent(status -> sources.onClock(
                            localRate.ppb(),
                            status.state().isSynchronised(),
                            status.leap().atUnixSeconds()));
            sources.onSurroundings(surroundings(now));
            countFollowed();
            status = new SourcesStatus(sources.status(localRate.ppb()), sources.decisions(), sources.disagreement());
            listener.accept(status);
            tellLosses(now.rawNanos());
            await(Math.clamp(due - now.rawNanos(), 0, LONGEST_WAIT_NANOS));
        } catch (RuntimeException e) {
            // The servers go without a vote until they are measured anew; nothing else may suffer from it.
            Logger.error(e, "servers: a fault of this program; their samples are forgotten");
            restsUntilRawNanos = pair.get().rawNanos() + AFTER_FAULT_NANOS;
            forgetAfterFault();
        }
    }

    private void forgetWhatWasMissed(Moment now) {
        if (missed) {
            missed = false;
            sources.onStepped(ClockStep.of(0, Long.MIN_VALUE, now));
            sources.forget();
        }
    }

    private void tellLosses(long rawNanos) {
        long lost = lostReadings();
        if (lost != toldLost && rawNanos - toldLostRawNanos >= LOSS_TOLD_NANOS) {
            Logger.warn(
                    "{} readings of reference clocks were lost, as they come faster than they can be used: look who writes to their sockets",
                    lost - toldLost);
            toldLost = lost;
            toldLostRawNanos = rawNanos;
        }
        for (ReferenceClock clock : sources.clocks()) {
            if (clock.unusedInARow() == 0 && toldUnused.remove(clock)) {
                Logger.info("reference clock {}: its readings are used again", clock.shownName());
            } else if (clock.unusedInARow() >= UNUSED_TO_TELL && toldUnused.add(clock)) {
                Logger.warn(
                        "reference clock {}: {} readings in a row were not used: {}",
                        clock.shownName(),
                        clock.unusedInARow(),
                        clock.trouble());
            }
        }
    }

    private ReferenceClock.Surroundings surroundings(Moment now) {
        SystemVariables served = own.get();
        return new ReferenceClock.Surroundings(
                served.isSynchronised(),
                (double) served.rootDistanceNanos(now.localNanos()),
                served.leapIndicator(),
                followed.map(status -> status.get().leap().taiMinusUtcSeconds()).orElse(0),
                leapSeconds.get());
    }

    private void forgetAfterFault() {
        try {
            sources.forget();
        } catch (RuntimeException e) {
            // What was agreed is withdrawn before anything else; the next round begins anew.
            Logger.error(e, "servers: a fault of this program; their samples are not forgotten");
        }
    }

    /** A clock without receiver is set by servers: that counts for those who wait until it was. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes it
    private void countFollowed() {
        Lead lead = agreed.lead();
        if (lead != null
                && lead.newestRawNanos() != followedRawNanos
                && own.get().isFromServers()) {
            followedRawNanos = lead.newestRawNanos();
            followedUpdates++;
        }
    }

    /** For answers, for what other threads ask, or for so long. */
    private void await(long nanos) {
        sockets.await(nanos);
        for (Map.Entry<Association, ClientSocket> entry : new ArrayList<>(underWay.entrySet())) {
            if (entry.getValue().isReady()) {
                hear(entry.getKey(), entry.getValue());
            }
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void hear(Association association, ClientSocket socket) {
        // First the stamps of leaving: the answers are measured with them.
        int departures = sockets.readDepartures(socket);
        for (int i = 0; i < departures; i++) {
            if (sockets.departureNanos(i) != ClientSockets.NO_STAMP) {
                association.onDeparture(
                        sockets.departedLong(i, TRANSMIT_STAMP), clock.ofKernelStamp(sockets.departureNanos(i)));
            }
        }
        SourceAddress local = addressOf(socket.local().getAddress());
        NtpPacket packet = new NtpPacket(sockets.packets(), 0, 0);
        int count = sockets.receive(socket);
        for (int slot = 0; slot < count; slot++) {
            packet.wrap(sockets.packets(), sockets.packetStart(slot), sockets.length(slot));
            long stamp = sockets.arrivalNanos(slot);
            boolean byKernel = stamp != ClientSockets.NO_STAMP;
            long samples = association.goodAnswers();
            association.onReply(
                    packet, byKernel ? clock.ofKernelStamp(stamp) : clock.nanos(), byKernel, own.get(), local, world);
            if (association.goodAnswers() != samples) {
                sources.onAnswered(association);
            }
        }
        if (socket.isUnreachable()) {
            sources.onUnreachable(association);
        }
    }

    static SourceAddress addressOf(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String plain = scope < 0 ? text : text.substring(0, scope);
        String shown = IpAddress.parse(plain).map(IpAddress::toString).orElse(plain);
        return SourceAddress.of(address.getAddress(), scope < 0 ? shown : shown + text.substring(scope));
    }

    private void resolved(String name, List<InetAddress> addresses) {
        sources.onResolved(
                name,
                addresses.stream().map(SourcesService::addressOf).distinct().toList());
    }

    /** The network, the resolver, the clocks, and chance. */
    private final class World implements Outside {
        @Override
        public long random() {
            return random.nextLong();
        }

        @Override
        public Moment now() {
            return pair.get();
        }

        @Override
        public boolean send(Association to, byte[] request) {
            try {
                InetSocketAddress server = new InetSocketAddress(
                        InetAddress.ofLiteral(to.ntpAddress().text()), to.ntpPort());
                ClientSocket socket = sockets.open(server);
                underWay.put(to, socket);
                return sockets.send(socket, request);
            } catch (UdpSocketException | IllegalArgumentException e) {
                Logger.debug("{} is not asked: {}", to.address().text(), e.getMessage());
                return false;
            }
        }

        @Override
        public void hangUp(Association of) {
            ClientSocket socket = underWay.remove(of);
            if (socket != null) {
                sockets.close(socket);
            }
        }

        @Override
        public Set<Integer> ownReferenceIds() {
            return ownReferenceIds;
        }

        @Override
        public void lookUp(String name) {
            // Of its own: a resolver that does not answer would hold up all virtual threads.
            Thread.ofPlatform().daemon().name("lookup").start(() -> {
                List<InetAddress> found = find(name);
                postPatiently(() -> resolved(name, found));
            });
        }

        @Override
        public void establish(Association with, boolean withoutGcmSiv) {
            SourceOptions.Nts nts = with.options().nts().orElseThrow();
            Thread.ofPlatform().daemon().name("nts-client").start(() -> {
                NtsKeyClient.Outcome outcome = outcome(with, nts, withoutGcmSiv);
                postPatiently(() -> established(with, outcome));
            });
        }

        /** Whatever fails there fails as a connection does: one that is waited for for ever would be asked no more. */
        private NtsKeyClient.Outcome outcome(Association with, SourceOptions.Nts nts, boolean withoutGcmSiv) {
            try {
                InetSocketAddress server = new InetSocketAddress(
                        InetAddress.ofLiteral(with.address().text()), nts.port());
                return keyClient.establish(with.config().name(), server, nts.certificateSet(), withoutGcmSiv);
            } catch (RuntimeException e) {
                Logger.warn(
                        e,
                        "{}: keys for NTS cannot be established",
                        with.config().name());
                return new NtsKeyClient.Outcome.Failure(false, "a fault of this program (" + e + ")");
            }
        }

        @Override
        public Optional<NtsKeys> savedKeys(Association of) {
            return savedCookies.take(of);
        }
    }

    private void established(Association with, NtsKeyClient.Outcome outcome) {
        switch (outcome) {
            case NtsKeyClient.Outcome.Keys(NtsKeys keys) -> sources.onKeys(with, keys);
            case NtsKeyClient.Outcome.Failure failure -> {
                Logger.debug("no keys for NTS from {}: {}", with.config().name(), failure.why());
                sources.onNoKeys(with, failure.connected(), failure.why());
            }
        }
    }

    static List<InetAddress> find(String name) {
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            Logger.debug("{} has no address now", name);
            return List.of();
        }
    }
}
