package org.noonmark.sim;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Makes the trace of a scenario, as the text that {@link Trace#read} reads. Every component has a stream of random numbers of its own,
 * so that a change of one leaves the others as they were; the same seed gives the same trace.
 */
public final class TraceGenerator {
    private static final double INITIAL_ERROR_SECONDS = 0.1;

    private final Scenario scenario;
    private final long seed;
    private final Warmth warmth;
    private final Crystal crystal;
    private final Edges edges;
    private final Labels labels;

    private TraceGenerator(Scenario scenario, long seed) {
        this.scenario = scenario;
        this.seed = seed;
        warmth = new Warmth();
        crystal = new Crystal();
        edges = new Edges();
        labels = new Labels();
    }

    /** The trace, complete with its notes. */
    public static String text(Scenario scenario, long seed) {
        return new TraceGenerator(scenario, seed).text();
    }

    private String text() {
        StringBuilder text = new StringBuilder(scenario.seconds() * 55);
        text.append("# scenario=").append(scenario.name()).append(" seed=").append(seed);
        text.append("\n# off_s=").append(INITIAL_ERROR_SECONDS);
        text.append("\n# gaps=(").append(gaps()).append(")\nk,f_ppb,pps_ns,q_ns,temp_c,nmea_s,nmea_ms,kind\n");
        for (int k = 0; k < scenario.seconds(); k++) {
            double celsius = warmth.next(k);
            double frequency = crystal.next(warmth.crystal());
            edges.next(k, warmth.isLoaded());
            boolean missing = edges.kind == Edges.MISSING;
            text.append(String.format(
                    Locale.ROOT,
                    "%d,%.6f,%s,%.3f,%.3f,%s,%d\n",
                    k,
                    frequency,
                    missing ? "" : String.format(Locale.ROOT, "%.3f", edges.errorNanos),
                    edges.quantisationNanos,
                    celsius,
                    labels.next(k, missing),
                    edges.kind));
        }
        return text.toString();
    }

    private String gaps() {
        return scenario.outages().stream()
                .map(outage -> "(" + outage.startSecond() + ", " + outage.seconds() + "),")
                .collect(Collectors.joining(" "));
    }

    private NoiseStream stream(String component) {
        return new NoiseStream(scenario.name() + "/" + seed + "/" + component);
    }

    /** The room, the processor, and the board between them, degrees. */
    private final class Warmth {
        private static final double MEAN = 45;
        private static final double RESTLESS_SECONDS = 1_800;
        private static final double PROCESSOR_SECONDS = 8;
        private static final double PROCESSOR_TO_BOARD = 0.35; // part of a load's heat that reaches the crystal
        private static final double PROCESSOR_ABOVE_BOARD = 5;
        private static final double FAN_AT_PROCESSOR = 0.5;
        private static final double START_SECONDS = 300;
        private static final double SENSOR_GRAIN = 0.487; // of the Pi's sensor
        private static final double SENSOR_NOISE = 0.15;

        private final Scenario.Climate climate = scenario.climate();
        private final NoiseStream room = stream("ou");
        private final NoiseStream loads = stream("load");
        private final NoiseStream sensor = stream("sens");
        private final double dailyPhase = 2 * Math.PI * room.uniform();
        private final double heatingPhase = 2 * Math.PI * room.uniform();
        private double restless;
        private boolean loaded;
        private double phaseLeft = 300 + climate.loadSeconds() * loads.exponential();
        private double processor;
        private double fan;
        private double board = Double.NaN;

        /** What the sensor shows. */
        double next(int k) {
            if (climate.load() != 0 || climate.fan() != 0) {
                work();
            }
            processor += ((loaded ? climate.load() : 0) - processor) / PROCESSOR_SECONDS;
            double kept = Math.exp(-1 / RESTLESS_SECONDS);
            restless = kept * restless + climate.restless() * Math.sqrt(1 - kept * kept) * room.gaussian();
            double ambient = climate.daily() * Math.sin(2 * Math.PI * k / 86_400 + dailyPhase)
                    + climate.heating() * Math.sin(2 * Math.PI * k / climate.heatingSeconds() + heatingPhase)
                    + restless
                    - climate.start() * Math.exp(-k / START_SECONDS);
            double target = MEAN + ambient + PROCESSOR_TO_BOARD * processor + fan;
            board = Double.isNaN(board)
                    ? target
                    : board + (target - board) / scenario.crystal().lagSeconds();
            double shown = MEAN + ambient + processor + FAN_AT_PROCESSOR * fan + PROCESSOR_ABOVE_BOARD;
            return Math.floor((shown + SENSOR_NOISE * sensor.gaussian()) / SENSOR_GRAIN + 0.5) * SENSOR_GRAIN;
        }

        private void work() {
            phaseLeft--;
            if (phaseLeft <= 0) {
                loaded = !loaded;
                phaseLeft = 120 + climate.loadSeconds() * loads.exponential();
                fan = loaded && loads.uniform() < 0.5 ? -climate.fan() : 0;
            }
        }

        /** Of the crystal, from the middle. */
        double crystal() {
            return board - MEAN;
        }

        boolean isLoaded() {
            return loaded;
        }
    }

    /** Frequency of the free crystal. */
    private final class Crystal {
        private static final double CONSTANT_PPB = 9_000;
        private static final double WHITE_PPB = 0.1;
        private static final double PPB_PER_DEGREE = -90;
        private static final double PPB_PER_DEGREE_SQUARED = -2;
        private static final int STAGES = 10; // of the flicker, from 4 s to 22 hours, each three times slower
        private static final double STAGE_SHARE = 0.9;

        private final NoiseStream white = stream("wfm");
        private final NoiseStream walk = stream("rw");
        private final NoiseStream flicker = stream("ffm");
        private final double[] stages = new double[STAGES];
        private final double[] kept = new double[STAGES];
        private double flickerAtStart;
        private double walked;

        Crystal() {
            double sigma = STAGE_SHARE * scenario.crystal().flickerPpb();
            for (int i = 0; i < STAGES; i++) {
                kept[i] = Math.exp(-1 / (4 * Math.pow(3, i)));
                stages[i] = sigma * flicker.gaussian();
                flickerAtStart += stages[i];
            }
        }

        double next(double degrees) {
            walked += scenario.crystal().walkPpb() * walk.gaussian();
            double sum = -flickerAtStart;
            double sigma = STAGE_SHARE * scenario.crystal().flickerPpb();
            for (int i = 0; i < STAGES; i++) {
                stages[i] = kept[i] * stages[i] + sigma * Math.sqrt(1 - kept[i] * kept[i]) * flicker.gaussian();
                sum += stages[i];
            }
            return CONSTANT_PPB
                    + walked
                    + sum
                    + WHITE_PPB * white.gaussian()
                    + PPB_PER_DEGREE * degrees
                    + PPB_PER_DEGREE_SQUARED * degrees * degrees;
        }
    }

    /** The edge of each second: how late it is stamped, and why. */
    private final class Edges {
        static final int CLEAN = 0;
        static final int LATE = 1;
        static final int VERY_LATE = 2;
        static final int STRAY = 3;
        static final int MISSING = 4;

        private static final double LATE_SHARE = 0.05;
        private static final double LATE_NANOS = 3_000;
        private static final double VERY_LATE_SHARE = 0.005;
        private static final double VERY_LATE_NANOS = 30_000;
        private static final double WANDER_SECONDS = 900;
        private static final double SAWTOOTH_NANOS = 11; // half width; receivers of u-blox's sixth to eighth generation
        private static final int BURST_SECONDS = 30;

        private final Scenario.Stamps stamps = scenario.stamps();
        private final Scenario.Faults faults = scenario.faults();
        private final NoiseStream jitter = stream("jit");
        private final NoiseStream tails = stream("tail");
        private final NoiseStream receiver = stream("gps");
        private final NoiseStream sawtooth = stream("saw");
        private final NoiseStream bad = stream("bad");
        private double wander = stamps.wanderNanos() * receiver.gaussian();
        private double saw = sawtooth.uniform() * 2 - 1;
        private final double sawStep = 0.02 + 0.2 * sawtooth.uniform();
        private int burstLeft;

        double errorNanos;
        double quantisationNanos;
        int kind;

        void next(int k, boolean loaded) {
            double kept = Math.exp(-1 / WANDER_SECONDS);
            wander = kept * wander + stamps.wanderNanos() * Math.sqrt(1 - kept * kept) * receiver.gaussian();
            saw += sawStep + 0.01 * sawtooth.gaussian();
            saw -= 2 * Math.floor((saw + 1) / 2);
            quantisationNanos = SAWTOOTH_NANOS * saw;
            stamp(loaded ? stamps.underLoad() : 1);
            spoil(k);
        }

        private void stamp(double load) {
            errorNanos = wander + quantisationNanos + load * stamps.jitterNanos() * jitter.gaussian();
            kind = CLEAN;
            double luck = tails.uniform();
            double wait = tails.exponential();
            if (stamps.tails() && luck < LATE_SHARE * load) {
                errorNanos += LATE_NANOS * wait;
                kind = LATE;
            } else if (stamps.tails() && luck > 1 - VERY_LATE_SHARE * load) {
                errorNanos += VERY_LATE_NANOS * wait;
                kind = VERY_LATE;
            }
            errorNanos += (jitter.uniform() - 0.5) * stamps.grainNanos();
        }

        private void spoil(int k) {
            double burst = bad.uniform();
            double missing = bad.uniform();
            double stray = bad.uniform();
            double where = bad.uniform();
            if (burstLeft > 0) {
                burstLeft--;
            } else if (burst < faults.burst()) {
                burstLeft = BURST_SECONDS;
            }
            if (stray < faults.stray()) {
                // Half of them anywhere in the second, half of them a bounce of 20 us to 2 ms.
                errorNanos = where < 0.5 ? (where - 0.5) * 2 * 0.45e9 : 20e3 * Math.pow(10, 4 * (where - 0.5));
                kind = STRAY;
            }
            if (burstLeft > 0 || missing < faults.missing() || isOutage(k)) {
                kind = MISSING;
            }
        }

        private boolean isOutage(int k) {
            return scenario.outages().stream()
                    .anyMatch(outage -> outage.startSecond() <= k && k < outage.startSecond() + outage.seconds());
        }
    }

    /** What the receiver says, and when. */
    private final class Labels {
        private static final double DELAY_MILLIS = 120;
        private static final double DELAY_SIGMA_MILLIS = 15;
        private static final double LEAST_DELAY_MILLIS = 20;

        private final Scenario.Faults faults = scenario.faults();
        private final NoiseStream noise = stream("nmea");

        /** Two columns: seconds that the label is wrong by, empty for no label; its delay. */
        String next(int k, boolean edgeMissing) {
            double wrong = noise.uniform();
            double missing = noise.uniform();
            double delay = Math.max(LEAST_DELAY_MILLIS, DELAY_MILLIS + DELAY_SIGMA_MILLIS * noise.gaussian());
            int seconds = wrong < faults.wrongLabel() ? wrong < faults.wrongLabel() / 2 ? 1 : -1 : 0;
            if (k < faults.wrongLabelSeconds()) {
                seconds = -1;
            }
            boolean silent = missing < faults.missingLabel()
                    || (edgeMissing && !scenario.outages().isEmpty());
            return String.format(Locale.ROOT, "%s,%.1f", silent ? "" : String.valueOf(seconds), delay);
        }
    }
}
