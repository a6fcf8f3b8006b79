package org.noonmark.discipline;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noonmark.discipline.LeapSecondsList.Change;
import org.noonmark.discipline.LeapSecondsList.Reading;

/**
 * The leap seconds of a zone of the system's time zone database, such as right/UTC: the table at the end of each data block of a TZif
 * file (RFC 8536, section 3). Until when it holds, a file of version 4 may say in the table (RFC 9636, section 3.2); one of version 2 or
 * 3 by having no rule for the time after its last change, which then changes nothing.
 */
public final class TimeZoneLeaps {
    /** The largest file that is read, bytes: twenty times what a zone with many changes has. */
    public static final int MAX_BYTES = 1 << 17;

    private static final int MAGIC = 0x545a6966; // "TZif"
    private static final int RESERVED = 15;

    /** A rule stands between two line ends. */
    private static final short NO_RULE = '\n' << 8 | '\n';

    /** Bytes of one record that describes a local time. */
    private static final int LOCAL_TIME_BYTES = 6;

    private static final int VERSION_2 = '2';
    private static final int VERSION_4 = '4';

    private static final long DAY_SECONDS = 86_400;

    /** TAI minus UTC before the first leap second, since 1972-01-01. */
    private static final int FIRST_TAI_MINUS_UTC = 10;

    private static final long YEAR_1972 = 63_072_000;
    private static final long YEAR_2012 = 1_325_376_000;
    private static final long YEAR_2013 = 1_356_998_400;

    private final String name;
    private final ByteBuffer file;

    private TimeZoneLeaps(String name, ByteBuffer file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Reads the table of {@code file}, in which a zone without leap seconds is refused. Never throws.
     *
     * @param name of the zone, for people
     */
    public static Reading parse(String name, byte[] file) {
        if (file.length > MAX_BYTES) {
            return new Reading.Refused("it is longer than " + MAX_BYTES + " bytes");
        }
        try {
            return new TimeZoneLeaps(name, ByteBuffer.wrap(file)).read();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return new Reading.Refused("it ends too early");
        }
    }

    /** How much a data block holds, in the order of the header. */
    private record Counts(long utcMarks, long standardMarks, long leaps, long changes, long localTimes, long letters) {
        /** Bytes before the leap seconds. */
        long bytesBeforeLeaps(int timeBytes) {
            return changes * (timeBytes + 1) + localTimes * LOCAL_TIME_BYTES + letters;
        }

        long bytes(int timeBytes) {
            return bytesBeforeLeaps(timeBytes) + leaps * (timeBytes + Integer.BYTES) + standardMarks + utcMarks;
        }
    }

    private Reading read() {
        if (file.getInt() != MAGIC) {
            return new Reading.Refused("it is no file of the time zone database");
        }
        int version = file.get();
        Counts counts = counts();
        if (version < VERSION_2) {
            skip(counts.bytesBeforeLeaps(Integer.BYTES));
            return table(counts, Integer.BYTES, false, LeapSecondsList.NEVER_SAID);
        }
        // The same once more, with times of 64 bits.
        skip(counts.bytes(Integer.BYTES));
        if (file.getInt() != MAGIC) {
            return new Reading.Refused("its second part is missing");
        }
        version = file.get();
        counts = counts();
        long end = version < VERSION_4 ? endOfChanges(counts) : LeapSecondsList.NEVER_SAID;
        skip(counts.bytesBeforeLeaps(Long.BYTES));
        return table(counts, Long.BYTES, version >= VERSION_4, end);
    }

    /** The last change of the block that begins here, when no rule follows the block; times count leap seconds. */
    private long endOfChanges(Counts counts) {
        int start = file.position();
        skip(counts.bytes(Long.BYTES));
        boolean ruled = file.getShort() != NO_RULE;
        file.position(start);
        return ruled || counts.changes == 0
                ? LeapSecondsList.NEVER_SAID
                : file.getLong(start + (int) (counts.changes - 1) * Long.BYTES);
    }

    private Counts counts() {
        skip(RESERVED);
        return new Counts(count(), count(), count(), count(), count(), count());
    }

    private long count() {
        return Integer.toUnsignedLong(file.getInt());
    }

    private void skip(long bytes) {
        if (bytes > file.remaining()) {
            throw new BufferUnderflowException();
        }
        file.position(file.position() + (int) bytes);
    }

    /**
     * Pairs of a time, which counts leap seconds, and the sum of leap seconds from then on.
     *
     * @param expiryInside whether the last of them may say until when they hold
     * @param end where that is told otherwise, counting leap seconds
     */
    private Reading table(Counts counts, int timeBytes, boolean expiryInside, long end) {
        long leaps = counts.leaps;
        if (leaps == 0) {
            return new Reading.Refused("this zone has no leap seconds; those below 'right/' have them");
        }
        List<Change> changes = new ArrayList<>(List.of(new Change(YEAR_1972, FIRST_TAI_MINUS_UTC)));
        long expires = LeapSecondsList.NEVER_SAID;
        int sum = 0;
        for (long i = 0; i < leaps; i++) {
            long time = timeBytes == Long.BYTES ? file.getLong() : file.getInt();
            int next = file.getInt();
            if (next == sum && expiryInside && i > 0 && i == leaps - 1) {
                expires = time - sum;
                break;
            }
            long midnight = time - sum + (next < sum ? 1 : 0);
            boolean possible = Math.abs((long) next - sum) == 1
                    && Math.floorMod(midnight, DAY_SECONDS) == 0
                    && midnight > changes.getLast().unixSeconds();
            if (!possible) {
                return new Reading.Refused("its leap second number " + (i + 1) + " cannot be");
            }
            sum = next;
            changes.add(new Change(midnight, FIRST_TAI_MINUS_UTC + sum));
        }
        if (end != LeapSecondsList.NEVER_SAID) {
            expires = end - sum;
        }
        if (expires <= changes.getLast().unixSeconds()) {
            return new Reading.Refused("it expired before its last leap second");
        }
        LeapSecondsList table = new LeapSecondsList(name, 0, expires, changes);
        return table.taiMinusUtcSeconds(YEAR_2012).equals(Optional.of(34))
                        && table.taiMinusUtcSeconds(YEAR_2013).equals(Optional.of(35))
                ? new Reading.Accepted(table)
                : new Reading.Refused("it does not have the leap second of June 2012");
    }
}
