package org.noonmark.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.noonmark.provisioning.IpPrefix;
import org.tinylog.Logger;

/**
 * Looks up the hosts that {@code allow} and {@code deny} name, at the start and again and again, in a thread of its own: a name server can
 * take its time. A name that is not found is told once; the addresses that it had before stay.
 */
final class HostFollower implements Runnable {
    /** Where names are looked up. */
    interface Names {
        /**
         * All addresses of a host.
         *
         * @throws UnknownHostException when there are none now
         */
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    /** Until the next look when all are known, and when some are not. */
    private static final Duration INTERVAL = Duration.ofMinutes(15);

    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Set<String> names;
    private final Names lookUp;
    private final Consumer<Map<String, Set<IpPrefix>>> hears;
    private final Map<String, Set<IpPrefix>> known = new HashMap<>();
    private final Set<String> missing = new HashSet<>();

    /** @param hears the addresses of all that are known, when any has changed */
    HostFollower(Set<String> names, Names lookUp, Consumer<Map<String, Set<IpPrefix>>> hears) {
        this.names = new TreeSet<>(names);
        this.lookUp = lookUp;
        this.hears = hears;
    }

    @Override
    public void run() {
        try {
            while (true) {
                look();
                Thread.sleep(missing.isEmpty() ? INTERVAL : RETRY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks all of them up. */
    void look() {
        boolean changed = false;
        for (String name : names) {
            try {
                Set<IpPrefix> now = Arrays.stream(lookUp.addresses(name))
                        .map(address -> IpPrefix.parse(address.getHostAddress().replaceFirst("%.*", "")))
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet());
                missing.remove(name);
                if (!now.equals(known.put(name, now))) {
                    changed = true;
                    Logger.info("'{}' of allow or deny is {}", name, words(now));
                }
            } catch (UnknownHostException e) {
                if (missing.add(name)) {
                    Logger.warn(
                            "'{}' of allow or deny is not found: it stands for {}; is the name right, and the name server reachable?",
                            name,
                            known.containsKey(name)
                                    ? words(known.getOrDefault(name, Set.of()))
                                    : "nobody until it is, and a deny of it keeps nobody out");
                }
            }
        }
        if (changed) {
            hears.accept(known);
        }
    }

    private static String words(Set<IpPrefix> addresses) {
        return addresses.stream().map(IpPrefix::toString).sorted().collect(Collectors.joining(", "));
    }
}
