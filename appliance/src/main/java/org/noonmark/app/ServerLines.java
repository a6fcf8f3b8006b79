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
        return config.servers().stream()
                .map(server -> config(server, config.serverRules()))
                .toList();
    }

    /** @param rules what holds where the line says nothing else */
    static SourceConfig config(ServerConfig server, ServerRules rules) {
        ServerConfig.Shaping shaping = server.shaping();
        SourceOptions options = new SourceOptions(
                server.port(),
                server.version(),
                server.keyId(),
                server.nts()
                        .map(nts -> new SourceOptions.Nts(
                                nts.port(), nts.certificateSet(), rules.ntsRefreshSeconds() * 1_000_000_000L)),
                server.offsetNanos(),
                server.minStratum(),
                new SourceOptions.Manner(
                        server.role() == ServerConfig.Role.PEER,
                        server.flags().contains(ServerConfig.Flag.XLEAVE),
                        server.flags().contains(ServerConfig.Flag.COPY),
                        shaping.presendLog2().orElse(SourceOptions.Manner.NO_PRESEND),
                        family(server)),
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
                        server.minSamples().orElse(rules.minSamples()),
                        server.maxSamples().orElse(rules.maxSamples()),
                        shaping.maxDelayQuantile(),
                        shaping.filterPolls(),
                        shaping.asymmetry()),
                new SourceOptions.Choice(
                        server.flags().contains(ServerConfig.Flag.PREFER),
                        server.flags().contains(ServerConfig.Flag.NOSELECT),
                        server.flags().contains(ServerConfig.Flag.TRUST),
                        server.flags().contains(ServerConfig.Flag.REQUIRE)));
        boolean pool = server.role() == ServerConfig.Role.POOL;
        return new SourceConfig(server.name(), pool, server.maxSources(), options);
    }

    private static SourceOptions.Family family(ServerConfig server) {
        if (server.flags().contains(ServerConfig.Flag.IPV4)) {
            return SourceOptions.Family.IPV4;
        }
        return server.flags().contains(ServerConfig.Flag.IPV6) ? SourceOptions.Family.IPV6 : SourceOptions.Family.ANY;
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
