package org.noonmark.discipline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All leap seconds until a day. Read from a leap-seconds.list, in the form that NIST began and the IERS keeps: data lines of two numbers
 * (seconds since 1900, TAI minus UTC from then on), comments, and three lines that only look like comments: {@code #$} the last update,
 * {@code #@} the expiry, {@code #h} the SHA-1 of all these numbers. Or from a time zone, which seldom says until when it holds
 * ({@link TimeZoneLeaps}).
 *
 * @param name what it is, for people: "leap seconds list"
 * @param updatedUnixSeconds when its publisher last changed the leap seconds; 0 where it does not say
 * @param expiresUnixSeconds from then on a leap second may have come that it does not know; {@link #NEVER_SAID}
 * @param changes in the order of time; never empty
 */
public record LeapSecondsList(String name, long updatedUnixSeconds, long expiresUnixSeconds, List<Change> changes) {
    /** The name of a leap-seconds.list. */
    public static final String FILE_NAME = "leap seconds list";

    /** An expiry that is not told: the leap seconds in it are right, and whether there are others nobody knows. */
    public static final long NEVER_SAID = Long.MAX_VALUE;

    /** The largest list that is read, bytes: ten times what the longest published one has. */
    public static final int MAX_BYTES = 1 << 17;

    /** 1900-01-01 to 1970-01-01: 70 years with 17 leap days. */
    private static final long UNIX_EPOCH_SINCE_1900 = 2_208_988_800L;

    /** Spaces around the numbers differ from one edition to the next. */
    private static final Pattern UPDATE = Pattern.compile("#\\$\\s*(\\d{1,12})\\s*");

    private static final Pattern EXPIRY = Pattern.compile("#@\\s*(\\d{1,12})\\s*");
    private static final Pattern HASH = Pattern.compile("#h\\s*([0-9a-fA-F]{1,8}(?:\\s+[0-9a-fA-F]{1,8}){4})\\s*");
    private static final Pattern DATA = Pattern.compile("\\s*(\\d{1,12})\\s+(\\d{1,3})\\s*(?:#.*)?");

    /**
     * TAI minus UTC changes.
     *
     * @param unixSeconds first second, as POSIX counts it, with the new difference
     * @param taiMinusUtcSeconds the new difference
     */
    public record Change(long unixSeconds, int taiMinusUtcSeconds) {}

    /** What became of a text. */
    public sealed interface Reading {
        /** It can be believed. */
        record Accepted(LeapSecondsList list) implements Reading {}

        /**
         * It cannot.
         *
         * @param fault one phrase, to follow the name of the file: "line 12 is neither a comment nor two numbers"
         */
        record Refused(String fault) implements Reading {}
    }

    /** Copies the list. */
    public LeapSecondsList {
        changes = List.copyOf(changes);
    }

    /** Reads a list; a text without hash, with a wrong one, or with anything out of order is refused. Never throws. */
    public static Reading parse(String text) {
        return new Parser().parse(text);
    }

    /** TAI minus UTC at that second; empty before the first change that the list knows. */
    public Optional<Integer> taiMinusUtcSeconds(long unixSeconds) {
        return changes.reversed().stream()
                .filter(change -> change.unixSeconds() <= unixSeconds)
                .findFirst()
                .map(Change::taiMinusUtcSeconds);
    }

    /**
     * The same at a second of TAI, counted from 1970 as POSIX counts UTC; an inserted second is told as the one before it, as the kernel
     * tells it. Empty before the first change.
     */
    public Optional<Integer> taiMinusUtcSecondsAtTai(long taiSeconds) {
        Optional<Integer> found = Optional.empty();
        int before = Integer.MAX_VALUE;
        for (Change change : changes) {
            int since = change.taiMinusUtcSeconds();
            if (taiSeconds < change.unixSeconds() + Math.min(before, since)) {
                break;
            }
            found = Optional.of(since);
            before = since;
        }
        return found;
    }

    /** Whether it says nothing any more about that second. */
    public boolean isExpired(long unixSeconds) {
        return unixSeconds >= expiresUnixSeconds;
    }

    /** Whether it knows that no other leap seconds come until that second than those in it. */
    public boolean isComplete(long unixSeconds) {
        return expiresUnixSeconds != NEVER_SAID && !isExpired(unixSeconds);
    }

    /** Collects the lines of one text. */
    private static final class Parser {
        private final List<Change> changes = new ArrayList<>();
        private final StringBuilder data = new StringBuilder();
        private @Nullable String update;
        private @Nullable String expiry;
        private @Nullable String hash;

        Reading parse(String text) {
            if (text.length() > MAX_BYTES) {
                return new Reading.Refused("it is longer than " + MAX_BYTES + " characters");
            }
            int number = 0;
            for (String line : text.split("\r?\n", -1)) {
                number++;
                if (!takes(line)) {
                    return new Reading.Refused("line " + number + " has no place in a leap-seconds.list");
                }
            }
            return conclude();
        }

        private boolean takes(String line) {
            Matcher matcher = UPDATE.matcher(line);
            if (matcher.matches()) {
                update = matcher.group(1);
                return true;
            }
            matcher = EXPIRY.matcher(line);
            if (matcher.matches()) {
                expiry = matcher.group(1);
                return true;
            }
            matcher = HASH.matcher(line);
            if (matcher.matches()) {
                hash = matcher.group(1);
                return true;
            }
            matcher = DATA.matcher(line);
            return matcher.matches()
                    ? takesChange(matcher.group(1), matcher.group(2))
                    : line.isBlank() || line.startsWith("#");
        }

        /** One second more or less than before, later than before. */
        private boolean takesChange(String since1900, String taiMinusUtc) {
            Change change = new Change(unixSeconds(since1900), Integer.parseInt(taiMinusUtc));
            if (!changes.isEmpty()) {
                Change last = changes.getLast();
                int leap = change.taiMinusUtcSeconds() - last.taiMinusUtcSeconds();
                if (change.unixSeconds() <= last.unixSeconds() || Math.abs(leap) != 1) {
                    return false;
                }
            }
            data.append(since1900).append(taiMinusUtc);
            changes.add(change);
            return true;
        }

        private Reading conclude() {
            if (update == null || expiry == null || hash == null || changes.isEmpty()) {
                return new Reading.Refused("it has not all of update (#$), expiry (#@), leap seconds and hash (#h)");
            }
            // The words are numbers: some editions leave out their leading zeros.
            if (!Arrays.equals(wordsOf(hash), sha1(update + expiry + data))) {
                return new Reading.Refused("its hash (#h) does not fit, so it was changed on its way");
            }
            return new Reading.Accepted(
                    new LeapSecondsList(FILE_NAME, unixSeconds(update), unixSeconds(expiry), changes));
        }

        private static long unixSeconds(String since1900) {
            return Long.parseLong(since1900) - UNIX_EPOCH_SINCE_1900;
        }

        private static int[] wordsOf(String hash) {
            return Arrays.stream(hash.strip().split("\\s+"))
                    .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
                    .toArray();
        }

        private static int[] sha1(String digits) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-1").digest(digits.getBytes(StandardCharsets.US_ASCII));
                int[] words = new int[digest.length / Integer.BYTES];
                ByteBuffer.wrap(digest).asIntBuffer().get(words);
                return words;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-1", e);
            }
        }
    }
}
