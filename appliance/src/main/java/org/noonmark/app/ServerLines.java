package org.noonmark.app;

import java.util.List;
import java.util.Optional;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.LocalReference;
import org.noonmark.provisioning.ServerConfig;
import org.noonmark.provisioning.ServerRules;
import org.noonmark.sources.SelectionRules;
import org.noonmark.sources.SourceConfig;
import org.noonmark.sources.SourceOptions;

/** From what the owner wrote of servers to what the client takes. */
final class ServerLines {
    private ServerLines() {}

    static List<SourceConfig> configs(ApplianceConfig config) {
        long refresh = config.serverRules().ntsRefreshSeconds();
        return config.servers().stream().map(server -> config(server, refresh)).toList();
    }

    /** @param ntsRefreshSeconds keys for NTS are not used for longer */
    static SourceConfig config(ServerConfig server, long ntsRefreshSeconds) {
        SourceOptions options = new SourceOptions(
                server.port(),
                server.version(),
                server.keyId(),
                server.nts()
                        .map(nts -> new SourceOptions.Nts(
                                nts.port(), nts.certificateSet(), ntsRefreshSeconds * 1_000_000_000L)),
                server.offsetNanos(),
                server.minStratum(),
                new SourceOptions.Polling(
                        server.minPollLog2(),
                        server.maxPollLog2(),
                        server.pollTarget(),
                        server.flags().contains(ServerConfig.Flag.IBURST),
                        server.flags().contains(ServerConfig.Flag.BURST),
                        server.flags().contains(ServerConfig.Flag.OFFLINE),
                        server.flags().contains(ServerConfig.Flag.AUTO_OFFLINE)),
                new SourceOptions.Limits(
                        server.maxDelayNanos(),
                        server.maxDelayRatio(),
                        server.maxDelayDevRatio(),
                        server.minSamples(),
                        server.maxSamples()),
                new SourceOptions.Choice(
                        server.flags().contains(ServerConfig.Flag.PREFER),
                        server.flags().contains(ServerConfig.Flag.NOSELECT),
                        server.flags().contains(ServerConfig.Flag.TRUST),
                        server.flags().contains(ServerConfig.Flag.REQUIRE)));
        return new SourceConfig(server.name(), server.pool(), server.maxSources(), options);
    }

    static SelectionRules rules(ServerRules rules, Optional<LocalReference> local) {
        return new SelectionRules(
                rules.maxDistanceNanos(),
                rules.maxJitterNanos(),
                rules.minSources(),
                rules.stratumWeightNanos(),
                rules.reselectNanos(),
                rules.combineLimit(),
                SelectionRules.Authenticated.valueOf(rules.authSelectMode().name()),
                local.filter(LocalReference::orphan)
                        .map(LocalReference::stratum)
                        .orElse(0));
    }
}
