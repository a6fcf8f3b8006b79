package org.noonmark.cli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.AgreedTime;
import org.noonmark.sources.Association;
import org.noonmark.sources.LocalClock;
import org.noonmark.sources.Moment;
import org.noonmark.sources.NtsKeys;
import org.noonmark.sources.Outside;
import org.noonmark.sources.SelectionRules;
import org.noonmark.sources.SourceAddress;
import org.noonmark.sources.SourceConfig;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.Sources;
import org.noonmark.sources.Takeover;

/** Our client in a simulated network: the daemon's own {@link Sources} and {@link Takeover}, without sockets and threads. */
final class OurSourcesRun implements Outside {
    private static final int PRECISION = -23;
    private static final double MAX_CLOCK_ERROR_PPB = 1_000;
    private static final long SECOND = 1_000_000_000L;
    /** Of requests, as two in a row are never nearer. */
    private static final long LEAST_PAUSE_NANOS = 1_000_000L;

    private static final SourceAddress HERE = SourceAddress.of(new byte[] {10, 0, 0, 99}, "10.0.0.99");

    private final SourcesWorld world;
    private final SplittableRandom chance;
    private final AgreedTime agreed = new AgreedTime(this::now, MAX_CLOCK_ERROR_PPB);
    private final Sources sources;
    private final Takeover takeover = new Takeover(PRECISION, MAX_CLOCK_ERROR_PPB, TimingOptions.Limits.DEFAULTS);
    private final Map<Association, Long> underWay = new HashMap<>();
    private final List<String> lookUps = new ArrayList<>();
    private long order;
    private double frequencyPpb;

    private OurSourcesRun(SourcesNetwork network, long seed) {
        world = new SourcesWorld(network, seed);
        chance = new SplittableRandom(seed);
        SourceOptions usual = SourceOptions.DEFAULTS;
        SourceOptions options = new SourceOptions(
                usual.port(),
                usual.version(),
                0,
                Optional.empty(),
                0,
                0,
                usual.manner(),
                new SourceOptions.Polling(network.minPoll(), network.maxPoll(), 8, true, false, false, false),
                usual.limits(),
                usual.choice());
        List<SourceConfig> configs = new ArrayList<>();
        for (int i = 0; i < network.servers().size(); i++) {
            configs.add(SourceConfig.server(SourcesNetwork.address(i), options));
        }
        sources = new Sources(
                configs,
                SelectionRules.DEFAULTS,
                List.of(),
                new LocalClock(Math.scalb(1e9, PRECISION), MAX_CLOCK_ERROR_PPB, SteeredClock.EPOCH - SECOND),
                Long.MAX_VALUE / 4,
                agreed,
                this);
    }

    /** Errors of the clock, second by second. */
    static double[] errors(SourcesNetwork network, long seed) {
        return new OurSourcesRun(network, seed).run();
    }

    private double[] run() {
        long tick = SECOND;
        long due = goOn();
        while (!world.clock.isOver()) {
            long next = Math.min(tick, Math.min(due, world.nextTrueNanos()));
            world.clock.advanceTo(next);
            if (world.nextTrueNanos() <= next) {
                hear(world.take());
            }
            if (next >= tick) {
                tick += SECOND;
                correct();
            }
            due = goOn();
        }
        return world.clock.errors();
    }

    /** Does what is due; true time of what is due next. */
    private long goOn() {
        long due = sources.onTime();
        while (!lookUps.isEmpty()) {
            String name = lookUps.removeFirst();
            byte last = Byte.parseByte(name.substring(name.lastIndexOf('.') + 1));
            sources.onResolved(name, List.of(SourceAddress.of(new byte[] {10, 0, 0, last}, name)));
            due = sources.onTime();
        }
        return world.clock.trueAfterRaw(Math.max(LEAST_PAUSE_NANOS, due - now().rawNanos()));
    }

    private void correct() {
        Correction correction =
                takeover.onTick(now(), frequencyPpb, new Takeover.Own(false, 0, true, 0), agreed.lead());
        switch (correction) {
            case Correction.Step step -> {
                world.clock.step(step.deltaNanos());
                takeover.onStepped();
            }
            case Correction.Slew slew -> {
                frequencyPpb = slew.frequencyPpb();
                world.clock.steer(frequencyPpb);
                world.clock.slew(slew.nanos());
            }
            case Correction.Steer _, Correction.Refuse _, Correction.Hold _ -> {}
        }
        sources.onClock(0, false, 0);
    }

    private void hear(SourcesWorld.Arrival arrival) {
        Association of = sources.at(SourcesNetwork.address(arrival.server())).orElseThrow();
        Long open = underWay.get(of);
        if (open == null || open != arrival.port()) {
            return;
        }
        NtpPacket packet = new NtpPacket(arrival.packet(), 0, arrival.packet().limit());
        SystemVariables own = takeover.served().orElse(SystemVariables.unsynchronised(PRECISION));
        long good = of.goodAnswers();
        of.onReply(packet, now().localNanos(), true, own, HERE, this);
        if (of.goodAnswers() != good) {
            sources.onAnswered(of);
        }
    }

    @Override
    public long random() {
        return chance.nextLong();
    }

    @Override
    public Moment now() {
        return world.clock.now();
    }

    @Override
    public boolean send(Association to, byte[] request) {
        String address = to.address().text();
        int server = Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)) - 1;
        underWay.put(to, ++order);
        world.send(server, order, request);
        return true;
    }

    @Override
    public void hangUp(Association of) {
        underWay.remove(of);
    }

    @Override
    public void establish(Association with, boolean withoutGcmSiv) {}

    @Override
    public Optional<NtsKeys> savedKeys(Association of) {
        return Optional.empty();
    }

    @Override
    public Set<Integer> ownReferenceIds() {
        return Set.of();
    }

    @Override
    public void lookUp(String name) {
        lookUps.add(name);
    }
}
