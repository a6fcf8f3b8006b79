package org.noonmark.nmea.setup;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far a set-up has come.
 *
 * @param state where it stands
 * @param model what the receiver says it is; empty while it has not said
 * @param changes what was changed, in order
 * @param remarks what could not be had, each in one plain phrase
 * @param steady what the receiver sends each second from now on, of that which shows that it kept its settings
 */
public record SetupReport(
        State state, String model, List<Change> changes, List<String> remarks, Set<SteadyMessage> steady) {
    /** Where a set-up stands. */
    public enum State {
        /** It asks, and changes. */
        TALKING,
        /** All is as it should be, or as near as this receiver can. */
        DONE,
        /** The receiver understood nothing that was said to it. */
        UNANSWERED,
        /** Its line is too slow for more than it sends. */
        TOO_SLOW
    }

    /**
     * A setting that was changed in the receiver's memory, until it is switched off.
     *
     * @param what the setting
     * @param before its value as found
     * @param after its value now
     * @param undo the command that sets it back: hexadecimal bytes, or a sentence
     */
    public record Change(String what, String before, String after, String undo) {
        @Override
        public String toString() {
            return what + " was " + before + ", is " + after;
        }
    }

    public SetupReport {
        changes = List.copyOf(changes);
        remarks = List.copyOf(remarks);
        steady = Set.copyOf(steady);
    }

    /** One plain sentence without a full stop. */
    public String sentence() {
        String found = switch (state) {
            case TALKING -> "the receiver is asked for its settings";
            case UNANSWERED ->
                "the receiver does not answer and is used as it is; check the wire from our TX to its RX, or write 'setup off'";
            case TOO_SLOW ->
                "the line is too slow for more messages, so the receiver is used as it is; set it to 9600 baud or more";
            case DONE ->
                changes.isEmpty()
                        ? "the receiver's settings are as wanted"
                        : changes.size() + (changes.size() == 1 ? " setting" : " settings")
                                + " changed until it is switched off: "
                                + changes.stream().map(Change::what).collect(Collectors.joining(", "));
        };
        return remarks.isEmpty() ? found : found + "; " + String.join("; ", remarks);
    }
}
