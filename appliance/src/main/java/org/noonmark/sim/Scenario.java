package org.noonmark.sim;

import java.util.Arrays;
import java.util.List;

/**
 * What a simulated day is made of: crystal, warmth, stamps of the edges, faults. Of plausible sizes for a Raspberry Pi, taken from
 * reports and data sheets, not measured on one.
 *
 * @param name of the scenario
 * @param seconds its length
 * @param outages stretches without edges
 */
public record Scenario(
        String name,
        int seconds,
        Crystal crystal,
        Climate climate,
        Stamps stamps,
        Faults faults,
        List<Trace.Outage> outages) {
    private static final int DAY = 86_400;

    /**
     * The crystal beside white noise of 0.1 ppb, 9 ppm off, -90 ppb and -2 ppb per degree and degree squared around 45 degrees.
     *
     * @param walkPpb random walk of the frequency, ppb per square root of a second
     * @param flickerPpb floor of the Allan deviation
     * @param lagSeconds how far the crystal's warmth lags behind the board's
     */
    public record Crystal(double walkPpb, double flickerPpb, double lagSeconds) {
        static Crystal walking(double walkPpb) {
            return new Crystal(walkPpb, 0.2, 120);
        }
    }

    /**
     * Warmth around and of the board, degrees (amplitudes, or one sigma).
     *
     * @param daily of day and night
     * @param heating of a heating or cooling that switches
     * @param heatingSeconds its period
     * @param restless one sigma of what comes and goes over half an hour
     * @param start how much colder the board is when switched on
     * @param load by how much a load heats the processor
     * @param loadSeconds how long loads and pauses last on average
     * @param fan by how much a fan cools the board, which starts with every other load
     */
    public record Climate(
            double daily,
            double heating,
            double heatingSeconds,
            double restless,
            double start,
            double load,
            double loadSeconds,
            double fan) {
        static final Climate STEADY = new Climate(0, 0, 5_400, 0, 0, 0, 1_200, 0);

        static Climate ofRoom(double daily, double heating, double heatingSeconds, double restless) {
            return new Climate(daily, heating, heatingSeconds, restless, 0, 0, 1_200, 0);
        }
    }

    /**
     * How edges are stamped.
     *
     * @param jitterNanos Gaussian part, one sigma
     * @param tails whether 5 % wait another 3 us and 0.5 % another 30 us, exponentially spread
     * @param wanderNanos slow wander of the receiver's time, one sigma
     * @param grainNanos of the counter that stamps
     * @param underLoad factor on jitter and tails while a load runs
     */
    public record Stamps(double jitterNanos, boolean tails, double wanderNanos, double grainNanos, double underLoad) {
        static Stamps ofInterrupt(double jitterNanos) {
            return new Stamps(jitterNanos, true, 8, 18.5, 1);
        }
    }

    /**
     * What goes wrong, as chances per second.
     *
     * @param missing no edge
     * @param burst beginning of half a minute without
     * @param stray a false edge in the place of the true one
     * @param wrongLabelSeconds so long after the start every label is a second behind
     * @param wrongLabel a label one second off
     * @param missingLabel no label
     */
    public record Faults(
            double missing, double burst, double stray, int wrongLabelSeconds, double wrongLabel, double missingLabel) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0);
    }

    /** All, in the order in which they are told. */
    public static final List<Scenario> ALL = List.of(
            day("quiet", Crystal.walking(0.1), Climate.STEADY, new Stamps(200, false, 8, 18.5, 1)),
            day("irqtail", Crystal.walking(0.3), Climate.STEADY, Stamps.ofInterrupt(500)),
            day("rwstrong", new Crystal(2, 1, 120), Climate.STEADY, Stamps.ofInterrupt(1_000)),
            day("tempcycle", Crystal.walking(0.2), Climate.ofRoom(0, 3.3, 5_400, 0.1), Stamps.ofInterrupt(500)),
            day(
                    "faststep",
                    new Crystal(0.3, 0.2, 45),
                    new Climate(0, 0, 5_400, 0, 0, 14, 1_500, 3),
                    new Stamps(500, true, 8, 18.5, 1.6)),
            new Scenario(
                    "hold1h",
                    2 * DAY,
                    Crystal.walking(0.1),
                    Climate.ofRoom(1.5, 0.6, 2_700, 0.3),
                    Stamps.ofInterrupt(500),
                    Faults.NONE,
                    hourlyOutages()),
            new Scenario(
                    "hold24h",
                    2 * DAY + 3_600,
                    Crystal.walking(0.05),
                    Climate.ofRoom(2.5, 0.6, 2_700, 0.3),
                    Stamps.ofInterrupt(500),
                    Faults.NONE,
                    List.of(new Trace.Outage(DAY, DAY))),
            new Scenario(
                    "coldstart",
                    3_600,
                    Crystal.walking(0.3),
                    new Climate(0, 0, 5_400, 0, 12, 0, 1_200, 0),
                    Stamps.ofInterrupt(500),
                    Faults.NONE,
                    List.of()),
            new Scenario(
                    "badpulse",
                    6 * 3_600,
                    Crystal.walking(0.3),
                    Climate.STEADY,
                    Stamps.ofInterrupt(500),
                    new Faults(0.02, 1.0 / 1_800, 0.004, 45, 0.002, 0.02),
                    List.of()),
            day("hwstamp", Crystal.walking(0.1), Climate.STEADY, new Stamps(4, false, 6, 8, 1)));

    public Scenario {
        outages = List.copyOf(outages);
    }

    private static Scenario day(String name, Crystal crystal, Climate climate, Stamps stamps) {
        return new Scenario(name, DAY, crystal, climate, stamps, Faults.NONE, List.of());
    }

    /** After half a day, and not in step with the heating. */
    private static List<Trace.Outage> hourlyOutages() {
        Trace.Outage[] outages = new Trace.Outage[11];
        Arrays.setAll(outages, i -> new Trace.Outage(DAY / 2 + 11_311 * i, 3_600));
        return List.of(outages);
    }
}
