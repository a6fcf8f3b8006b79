package org.noonmark.nts;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The keys of cookies at one time. New cookies are sealed with the current one; those of the two before it still open, so that a client
 * has as long as two rotations to come back. The next one is made a rotation ahead: a server that gets a copy of these keys late still
 * opens what is sealed with it meanwhile.
 *
 * @param next the one that takes over at the next rotation
 * @param current the one that new cookies are sealed with
 * @param previous those before it, the latest first, at most {@value #MOST_PREVIOUS}
 */
public record CookieKeys(CookieKey next, CookieKey current, List<CookieKey> previous) {
    /** Kept as chrony does. */
    static final int MOST_PREVIOUS = 2;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when two keys have one number, or there are too many
     */
    public CookieKeys {
        previous = List.copyOf(previous);
        if (previous.size() > MOST_PREVIOUS) {
            throw new IllegalArgumentException(previous.size() + " previous keys, at most " + MOST_PREVIOUS);
        }
        long different =
                all(next, current, previous).mapToInt(CookieKey::id).distinct().count();
        if (different != previous.size() + 2) {
            throw new IllegalArgumentException("two cookie keys have the same number");
        }
    }

    /** The first keys of a server; {@code random} must be fit for secrets. */
    public static CookieKeys first(RandomGenerator random) {
        CookieKey current = CookieKey.random(random);
        return new CookieKeys(unlike(List.of(current), random), current, List.of());
    }

    /**
     * These keys after a rotation: the next is the current one, and a new one is made.
     *
     * @param nowSeconds since 1970; 0: the time is not known
     */
    public CookieKeys rotated(RandomGenerator random, long nowSeconds) {
        List<CookieKey> before = new ArrayList<>(List.of(current));
        before.addAll(previous.subList(0, Math.min(previous.size(), MOST_PREVIOUS - 1)));
        List<CookieKey> known = new ArrayList<>(before);
        known.add(next);
        return new CookieKeys(unlike(known, random), next.since(nowSeconds), before);
    }

    /** The same keys, of which it is known now since when the current one is that. */
    public CookieKeys since(long seconds) {
        return new CookieKeys(next, current.since(seconds), previous);
    }

    /** When the current key took over, seconds since 1970; 0: not known, as the time was not proven then. */
    public long sinceSeconds() {
        return current.sinceSeconds();
    }

    /** All that open cookies: the current one, those before it, the next one. */
    public List<CookieKey> all() {
        return Stream.concat(Stream.concat(Stream.of(current), previous.stream()), Stream.of(next))
                .toList();
    }

    private static Stream<CookieKey> all(CookieKey next, CookieKey current, List<CookieKey> previous) {
        return Stream.concat(Stream.of(next, current), previous.stream());
    }

    private static CookieKey unlike(List<CookieKey> known, RandomGenerator random) {
        CookieKey key = CookieKey.random(random);
        while (isKnown(key, known)) {
            key = CookieKey.random(random);
        }
        return key;
    }

    private static boolean isKnown(CookieKey key, List<CookieKey> known) {
        return known.stream().anyMatch(other -> other.id() == key.id());
    }
}
