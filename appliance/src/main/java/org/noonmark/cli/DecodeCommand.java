package org.noonmark.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.CaptureHeader;
import org.noonmark.nmea.FixListener;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.ReceiverDecoder;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.nmea.SkyView;
import org.noonmark.status.GpsdJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noonmark decode}: what a receiver said, as JSON. Reads without end in bounded memory. */
@Command(
        name = "decode",
        description =
                "Prints what a receiver said: one JSON object per second (TPV) and per sky report (SKY), names and units as gpsd.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:decoded",
            "1:not one NMEA or UBX message in the input",
            "2:wrong options",
            "4:no permission to read the file",
            "10:the file cannot be read"
        })
public final class DecodeCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "bytes of a serial line as recorded, or - for standard input")
    private String file = "-";

    @Option(
            names = "--floor",
            paramLabel = "DATE",
            description =
                    "no time before this day (2024-05-31) can be true: dates are put into the right century and GPS week"
                            + " era from here. Default: the date in FILE.date, or the line '# Date:' in the file, less five years.")
    private @Nullable LocalDate floor;

    @Spec
    private @Nullable CommandSpec spec;

    private final InputStream standardInput;
    private final PrintStream standardOutput;

    /** Reads and writes the process's own streams. */
    public DecodeCommand() {
        this(System.in, System.out);
    }

    DecodeCommand(InputStream standardInput, PrintStream standardOutput) {
        this.standardInput = standardInput;
        this.standardOutput = standardOutput;
    }

    @Override
    public Integer call() {
        if ("-".equals(file)) {
            return decode(standardInput, "standard input", Optional.empty());
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            return fail(ExitCode.NO_INPUT, file + " is a directory; give one recording, or - for standard input");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return decode(in, file, CaptureFloor.sidecar(path));
        } catch (NoSuchFileException e) {
            return fail(ExitCode.NO_INPUT, file + ": no such file");
        } catch (AccessDeniedException e) {
            return fail(ExitCode.PERMISSION, e.getFile() + ": no permission to read it; try sudo, or copy it");
        } catch (IOException e) {
            return fail(ExitCode.NO_INPUT, String.valueOf(e.getMessage()));
        }
    }

    private int decode(InputStream in, String name, Optional<LocalDate> sidecar) {
        PrintStream out =
                new PrintStream(new BufferedOutputStream(standardOutput, 1 << 16), false, StandardCharsets.UTF_8);
        byte[] buffer = new byte[CaptureHeader.MAX_BYTES];
        try {
            int length = in.read(buffer);
            LocalDate start = CaptureFloor.of(Optional.ofNullable(floor), sidecar, buffer, Math.max(length, 0));
            ReceiverDecoder decoder = new ReceiverDecoder(new GpsEra(start), new Printer(out));
            while (length >= 0 && !out.checkError()) {
                decoder.accept(buffer, 0, length, 0);
                out.flush();
                length = in.read(buffer);
            }
            decoder.endOfInput();
            out.flush();
            SentenceFramer.Counts counts = decoder.counts();
            return counts.nmea() + counts.ubx() > 0 ? 0 : noMessage(name, counts);
        } catch (IOException e) {
            out.flush();
            return fail(ExitCode.NO_INPUT, name + ": reading failed: " + e.getMessage());
        }
    }

    private int noMessage(String name, SentenceFramer.Counts counts) {
        String cure = counts.withoutChecksum() > 0
                ? counts.withoutChecksum() + " sentences came without checksum; switch it on in the receiver"
                : "the wrong baud rate, or not a receiver's output";
        return fail(
                ExitCode.NOT_GOOD,
                name + ": not one NMEA sentence or UBX message with a right checksum in " + counts.noiseBytes()
                        + " bytes: " + cure);
    }

    private int fail(int exitCode, String message) {
        CommandSpec known = spec;
        PrintWriter err = known == null
                ? new PrintWriter(System.err, true, StandardCharsets.UTF_8)
                : known.commandLine().getErr();
        err.println("noonmark decode: " + message);
        err.flush();
        return exitCode;
    }

    /** One line per fix and per sky report. */
    private record Printer(PrintStream out) implements FixListener {
        @Override
        public void onFix(FixReport fix) {
            line(GpsdJson.tpv(fix));
        }

        @Override
        public void onSky(SkyView sky) {
            line(GpsdJson.sky(sky));
        }

        private void line(String json) {
            out.print(json);
            out.print('\n');
        }
    }
}
