package org.noonmark.app;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.control.Answer;
import org.noonmark.control.Commands;
import org.noonmark.control.Request;
import org.noonmark.sources.Moment;
import org.noonmark.sources.TypedTimes;
import org.noonmark.status.JsonWriter;
import org.tinylog.Logger;

/**
 * Time that a person types: chronyc's {@code settime} and {@code manual}. The clock is set by it while nothing better is known of the time, and
 * served by {@code local} alone, with the error of a hand. What is typed is done on the timing thread.
 */
final class ManualCommands implements Commands {
    private static final int SECONDS = 3;
    private static final String OK = "200 OK\n";
    private static final String JSON = "--json";
    private static final String COLUMNS = "#    Date     Time(UTC)    Slewed   Original   Residual\n";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final Answer LATE = Answer.usage("the timing thread does not answer: ask again in a second");

    /** The clock that is to be set. For the timing thread. */
    interface Hand {
        /** This instant on the clock and on one that nobody steers. */
        Moment moment();

        /** How fast the clock runs against raw time, ppb. */
        double ratePpb();

        /** The clock's correction, ppb; positive: it is made faster. */
        double frequencyPpb();

        /** Why nobody may move the clock by so much by hand, one sentence; empty when one may. */
        String refusal(long deltaNanos);

        /** Does what is estimated; whether that went well. */
        boolean set(TypedTimes.Estimate estimate);
    }

    private final Inbox inbox;
    private final LongSupplier monotonicNanos;
    private final boolean steersClock;
    private final boolean isServed;
    private final Commands others;
    private final TypedTimes typed = new TypedTimes(); // the timing thread's
    private volatile boolean enabled;
    private volatile @Nullable Hand hand;

    /**
     * @param enabled by the configuration ({@code manual})
     * @param steersClock whether it is the machine's own clock that is set
     * @param isServed whether there is {@code local}
     * @param others who answers what is not about this
     */
    ManualCommands(
            Inbox inbox,
            LongSupplier monotonicNanos,
            boolean enabled,
            boolean steersClock,
            boolean isServed,
            Commands others) {
        this.inbox = inbox;
        this.monotonicNanos = monotonicNanos;
        this.enabled = enabled;
        this.steersClock = steersClock;
        this.isServed = isServed;
        this.others = others;
    }

    /** From now on there is a clock to set. */
    void onStarted(Hand started) {
        hand = started;
    }

    /** Nobody knows how long it is since anything was typed. On the timing thread. */
    void forget() {
        typed.reset();
    }

    @Override
    public Answer execute(Request request) {
        return switch (request.name()) {
            case "settime" -> settime(words(request));
            case "manual" -> manual(words(request), request.has(JSON));
            default -> others.execute(request);
        };
    }

    private static List<String> words(Request request) {
        return request.arguments().stream()
                .filter(word -> !word.startsWith("--"))
                .toList();
    }

    private Answer settime(List<String> words) {
        long askedNanos = monotonicNanos.getAsLong();
        if (!enabled) {
            return Answer.usage("501 Not enabled: write 'manual' in the configuration, or say 'noonmark manual on'");
        }
        String text = String.join(" ", words);
        return onTimingThread(clock -> {
            Moment now = clock.moment();
            Optional<Long> time = TypedTime.parse(text, ZoneId.systemDefault(), now.localNanos());
            if (time.isEmpty()) {
                return Answer.usage("510 - Could not parse date string: " + TypedTime.EXPECTED);
            }
            long trueNanos = time.get() + monotonicNanos.getAsLong() - askedNanos;
            String refusal = typed.isTooSoon(now)
                    ? "the last time was typed less than a second ago"
                    : clock.refusal(trueNanos - now.localNanos());
            if (!refusal.isEmpty()) {
                return Answer.usage("500 Failure: " + refusal);
            }
            double before = clock.frequencyPpb();
            TypedTimes.Estimate estimate = typed.add(trueNanos, now);
            if (!clock.set(estimate)) {
                typed.delete(typed.count() - 1);
                return Answer.usage("500 Failure: the clock cannot be set; the log says why");
            }
            return Answer.ok(OK
                    + said(
                            estimate,
                            before,
                            clock.frequencyPpb(),
                            clock.moment().localNanos()));
        });
    }

