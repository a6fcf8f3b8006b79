package org.noonmark.cli.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.noonmark.nmea.FixListener;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.ReceiverDecoder;
import org.noonmark.nmea.SkyView;
import org.noonmark.status.GpsdJson;

/**
 * Bytes per second from a receiver's recording to fixes, on one thread: {@code bench=nmea} without JSON, {@code bench=decode} with
 * JSON beside gpsd's {@code gpsdecode} on the same bytes. Ours is measured warm and in this process, gpsdecode as a process.
 */
public final class NmeaBench {
    private static final int ROUNDS = 5;
    private static final int FRAMING_BYTES = 64 << 20;
    private static final int DECODE_BYTES = 16 << 20;
    private static final int READ_SIZE = 8192;

    private final PrintStream out;

    private NmeaBench(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the bench over recordings.
     *
     * @param args {@code [--gpsdecode PATH] FILE...}
     * @return exit code: 0, or 2 without a recording, or 10 when one cannot be read
     */
    public static int run(String[] args) {
        String peer = "gpsdecode";
        List<Path> captures = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--gpsdecode") && i + 1 < args.length) {
                peer = args[++i];
            } else {
                captures.add(Path.of(args[i]));
            }
        }
        if (captures.isEmpty()) {
            System.err.println("bench nmea: give at least one recording of a receiver");
            return 2;
        }
        try {
            for (Path capture : captures) {
                new NmeaBench(System.out).measure(capture, peer);
            }
            return 0;
        } catch (IOException e) {
            System.err.println("bench nmea: " + e);
            return 10;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private void measure(Path capture, String peer) throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(capture);
        byte[] plain = repeated(bytes, FRAMING_BYTES);
        double[] parse = new double[ROUNDS];
        for (int i = -1; i < ROUNDS; i++) {
            double seconds = secondsOf(() -> feed(plain, new FixListener() {}));
            if (i >= 0) {
                parse[i] = plain.length / seconds / 1e6;
            }
        }
        String name = String.valueOf(capture.getFileName());
        out.printf(Locale.ROOT, "bench=nmea file=%s bytes=%d mb_per_s=%.1f%n", name, plain.length, median(parse));
        compare(name, repeated(bytes, DECODE_BYTES), peer);
    }

    private void compare(String name, byte[] bytes, String peer) throws IOException, InterruptedException {
        Path input = Files.createTempFile("noonmark-bench", ".log");
        try {
            Files.write(input, bytes);
            double[] ours = new double[ROUNDS];
            double[] theirs = new double[ROUNDS];
            for (int i = -1; i < ROUNDS; i++) {
                double our = secondsOf(() -> decode(bytes));
                double their = peerSeconds(peer, input);
                if (i >= 0) {
                    ours[i] = bytes.length / our / 1e6;
                    theirs[i] = bytes.length / their / 1e6;
                }
            }
            double our = median(ours);
            double their = median(theirs);
            out.printf(
                    Locale.ROOT,
                    "bench=decode file=%s bytes=%d ours_mb_per_s=%.1f gpsdecode_mb_per_s=%.1f ratio=%.2f%n",
                    name,
                    bytes.length,
                    our,
                    their,
                    our / their);
        } catch (IOException e) {
            out.printf("bench=decode file=%s skipped=\"%s\"%n", name, e.getMessage());
        } finally {
            Files.deleteIfExists(input);
        }
    }

    private static double peerSeconds(String peer, Path input) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(peer)
                .redirectInput(input.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(peer + " ended with exit code " + code);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void decode(byte[] bytes) {
        PrintStream json = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        feed(bytes, new FixListener() {
            @Override
            public void onFix(FixReport fix) {
                json.println(GpsdJson.tpv(fix));
            }

            @Override
            public void onSky(SkyView sky) {
                json.println(GpsdJson.sky(sky));
            }
        });
        json.flush();
    }

    private static void feed(byte[] bytes, FixListener listener) {
        ReceiverDecoder decoder = new ReceiverDecoder(new GpsEra(LocalDate.of(2010, 1, 1)), listener);
        for (int at = 0; at < bytes.length; at += READ_SIZE) {
            decoder.accept(bytes, at, Math.min(READ_SIZE, bytes.length - at), at);
        }
        decoder.endOfInput();
    }

    private static byte[] repeated(byte[] bytes, int atLeast) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(atLeast + bytes.length);
        while (all.size() < atLeast && bytes.length > 0) {
            all.write(bytes, 0, bytes.length);
        }
        return all.toByteArray();
    }

    private static double secondsOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
