package org.noonmark.sources;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.SymmetricKey;

/**
 * All servers of the configuration: looks up their names, asks each when it is due, replaces those that are of no use; and the clocks at this
 * machine, whose readings come from outside. Lets {@link Selection} decide. Used by one thread; what it agrees on goes to the timing thread
 * by {@link AgreedTime}.
 */
public final class Sources {
    /** At once after a start, several servers are asked this far apart, and never nearer. */
    private static final long SEPARATION_NANOS = 2_000_000L;

    private static final long SECOND = 1_000_000_000L;
    /** A name is not looked up more often than this to replace a server, spread by chance up to it. */
    private static final long REPLACEMENT_NANOS = 3_600 * SECOND;

    /** So many selections in a row that find a server wrong have it replaced. */
    private static final int WRONG_TO_REPLACE = 4;

    private static final long SELECTION_NANOS = 64 * SECOND;

    private final List<SourceLine> lines = new ArrayList<>();
    private final List<ReferenceClock> clocks = new ArrayList<>();
    private final List<SymmetricKey> keys;
    private final MacAuthenticator macs;
    private final LocalClock clock;
    private final CrystalRate rate = new CrystalRate();
    private final LocalTrack track = new LocalTrack();
    private final SelectionRules rules;
    private final Selection selection;
    private final AgreedTime agreed;
    private final Outside outside;
    private final long refreshNanos;
    private long lastSentRawNanos;
    private long decidedRawNanos;
    private long leapRawNanos = Long.MAX_VALUE;
    private long decisions;
    private boolean wasProven;
    private double trueRatePpb = Double.NaN;
    private ReferenceClock.Surroundings around = ReferenceClock.Surroundings.NONE;

    /**
     * Nothing is sent before the first {@link #onTime}.
     *
     * @param keys those that sources may name
     * @param refreshNanos names are looked up again after so long
     * @param agreed is told what the servers agree on
     */
    public Sources(
            List<SourceConfig> configs,
            SelectionRules rules,
            List<SymmetricKey> keys,
            LocalClock clock,
            long refreshNanos,
            AgreedTime agreed,
            Outside outside) {
        this.keys = List.copyOf(keys);
        this.rules = rules;
        macs = new MacAuthenticator(keys);
        this.clock = clock;
        this.refreshNanos = refreshNanos;
        this.agreed = agreed;
        this.outside = outside;
        selection = new Selection(rules, clock.maxErrorPpb());
        Moment now = outside.now();
        configs.forEach(config -> lines.add(new SourceLine(config, now.rawNanos())));
        lastSentRawNanos = now.rawNanos() - SEPARATION_NANOS;
        decidedRawNanos = now.rawNanos();
    }

    /** Does what is due; when there is something again, raw time. */
    public long onTime() {
        Moment now = outside.now();
        track.on(now);
        long raw = now.rawNanos();
        for (SourceLine line : lines) {
            if (line.isLookUpDue(raw)) {
                outside.lookUp(line.config().name());
                line.onLookUp(raw);
            }
            for (Association association : line.associations()) {
                if (association.isRequestDue(raw)) {
                    ask(line, association);
                } else if (association.dueRawNanos() <= raw) {
                    association.hangUp(outside);
                }
            }
        }
        for (ReferenceClock clock : clocks) {
            if (clock.dueRawNanos() <= raw) {
                poll(clock, now);
            }
        }
        if (raw - decidedRawNanos >= SELECTION_NANOS) {
            decide(null);
        }
        return nextDue();
    }

    private void poll(ReferenceClock clock, Moment now) {
        int reachBefore = clock.reach();
        if (clock.onPoll(now)) {
            decide(clock);
        } else if (reachBefore != 0 && clock.reach() == 0) {
            decide(null);
        }
    }

    /** Adds a clock at this machine, which is used from its first reading on. */
    public ReferenceClock add(ReferenceClockOptions options) {
        ReferenceClock added = new ReferenceClock(
                options, clock, track, rate, this::clock, outside.now().rawNanos());
        clocks.add(added);
        return added;
    }

    private Optional<ReferenceClock> clock(String name) {
        return clocks.stream().filter(each -> each.shownName().equals(name)).findFirst();
    }