    private String said(TypedTimes.Estimate estimate, double beforePpb, double afterPpb, long nowNanos) {
        // As chronyc prints it. Frequencies are told as how fast the clock is without correction.
        String sentence = String.format(
                Locale.ROOT,
                "Clock was %.2f seconds fast.  Frequency change = %.2fppm, new frequency = %.2fppm",
                estimate.fastNanos() / 1e9,
                (beforePpb - afterPpb) / 1e3,
                (0 - afterPpb) / 1e3);
        Logger.warn("{}, by hand", sentence);
        String served = isServed
                ? "It is served by 'local' until something better is known"
                : "It is not served: that takes a line 'local'";
        String where =
                steersClock ? "" : "This machine's clock is left alone (-x); its copy, which is served, was set.\n";
        String utc = "It is " + TIME.format(Instant.ofEpochSecond(0, nowNanos)) + " UTC. ";
        return sentence + "\n" + where + utc + served + ", and taken for right to "
                + TypedTimes.ERROR_NANOS / 1_000_000_000L + " s and "
                + String.format(Locale.ROOT, "%.0f ppm.%n", estimate.skew() * 1e6);
    }

    private Answer manual(List<String> words, boolean json) {
        String what = words.isEmpty() ? "" : words.getFirst();
        boolean isWhole = words.size() == (what.equals("delete") ? 2 : 1);
        return switch (isWhole ? what : "") {
            case "on", "off" -> {
                enabled = what.equals("on");
                Logger.info("time typed by hand is {} from now on, by command", enabled ? "taken" : "refused");
                yield Answer.ok(OK);
            }
            case "reset" ->
                onTimingThread(_ -> {
                    typed.reset();
                    return Answer.ok(OK);
                });
            case "list" ->
                onTimingThread(clock ->
                        Answer.ok(json ? json(clock) + "\n" : list(typed.rows(clock.moment(), clock.ratePpb()))));
            case "delete" -> delete(words.get(1));
            default ->
                Answer.usage("manual takes on, off, list, reset, or delete with the number of a time in 'manual list'");
        };
    }

    private Answer delete(String word) {
        OptionalInt index = word.matches("[0-9]{1,4}") ? OptionalInt.of(Integer.parseInt(word)) : OptionalInt.empty();
        return onTimingThread(clock -> {
            if (index.isEmpty() || index.getAsInt() >= typed.count()) {
                return Answer.usage(
                        "no time that was typed has the number " + word + ": 'noonmark manual list' shows them");
            }
            // Nothing is moved, and no bound renewed: the next time that is typed goes by what is left.
            typed.delete(index.getAsInt());
            return Answer.ok(OK);
        });
    }

    private static String list(List<TypedTimes.Row> rows) {
        StringBuilder out = new StringBuilder("210 n_samples = " + rows.size() + "\n" + COLUMNS);
        out.append("=".repeat(COLUMNS.length() - 1)).append('\n');
        for (int i = 0; i < rows.size(); i++) {
            TypedTimes.Row row = rows.get(i);
            out.append(String.format(
                    Locale.ROOT,
                    "%2d %s %10.2f %10.2f %10.2f%n",
                    i,
                    TIME.format(Instant.ofEpochSecond(0, row.localNanos())),
                    row.slewedNanos() / 1e9,
                    row.originalNanos() / 1e9,
                    row.residualNanos() / 1e9));
        }
        return out.toString();
    }

    private String json(Hand clock) {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("enabled", enabled).beginArray("times");
        for (TypedTimes.Row row : typed.rows(clock.moment(), clock.ratePpb())) {
            json.beginObject()
                    .field("atUnixNanos", row.localNanos())
                    .field("slewedOffsetNanos", row.slewedNanos(), 0)
                    .field("originalOffsetNanos", row.originalNanos(), 0)
                    .field("residualNanos", row.residualNanos(), 0)
                    .endObject();
        }
        return json.endArray().endObject().toString();
    }

    private interface Deed {
        Answer on(Hand clock);
    }

    private Answer onTimingThread(Deed deed) {
        Hand clock = hand;
        if (clock == null) {
            return Answer.usage("the clock is not watched yet: ask again in a second");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        inbox.accept(new TimingEvent.Asked(() -> {
            try {
                answer.complete(deed.on(clock));
            } catch (RuntimeException e) {
                // Whatever becomes of a command, the time is kept.
                Logger.error(e, "a command of 'settime' or 'manual' failed: a fault of this program");
                answer.completeExceptionally(e);
            }
        }));
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LATE;
        } catch (ExecutionException | TimeoutException e) {
            return LATE;
        }
    }
}
