package org.noonmark.provisioning;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The table of directives: finds an entry by its name, or the name that was meant. */
public final class Directives {
    /** Words that look like directives to owners of other files, and what they are. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            option("minpoll", "server"),
            option("maxpoll", "server"),
            option("polltarget", "server"),
            option("iburst", "server"),
            option("burst", "ratelimit"),
            option("interval", "ratelimit"),
            option("prefer", "server"),
            option("nts", "server"),
            option("maxdelay", "server"),
            option("maxsources", "pool"),
            option("xleave", "server"),
            option("lock", "refclock"),
            option("refid", "receiver"),
            option("offset", "receiver"),
            option("delay", "receiver"),
            option("baud", "receiver"),
            option("pps", "receiver"),
            option("stratum", "local"),
            option("orphan", "local"),
            ofNtpd("restrict", "allow"),
            ofNtpd("fudge", "receiver"),
            ofNtpd("interface", "bindaddress"),
            ofNtpd("leapfile", "leapseclist"),
            ofNtpd("statsdir", "logdir"),
            ofNtpd("includefile", "include"),
            ofNtpd("tinker", "makestep"));

    private static final List<Directive> ALL = Stream.of(
                    SupportedDirectives.TABLE, RefusedDirectives.NOT_YET, RefusedDirectives.NEVER)
            .<Directive>flatMap(Collection::stream)
            .toList();

    private static final Map<String, Directive> BY_NAME =
            ALL.stream().collect(toMap(Directive::name, Function.identity()));

    private Directives() {}

    /** Every directive: those honoured, in the order of the sample file, then those refused. */
    public static List<Directive> all() {
        return ALL;
    }

    /** The directive of that name in any case. */
    public static Optional<Directive> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /** What to do about a word that is not a directive: the name that was probably meant, or where names are listed. */
    public static String cureForUnknown(String name) {
        String foreign = FOREIGN.get(name.toLowerCase(Locale.ROOT));
        if (foreign != null) {
            return foreign;
        }
        return nearest(name, ALL.stream().map(Directive::name))
                .map(meant -> "did you mean '" + meant + "'?")
                .orElse("'noonmark config explain' lists all directives");
    }

    /** The candidate that differs from {@code word} by the fewest typing errors, if these are few for its length. */
    public static Optional<String> nearest(String word, Stream<String> candidates) {
        String lower = word.toLowerCase(Locale.ROOT);
        return candidates
                .map(candidate -> new Guess(candidate, errorsIfFew(lower, candidate)))
                .filter(guess -> guess.errors() < Integer.MAX_VALUE)
                .min(Comparator.comparingInt(Guess::errors))
                .map(Guess::name);
    }

    private record Guess(String name, int errors) {}

    private static int errorsIfFew(String word, String candidate) {
        int few = Math.max(1, candidate.length() / 3);
        if (Math.abs(word.length() - candidate.length()) > few) {
            return Integer.MAX_VALUE;
        }
        int errors = TypingErrors.between(word, candidate);
        return errors <= few ? errors : Integer.MAX_VALUE;
    }

    private static Map.Entry<String, String> option(String name, String directive) {
        return Map.entry(
                name,
                "it is an option that belongs on the line of '" + directive + "', see 'noonmark config explain "
                        + directive + "'");
    }

    private static Map.Entry<String, String> ofNtpd(String name, String directive) {
        return Map.entry(
                name,
                "it is a directive of ntpd, see 'noonmark config explain " + directive
                        + "' for the one that is used here");
    }
}