    /** The clocks at this machine. */
    public List<ReferenceClock> clocks() {
        return List.copyOf(clocks);
    }

    /** The clock was read; that was heard of at {@code heard}, which is not long ago. */
    public void onReading(ReferenceClock of, ClockReading reading, Moment heard) {
        track.on(heard);
        of.onReading(reading, heard, around);
    }

    /** The local clock was stepped. What is heard of from then on is told after this. */
    public void onStepped(ClockStep step) {
        track.onStepped(step);
        clocks.forEach(clock -> clock.onStepped(step));
    }

    /** What numbers pulses that lock to no other clock, and how far TAI is from UTC. */
    public void onSurroundings(ReferenceClock.Surroundings now) {
        around = now;
    }

    private long nextDue() {
        long due = decidedRawNanos + SELECTION_NANOS;
        for (SourceLine line : lines) {
            due = Math.min(due, line.dueRawNanos());
        }
        for (ReferenceClock each : clocks) {
            due = Math.min(due, each.dueRawNanos());
        }
        return due;
    }

    private void ask(SourceLine line, Association association) {
        Moment now = outside.now();
        long earliest = lastSentRawNanos + SEPARATION_NANOS;
        if (now.rawNanos() < earliest) {
            association.waitUntil(earliest);
            return;
        }
        int reachBefore = association.reach();
        association.ask(now, selection.isBest(association), outside);
        lastSentRawNanos = now.rawNanos();
        if (association.isUnreachable() || (association.isDead() && !association.wasHeard())) {
            replaceByUntried(line, association, now.rawNanos());
        } else if (association.isDead()) {
            replace(line, association, now.rawNanos());
        }
        if (association.reach() != reachBefore && association.reach() == 0) {
            decide(null);
        }
    }

    /** An answer was handed to {@code association}: decides anew when there is a new sample. */
    public void onAnswered(Association association) {
        if (association.lastReply() != null) {
            decide(association);
        }
    }

    /** Keys for NTS were established with {@code association}. */
    public void onKeys(Association association, NtsKeys keys) {
        association.onKeys(keys, false, outside.now().rawNanos());
    }

    /** They were not: {@code connected} tells whether there was a connection at all, {@code why} is one phrase. */
    public void onNoKeys(Association association, boolean connected, String why) {
        long raw = outside.now().rawNanos();
        association.onNoKeys(connected, why, raw);
        for (SourceLine line : lines) {
            if (!connected && line.has(association) && !association.wasHeard()) {
                replaceByUntried(line, association, raw);
            }
        }
    }

    /** Keys and cookies that may be kept for the next run, by server. */
    public Map<Association, NtsKeys> keysToKeep() {
        long raw = outside.now().rawNanos();
        Map<Association, NtsKeys> kept = new HashMap<>();
        for (Association association : associations()) {
            CookieStore store = association.cookies();
            if (store != null) {
                store.kept(raw).ifPresent(keys -> kept.put(association, keys));
            }
        }
        return kept;
    }

    /** The network has said that {@code association} cannot be reached. */
    public void onUnreachable(Association association) {
        association.onUnreachable();
        for (SourceLine line : lines) {
            if (line.has(association) && association.isUnreachable()) {
                replaceByUntried(line, association, outside.now().rawNanos());
            }
        }
    }

    /**
     * How this machine's clock stands.
     *
     * @param localRatePpb how fast it runs against raw time
     * @param proven whether it follows UTC without the servers
     * @param leapUnixSeconds the midnight of the next known leap second, or of the last one; 0: none is known
     */
    public void onClock(double localRatePpb, boolean proven, long leapUnixSeconds) {
        if (wasProven && !proven) {
            // Who is to be followed now must be heard first.
            burst(association -> association.mode() == Association.Mode.ONLINE, 1, 2);
        }
        wasProven = proven;
        trueRatePpb = proven ? localRatePpb : Double.NaN;
        if (leapUnixSeconds != 0) {
            Moment now = outside.now();
            leapRawNanos = now.rawOf(leapUnixSeconds * SECOND);
        }
    }

