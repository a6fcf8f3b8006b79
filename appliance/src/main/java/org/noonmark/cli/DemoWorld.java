package org.noonmark.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.app.SimulatedMachine;
import org.noonmark.nmea.GpsEra;
import org.noonmark.sim.CaptureReplay;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.ReceiverOptions.Dialect;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SerialLine;
import org.noonmark.sim.SettableReceiver;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The world of a demo, as its options ask for it.
 *
 * @param startTrueNanos its true time at the start, nanoseconds since 1970
 * @param endTrueNanos when a capture is over; {@link Long#MAX_VALUE} for a world without end
 * @param clockErrorNanos clock minus true time at the start
 * @param crystal of the clock
 * @param receiver what speaks
 * @param pulses how its edges are stamped
 * @param seed of the pulses
 * @param eraFloor no date of the receiver before this can be true
 */
record DemoWorld(
        long startTrueNanos,
        long endTrueNanos,
        long clockErrorNanos,
        Oscillator crystal,
        ReceiverScript receiver,
        PulseModel.Noise pulses,
        long seed,
        LocalDate eraFloor) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double PPB_PER_PPM = 1e3;
    private static final double HEATING_PERIOD_SECONDS = 5_400;
    /** A capture's world begins so much earlier, that its first second has its pulse. */
    private static final long LEAD_NANOS = 1_500_000_000L;

    private static final double LONGEST_RUN_SECONDS = 1e9;
    /** A century: two of them still fit in 64 bits of nanoseconds since 1970. */
    private static final double LONGEST_OFFSET_SECONDS = 3.2e9;
    /** As far as the kernel's clock can be slewed. */
    private static final double LARGEST_CRYSTAL_PPM = 500;

    private static final double LARGEST_NOISE = 1e9;
    private static final double LONGEST_DELAY_MILLIS = 10_000;

    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})-(\\d{1,9})");

    static void addOptions(Options options) {
        options.optional(
                        "--capture",
                        "FILE",
                        Path.class,
                        "the recorded bytes of a real receiver; the world has their date")
                .optional("--floor", "DATE", LocalDate.class, "no date of the receiver before this can be true")
                .value(
                        "--offset",
                        "S",
                        Double.class,
                        "0",
                        "how far the simulated world is ahead of this machine's clock")
                .optional(
                        "--date",
                        "UTC",
                        String.class,
                        "begin then, such as 2036-02-07T06:28:00, in place of now plus --offset")
                .value("--clock-error", "S", Double.class, "3.7", "how wrong the simulated clock is at the start")
                .value("--crystal", "PPM", Double.class, "9", "how fast its crystal runs")
                .value(
                        "--wander",
                        "PPB",
                        Double.class,
                        "0.1",
                        "random walk of the crystal, per square root of a second")
                .value(
                        "--temperature",
                        "PPB",
                        Double.class,
                        "0",
                        "swing of the crystal with a heating cycle of 90 minutes")
                .value("--jitter", "NS", Double.class, "200", "jitter of the pulses, one sigma")
                .value("--receiver", "KIND", String.class, "ublox", "what it speaks: ublox, mtk or ubx")
                .value("--receiver-delay", "MS", Double.class, "60", "its burst begins so long after the second")
                .value("--receiver-jitter", "MS", Double.class, "3", "jitter of that, one sigma")
                .value("--baud", "N", Integer.class, "115200", "speed of its line")
                .optional(
                        "--lose-fix",
                        "FROM-TO",
                        String.class,
                        "no fix, and no pulses, between these seconds of the demo")
                .value("--seed", "N", Integer.class, "1", "chooses the run of all chances");
    }

    /**
     * The world that {@code options} describe.
     *
     * @param hostNanos this machine's clock now, nanoseconds since 1970
     * @param buildDate floor of a world in the present or the future
     * @throws ParameterException when an option's value makes no sense
     * @throws IOException when a capture cannot be read; the message names it
     */
    static DemoWorld of(Options options, CommandSpec command, long hostNanos, LocalDate buildDate) throws IOException {
        Optional<Path> capture = options.find("--capture", Path.class);
        options.within("--for", 0, LONGEST_RUN_SECONDS)
                .within("--offset", -LONGEST_OFFSET_SECONDS, LONGEST_OFFSET_SECONDS)
                .within("--clock-error", -LONGEST_OFFSET_SECONDS, LONGEST_OFFSET_SECONDS)
                .within("--crystal", -LARGEST_CRYSTAL_PPM, LARGEST_CRYSTAL_PPM)
                .within("--wander", 0, LARGEST_NOISE)
                .within("--temperature", 0, LARGEST_NOISE)
                .within("--jitter", 0, LARGEST_NOISE)
                .within("--receiver-delay", 0, LONGEST_DELAY_MILLIS)
                .within("--receiver-jitter", 0, LONGEST_DELAY_MILLIS)
                .within("--ntp-port", 0, 65_535)
                .within("--nts-port", 0, 65_535);
        return capture.isPresent()
                ? recorded(options, capture.get())
                : simulated(options, command, hostNanos, buildDate);
    }

    /** Whether its receiver was recorded: then it begins when everything is ready, not at a set distance from the host. */
    boolean isRecorded() {
        return endTrueNanos != Long.MAX_VALUE;
    }

    /** Lets it run; {@code monotonicNanos} is the host's monotonic clock at its start. */
    SimulatedMachine start(long monotonicNanos) throws IOException {
        return new SimulatedMachine(startTrueNanos, monotonicNanos, clockErrorNanos, crystal, receiver, pulses, seed);
    }

    private static DemoWorld simulated(Options options, CommandSpec command, long hostNanos, LocalDate buildDate) {
        long start = hostNanos + nanos(options.number("--offset"), NANOS_PER_SECOND);
        Optional<String> date = options.find("--date", String.class);
        if (date.isPresent()) {
            start = parseDate(date.get(), command);
        }
        long seed = options.whole("--seed");
        ReceiverScript receiver = receiver(options, command, Math.floorDiv(start, 1_000_000_000L), seed);
        LocalDate dayBefore = LocalDate.ofInstant(Instant.ofEpochSecond(start / 1_000_000_000L), ZoneOffset.UTC)
                .minusDays(1);
        LocalDate floor =
                options.find("--floor", LocalDate.class).orElse(dayBefore.isBefore(buildDate) ? dayBefore : buildDate);
        return of(options, start, Long.MAX_VALUE, receiver, floor);
    }

    private static DemoWorld recorded(Options options, Path file) throws IOException {
        byte[] capture;
        try {
            capture = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UnreadableInputException("--capture " + file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new AccessDeniedException(
                    "--capture " + file, null, "no permission to read it; try sudo, or copy it");
        } catch (IOException e) {
            throw new UnreadableInputException("--capture " + file + " cannot be read: " + e.getMessage(), e);
        }
        LocalDate floor = CaptureFloor.of(
                options.find("--floor", LocalDate.class), CaptureFloor.sidecar(file), capture, capture.length);
        try {
            CaptureReplay replay = new CaptureReplay(
                    capture,
                    new GpsEra(floor),
                    new SerialLine(options.whole("--baud")),
                    nanos(options.number("--receiver-delay"), NANOS_PER_MILLI));
            long start = replay.firstSecond() * 1_000_000_000L - LEAD_NANOS;
            return of(options, start, replay.endNanos(), replay, floor);
        } catch (IllegalArgumentException e) {
            throw new UnreadableInputException("--capture " + file + ": " + e.getMessage(), e);
        }
    }

    private static DemoWorld of(
            Options options, long startTrueNanos, long endTrueNanos, ReceiverScript receiver, LocalDate eraFloor) {
        long seed = options.whole("--seed");
        return new DemoWorld(
                startTrueNanos,
                endTrueNanos,
                nanos(options.number("--clock-error"), NANOS_PER_SECOND),
                crystal(options, seed),
                receiver,
                new PulseModel.Noise(0, options.number("--jitter"), 0, 0, 0, 0, 0, 0),
                seed,
                eraFloor);
    }

    private static Oscillator crystal(Options options, long seed) {
        double ppb = options.number("--crystal") * PPB_PER_PPM;
        Oscillator.Wander wander = new Oscillator.Wander(
                ppb, options.number("--wander"), 0, options.number("--temperature"), HEATING_PERIOD_SECONDS);
        return Oscillator.wandering(wander, seed);
    }

    private static ReceiverScript receiver(Options options, CommandSpec command, long startSeconds, long seed) {
        Dialect dialect = dialect(options.word("--receiver"), command);
        ReceiverOptions manners = ReceiverOptions.DEFAULT
                .withDialect(dialect)
                .withLine(options.whole("--baud"), 1)
                .withDelay(
                        nanos(options.number("--receiver-delay"), NANOS_PER_MILLI),
                        nanos(options.number("--receiver-jitter"), NANOS_PER_MILLI))
                .withSeed(seed);
        Optional<String> lost = options.find("--lose-fix", String.class);
        try {
            return new SettableReceiver(
                    lost.isPresent() ? manners.withFix(outside(lost.get(), startSeconds, command)) : manners);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private static Dialect dialect(String kind, CommandSpec command) {
        return switch (kind) {
            case "ublox" -> Dialect.UBLOX_NMEA;
            case "mtk" -> Dialect.MTK_NMEA;
            case "ubx" -> Dialect.UBX;
            default ->
                throw new ParameterException(
                        command.commandLine(), "--receiver " + kind + ": there are ublox, mtk and ubx");
        };
    }

    private static LongPredicate outside(String span, long startSeconds, CommandSpec command) {
        Matcher matcher = SPAN.matcher(span);
        if (!matcher.matches()) {
            throw new ParameterException(
                    command.commandLine(), "--lose-fix " + span + ": two seconds of the demo, such as 20-60");
        }
        long from = startSeconds + Long.parseLong(matcher.group(1));
        long to = startSeconds + Long.parseLong(matcher.group(2));
        if (to <= from) {
            throw new ParameterException(
                    command.commandLine(), "--lose-fix " + span + ": it ends before it begins; say 20-60, for example");
        }
        return second -> second < from || second >= to;
    }

    private static long parseDate(String date, CommandSpec command) {
        try {
            return LocalDateTime.parse(date).toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L;
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    command.commandLine(), "--date " + date + ": a moment such as 2036-02-07T06:28:00 is wanted", e);
        }
    }

    private static long nanos(double value, double unitNanos) {
        return Math.round(value * unitNanos);
    }
}
