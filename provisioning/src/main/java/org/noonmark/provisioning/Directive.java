package org.noonmark.provisioning;

import java.util.List;
import java.util.Optional;

/** One entry of the table of directives: everything that is known of a setting, said once. */
public sealed interface Directive {
    /** As in chrony.conf(5), in small letters; files may write it in any case. */
    String name();

    /** What it does, one sentence. */
    String effect();

    /**
     * A directive that the daemon honours.
     *
     * @param arguments words by place, optional ones last
     * @param options words by name, after the arguments
     * @param standard the line that holds when no file has the directive; empty: nothing holds
     * @param sample lines of the sample file, those with {@code #} as examples only
     */
    record Supported(
            String name,
            String effect,
            List<Argument> arguments,
            List<Option> options,
            Optional<String> standard,
            List<String> sample)
            implements Directive {}

    /**
     * A directive of chrony that is refused until it is built.
     *
     * @param synopsis its arguments, with unit, range and default
     * @param instead the cure: what to do now, beginning with a verb
     */
    record NotYet(String name, String synopsis, String effect, String instead) implements Directive {}

    /**
     * A directive of chrony that is refused for good.
     *
     * @param synopsis its arguments, with unit, range and default
     * @param reason why, one phrase
     */
    record Never(String name, String synopsis, String effect, String reason) implements Directive {}
}