    private void decide(@Nullable Source updated) {
        long raw = outside.now().rawNanos();
        watchSmears(raw);
        decidedRawNanos = raw;
        decisions++;
        agreed.publish(selection.decide(configs(), all(), raw, updated), rules);
        Lead lead = agreed.lead();
        if (lead != null && updated != null) {
            tellRate(lead, raw);
        }
        if (updated instanceof Association server) {
            for (SourceLine line : lines) {
                if (line.has(server) && server.onVerdict(selection.verdict(server)) >= WRONG_TO_REPLACE) {
                    replace(line, server, raw);
                }
            }
        }
    }

    private void tellRate(Lead lead, long raw) {
        if (clocks.stream().anyMatch(selection::isBest)) {
            rate.onClocks(lead.slope(), lead.skew(), raw);
        } else {
            rate.onAgreed(lead.slope(), lead.skew(), raw);
        }
    }

    /** All lines, those without address too: one that shows who it is counts before its name was found. */
    private List<SourceConfig> configs() {
        return lines.stream().map(SourceLine::config).toList();
    }

    private void watchSmears(long raw) {
        boolean announced = all().stream().anyMatch(Source::announcesLeap);
        for (Association association : associations()) {
            association.watchSmear(raw, leapRawNanos, announced, trueRatePpb);
        }
        for (ReferenceClock each : clocks) {
            each.watchSmear(raw, leapRawNanos, announced, trueRatePpb);
        }
    }

    /** As chrony lists them: clocks first. */
    private List<Source> all() {
        List<Source> all = new ArrayList<>(clocks);
        all.addAll(associations());
        return all;
    }

    /** All that have an address, in the order of the configuration. */
    List<Association> associations() {
        return lines.stream().flatMap(line -> line.associations().stream()).toList();
    }

    /** A name's addresses have been found, in the order in which they are to be tried; none: it has none, or nobody answered. */
    public void onResolved(String name, List<SourceAddress> addresses) {
        long raw = outside.now().rawNanos();
        for (SourceLine line : lines) {
            SourceOptions.Family family = line.config().options().manner().family();
            List<SourceAddress> fit = addresses.stream().filter(family::has).toList();
            if (line.config().name().equals(name) && !fit.isEmpty()) {
                take(line, fit, raw);
            }
        }
    }

    private void take(SourceLine line, List<SourceAddress> addresses, long raw) {
        line.onFound(addresses);
        for (SourceAddress address : addresses) {
            if (line.wantsMore() && line.config().options().isAuthenticated()) {
                takeFromPlain(address, raw);
            }
            if (isAsked(address)) {
                continue;
            }
            Association gone = line.makeRoom();
            if (gone != null) {
                drop(line, gone);
            }
            if (line.hasRoom()) {
                begin(line, address, raw);
            }
        }
        line.onTaken(addresses.stream().filter(address -> !isAsked(address)).toList(), raw, refreshNanos);
    }

    /** A server is asked by one line alone, and rather by one that knows whom it hears. */
    private void takeFromPlain(SourceAddress address, long raw) {
        for (SourceLine other : lines) {
            for (Association association : other.associations()) {
                if (!other.config().options().isAuthenticated()
                        && association.address().equals(address)) {
                    drop(other, association);
                    other.onLost(raw);
                    decide(null);
                }
            }
        }
    }

    /** The server cannot be reached at all: perhaps there is no way for its kind of address, and another of the same name does. */
    private void replaceByUntried(SourceLine line, Association unreachable, long raw) {
        Optional<SourceAddress> another = line.nextUntried(this::isAsked);
        if (another.isEmpty()) {
            replace(line, unreachable, raw);
            return;
        }
        drop(line, unreachable);
        begin(line, another.get(), raw);
    }

    private void begin(SourceLine line, SourceAddress address, long raw) {
        Association added = new Association(line.config(), address, macs, clock, rate, outside::random);
        if (line.config().options().nts().isPresent()) {
            outside.savedKeys(added).ifPresent(keys -> added.onKeys(keys, true, raw));
        }
        line.add(added, raw);
    }

    private boolean isAsked(SourceAddress address) {
        return associations().stream().anyMatch(a -> a.address().equals(address));
    }

    private void drop(SourceLine line, Association association) {
        association.hangUp(outside);
        line.remove(association);
    }

    /** Looks for another server behind the same name. */
    private void replace(SourceLine line, Association bad, long raw) {
        line.replace(bad, raw + Math.floorMod(outside.random(), REPLACEMENT_NANOS));
    }

