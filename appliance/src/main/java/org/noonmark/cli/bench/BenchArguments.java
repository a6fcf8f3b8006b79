package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The arguments of a measurement, {@code --NAME VALUE} each, and the frame that it runs in. */
final class BenchArguments {
    private static final int USAGE = 2;

    private final Map<String, String> values;

    private BenchArguments(Map<String, String> values) {
        this.values = values;
    }

    /** What runs once the arguments are read. */
    interface Measurement {
        /**
         * Measures and prints.
         *
         * @throws IllegalStateException when the machine lacks something, or answers were wrong
         */
        void run() throws IOException, InterruptedException, GeneralSecurityException;
    }

    /**
     * Reads the arguments and measures.
     *
     * @param name as in {@code bench NAME}
     * @param usage all arguments, such as {@code [--rounds 1..1000]}: these names are read
     * @param read throws IllegalArgumentException when a value is none
     * @return the exit code
     */
    static int run(String name, String usage, String[] args, Function<BenchArguments, Measurement> read) {
        Measurement measurement;
        try {
            measurement = read.apply(of(args, usage));
        } catch (IllegalArgumentException wrong) {
            System.err.println("usage: bench " + name + " " + usage);
            return USAGE;
        }
        try {
            measurement.run();
            return 0;
        } catch (IOException | GeneralSecurityException | IllegalStateException e) {
            System.err.println("bench " + name + ": " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static BenchArguments of(String[] args, String usage) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!usage.contains("[" + args[i] + " ")) {
                throw new IllegalArgumentException(args[i]);
            }
            values.put(args[i], i + 1 < args.length ? args[i + 1] : "");
        }
        return new BenchArguments(values);
    }

    /** Its number, from 1 to {@code most}. */
    int number(String name, int usual, int most) {
        int number = Integer.parseInt(values.getOrDefault(name, Integer.toString(usual)));
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(name);
        }
        return number;
    }

    /** Its word, one of these; the first when it is not given. */
    String word(String name, String... words) {
        String word = values.getOrDefault(name, words[0]);
        if (!List.of(words).contains(word)) {
            throw new IllegalArgumentException(name);
        }
        return word;
    }

    /** Whether it is "yes", and not "no". */
    boolean isYes(String name) {
        return word(name, "no", "yes").equals("yes");
    }

    /** Its file, if it is given. */
    Optional<Path> file(String name) {
        return Optional.ofNullable(values.get(name)).map(Path::of);
    }

    /** The program of {@code --chronyd}, or the one that is installed; for {@link #require}. */
    Optional<Path> chronyd() {
        return file("--chronyd").or(Chronyd::find);
    }

    static Path require(Optional<Path> chronyd) {
        return chronyd.orElseThrow(() -> new IllegalStateException(
                "no chronyd on PATH. Install chrony (its service need not run), or give --chronyd PROGRAM"));
    }
}
