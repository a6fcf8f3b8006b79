package org.noonmark.rig;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One second of the guest's world, as the observer that knows the true time saw it.
 *
 * @param number since the world's start
 * @param utc since 1970
 * @param crystalPpm by how much the crystal is fast
 * @param world what was wrong in the world: {@code mute}, {@code no-pulse}, {@code second-off}; {@code leap-second} in 23:59:60
 * @param clockErrorNanos of the system clock at the second: positive when it is fast
 * @param kernel what adjtimex(2) said right after it
 * @param answer of the NTP server late in the second; empty when none came
 */
record Second(
        long number,
        long utc,
        double crystalPpm,
        Set<String> world,
        long clockErrorNanos,
        Kernel kernel,
        Optional<Answer> answer) {
    /**
     * The kernel's own account of its clock.
     *
     * @param status its STA_ flags
     * @param tickMicros the length of a tick; 10000 is nominal
     * @param state what adjtimex(2) returned: 0 to 4 for TIME_OK, INS, DEL, OOP and WAIT, 5 while it is not synchronised
     * @param taiMinusUtcSeconds 0 where nobody has told it
     */
    record Kernel(
            int status,
            double frequencyPpm,
            long tickMicros,
            long maxErrorMicros,
            long estimatedErrorMicros,
            int state,
            int taiMinusUtcSeconds) {
        private static final int STA_INS = 0x10;
        private static final int STA_UNSYNC = 0x40;

        /** Whether it was told to insert a second at the end of the day. */
        boolean isToInsert() {
            return (status & STA_INS) != 0;
        }

        boolean isSynchronised() {
            return (status & STA_UNSYNC) == 0;
        }
    }

    /**
     * The server's answer.
     *
     * @param errorNanos of the time in it, known to half of {@code roundTripNanos}: positive when it is ahead
     */
    record Answer(
            int leapIndicator,
            int stratum,
            long rootDelayNanos,
            long rootDispersionNanos,
            long errorNanos,
            long roundTripNanos) {
        private static final int NOT_SYNCHRONISED = 3;

        boolean isSynchronised() {
            return leapIndicator != NOT_SYNCHRONISED;
        }

        /** The error that the server admits. */
        long rootDistanceNanos() {
            return rootDispersionNanos + rootDelayNanos / 2;
        }

        /** Whether the time is wrong by more than the server admits, whatever the way there and back took of the round trip. */
        boolean breaksItsBound() {
            return Math.abs(errorNanos) - roundTripNanos / 2 > rootDistanceNanos();
        }
    }

    /** Whether the server called itself synchronised. */
    boolean isServed() {
        return answer.isPresent() && answer.get().isSynchronised();
    }

    /** The second in a line of the observer's log; {@code columns} are the places of its names. */
    static Second parse(String line, Map<String, Integer> columns) {
        String[] fields = line.split("\t", -1);
        Row row = name -> {
            Integer place = columns.get(name);
            if (place == null || place >= fields.length) {
                throw new IllegalArgumentException("no " + name + " in: " + line);
            }
            return fields[place];
        };
        Kernel kernel = new Kernel(
                Integer.decode(row.text("adj_status")),
                row.decimal("adj_freq_ppm"),
                row.number("adj_tick"),
                row.number("adj_maxerror_us"),
                row.number("adj_esterror_us"),
                (int) row.number("adj_state"),
                (int) row.number("adj_tai"));
        // The world's words end with a full stop, which alone means that all is well.
        Set<String> world = Set.of(row.text("world").replace(".", "").strip().split(" +"));
        return new Second(
                row.number("n"),
                row.number("utc"),
                row.decimal("true_ppm"),
                world,
                row.number("clock_err_ns"),
                kernel,
                row.text("leap").equals("-") ? Optional.empty() : Optional.of(answer(row)));
    }

    private static Answer answer(Row row) {
        return new Answer(
                (int) row.number("leap"),
                (int) row.number("stratum"),
                row.number("root_delay_ns"),
                row.number("root_dispersion_ns"),
                row.number("served_err_ns"),
                row.number("round_trip_ns"));
    }

    /** The fields of a line by their names. */
    private interface Row {
        String text(String name);

        default long number(String name) {
            return Long.parseLong(text(name));
        }

        default double decimal(String name) {
            return Double.parseDouble(text(name));
        }
    }
}