    /** Forgets all samples: the machine slept, or a leap second has passed. */
    public void forget() {
        agreed.publish(null, rules);
        associations().forEach(Association::forget);
        clocks.forEach(ReferenceClock::forget);
        decide(null);
    }

    /** Asks again those that {@code which} names; how many there are. {@code unresolvedToo}: also lines that have no address yet. */
    public int goOnline(Predicate<Association> which, boolean unresolvedToo) {
        long raw = outside.now().rawNanos();
        List<Association> chosen = associations().stream().filter(which).toList();
        chosen.forEach(association -> association.goOnline(raw));
        remember(chosen, true, unresolvedToo);
        return chosen.size();
    }

    /** Asks those that {@code which} names no more; how many there are. {@code unresolvedToo}: also lines that have no address yet. */
    public int goOffline(Predicate<Association> which, boolean unresolvedToo) {
        List<Association> chosen = associations().stream().filter(which).toList();
        chosen.forEach(Association::goOffline);
        remember(chosen, false, unresolvedToo);
        return chosen.size();
    }

    private void remember(List<Association> chosen, boolean online, boolean unresolvedToo) {
        for (SourceLine line : lines) {
            if (line.isEmpty() ? unresolvedToo : chosen.containsAll(line.associations())) {
                line.setOnline(online);
            }
        }
    }

    /** Asks those that {@code which} names often for a while; how many there are. */
    public int burst(Predicate<Association> which, int goodSamples, int requestsAtMost) {
        long raw = outside.now().rawNanos();
        List<Association> chosen = associations().stream().filter(which).toList();
        chosen.forEach(association -> association.burst(goodSamples, requestsAtMost, raw));
        return chosen.size();
    }

    /** Looks up all names anew. */
    public void refresh() {
        long raw = outside.now().rawNanos();
        for (SourceLine line : lines) {
            line.refresh(raw);
        }
    }

    /** Adds a line; whether it is new. */
    public boolean add(SourceConfig config) {
        if (lines.stream().anyMatch(line -> line.config().name().equals(config.name()))) {
            return false;
        }
        lines.add(new SourceLine(config, outside.now().rawNanos()));
        return true;
    }

    /** Takes away the line that {@link #add} made of this very {@code config}, and no other. */
    public void remove(SourceConfig config) {
        for (SourceLine line : List.copyOf(lines)) {
            if (isSame(line.config(), config)) {
                line.associations().forEach(association -> drop(line, association));
                lines.remove(line);
                decide(null);
            }
        }
    }

    /** Lines that say the same are still two. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(SourceConfig a, SourceConfig b) {
        return a == b;
    }

    /** Takes away what has that name or address; whether there was such. */
    public boolean delete(String nameOrAddress) {
        boolean found = false;
        for (SourceLine line : List.copyOf(lines)) {
            boolean byName = line.config().name().equals(nameOrAddress);
            boolean emptied = false;
            for (Association association : line.associations()) {
                if (byName || association.address().text().equals(nameOrAddress)) {
                    drop(line, association);
                    emptied = line.isEmpty();
                    found = true;
                }
            }
            if (byName || emptied) {
                lines.remove(line);
                found = true;
            }
        }
        if (found) {
            decide(null);
        }
        return found;
    }

    /** So many times it was decided who agrees. */
    public long decisions() {
        return decisions;
    }

    /** Why the sources agree on nothing, one phrase; empty when they do. */
    public String disagreement() {
        return selection.why();
    }

    /**
     * All sources for reports, those without address too.
     *
     * @param localRatePpb how fast the local clock runs against raw time
     */
    public List<SourceStatus> status(double localRatePpb) {
        SourceView view = new SourceView(selection, keys, outside.now(), localRatePpb);
        List<SourceStatus> all = new ArrayList<>();
        clocks.forEach(each -> all.add(view.of(each)));
        for (SourceLine line : lines) {
            line.associations().forEach(association -> all.add(view.of(association)));
            if (line.isEmpty()) {
                all.add(SourceView.unresolved(line.config()));
            }
        }
        return List.copyOf(all);
    }

    /** The association at that address. */
    public Optional<Association> at(String address) {
        return associations().stream()
                .filter(a -> a.address().text().equals(address))
                .findFirst();
    }
}
