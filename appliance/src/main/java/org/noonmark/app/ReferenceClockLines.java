package org.noonmark.app;

import org.noonmark.provisioning.ReferenceClockConfig;
import org.noonmark.provisioning.ServerConfig;
import org.noonmark.provisioning.ServerRules;
import org.noonmark.sources.ReferenceClockOptions;
import org.noonmark.sources.SourceOptions;

/** From what the owner wrote of a clock at this machine to what is made of its readings. */
final class ReferenceClockLines {
    /** chrony's least delay. */
    private static final double LEAST_DELAY_NANOS = 1;

    private ReferenceClockLines() {}

    /**
     * The options of a line.
     *
     * @param rules what holds where the line says nothing else
     * @param precisionNanos of this machine's clock
     */
    static ReferenceClockOptions options(ReferenceClockConfig line, ServerRules rules, double precisionNanos) {
        ReferenceClockConfig.Pulses pulses = line.pulses();
        SourceOptions.Limits usual = SourceOptions.DEFAULTS.limits();
        return new ReferenceClockOptions(
                line.referenceId(),
                line.pollLog2Seconds(),
                line.filter(),
                line.offsetNanos(),
                Math.max(LEAST_DELAY_NANOS, (double) line.delayNanos()),
                Math.max(1, line.precisionNanos().orElse(precisionNanos)),
                (double) line.maxDispersionNanos(),
                line.stratum(),
                line.tai(),
                new ReferenceClockOptions.Pulses(
                        pulses.always(), pulses.lock(), pulses.hertz(), pulses.maxLockAge(), pulses.widthNanos()),
                new SourceOptions.Limits(
                        usual.maxDelayNanos(),
                        usual.maxDelayRatio(),
                        usual.maxDelayDevRatio(),
                        line.minSamples().orElse(rules.minSamples()),
                        line.maxSamples().orElse(rules.maxSamples()),
                        usual.maxDelayQuantile(),
                        usual.filterPolls(),
                        usual.asymmetry()),
                new SourceOptions.Choice(
                        line.flags().contains(ServerConfig.Flag.PREFER),
                        line.flags().contains(ServerConfig.Flag.NOSELECT),
                        line.flags().contains(ServerConfig.Flag.TRUST),
                        line.flags().contains(ServerConfig.Flag.REQUIRE)));
    }
}
