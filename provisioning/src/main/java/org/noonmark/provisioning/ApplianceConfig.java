package org.noonmark.provisioning;

import java.util.List;
import java.util.Optional;

/**
 * The daemon's settings, checked; every value is in the range that its directive states ({@code noonmark config explain}).
 *
 * @param port UDP port of the NTP server; 0: serve nobody
 * @param bindAddress4 IPv4 address to listen on; empty: all
 * @param bindAddress6 IPv6 address to listen on; empty: all
 * @param accessRules in the order of the file; empty: nobody is answered
 * @param keys shared with clients and servers, each id once; empty: requests with a MAC are not answered
 * @param rateLimit empty: clients are answered as often as they ask
 * @param clientLog whether clients are remembered at all
 * @param clientLogBytes memory for that and for interleaved mode, at most
 * @param cookieKeys how the keys are kept that NTS cookies are sealed with
 * @param broadcasts where time is sent unasked
 * @param receivers at most one for now; empty: the time is never proven
 * @param referenceClocks other clocks at this machine, which vote as servers do
 * @param servers other clocks that vote on the receiver; empty: nobody does
 * @param serverRules when they are believed
 * @param tripwire when a receiver is no longer believed
 * @param makeStep empty: never step after the clock was first set
 * @param local empty: when holdover ends, the server says that it is unsynchronised
 * @param manual whether time is taken that a person types
 * @param holdoverLimitNanos error from which on a clock in holdover is no longer served, at most 1 s
 * @param rtcSync whether the kernel is told when the time is proven, and so copies it to the real-time clock
 * @param driftFile empty: the frequency is learned anew at each start
 * @param leapSecondsList absolute path of a leap-seconds.list; empty: TAI minus UTC is not known from there
 * @param leapSecondsZone name of a time zone with leap seconds; empty: there is none
 * @param leapSecondMode how the clock passes a leap second
 * @param logs chrony's log files
 * @param recording absolute path of the file that gets what the clock is decided from; empty: nothing is recorded
 * @param controlSocket absolute path of the daemon's control socket
 * @param maxClockErrorPpb how fast the clock may wander from what was last measured, in parts per billion; adds to the root dispersion
 * @param clockLimits how far frequency and slews may go
 * @param tempComp what is known of the crystal's temperature; empty: the pulses teach it, with the processor's sensor
 * @param realtimePriority of the threads on which the time depends, 1 to 99; 0: they are ordinary threads
 * @param ntpCores processor cores that serve NTP; empty: any
 * @param lockMemory whether the process stays out of swap
 * @param xdp whose requests pass the kernel's UDP stack by; empty: nobody's
 * @param frontPanel empty: there are no lamps
 * @param nts how keys for NTS are established
 */
public record ApplianceConfig(
        int port,
        Optional<IpAddress> bindAddress4,
        Optional<IpAddress> bindAddress6,
        List<AccessRule> accessRules,
        List<SymmetricKey> keys,
        Optional<RateLimitConfig> rateLimit,
        boolean clientLog,
        int clientLogBytes,
        CookieKeysConfig cookieKeys,
        List<BroadcastConfig> broadcasts,
        List<ReceiverConfig> receivers,
        List<ReferenceClockConfig> referenceClocks,
        List<ServerConfig> servers,
        ServerRules serverRules,
        TripwireConfig tripwire,
        Optional<MakeStep> makeStep,
        Optional<LocalReference> local,
        boolean manual,
        long holdoverLimitNanos,
        boolean rtcSync,
        Optional<DriftFile> driftFile,
        Optional<String> leapSecondsList,
        Optional<String> leapSecondsZone,
        LeapSecondMode leapSecondMode,
        LogConfig logs,
        Optional<String> recording,
        String controlSocket,
        long maxClockErrorPpb,
        ClockLimits clockLimits,
        Optional<TempComp> tempComp,
        int realtimePriority,
        List<Integer> ntpCores,
        boolean lockMemory,
        Optional<XdpConfig> xdp,
        Optional<FrontPanelConfig> frontPanel,
        NtsConfig nts) {
    /** Copies the lists. */
    public ApplianceConfig {
        accessRules = List.copyOf(accessRules);
        keys = List.copyOf(keys);
        broadcasts = List.copyOf(broadcasts);
        receivers = List.copyOf(receivers);
        referenceClocks = List.copyOf(referenceClocks);
        ntpCores = List.copyOf(ntpCores);
        servers = List.copyOf(servers);
    }
}
