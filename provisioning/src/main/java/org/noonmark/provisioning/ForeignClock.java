package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A {@code refclock} line of a driver that Noonmark does not have: in old files mostly what gpsd hands over of the receiver that is
 * read directly here. One {@code receiver} line replaces them all, so only one of them is cured by it.
 */
final class ForeignClock {
    private ForeignClock() {}

    static boolean isOne(Statement statement) {
        return statement.name().equalsIgnoreCase("refclock")
                && instead(statement).isPresent();
    }

    /** The {@code refid} of the line, if it has one. */
    static Optional<String> refid(Statement statement) {
        List<String> words = statement.words();
        for (int i = 3; i + 1 < words.size(); i++) {
            if (words.get(i).equalsIgnoreCase("refid")) {
                return Optional.of(words.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** The clock whose place a receiver should take: the one that pulses lock to, else the first that comes from gpsd. */
    static Optional<Statement> replaceable(List<Statement> clocks, List<String> locks) {
        List<Statement> fromGpsd =
                clocks.stream().filter(ForeignClock::isFromGpsd).toList();
        return fromGpsd.stream()
                .filter(clock -> refid(clock).filter(locks::contains).isPresent())
                .findFirst()
                .or(() -> fromGpsd.stream().findFirst());
    }

    /** Refuses every clock; {@code replaced} is cured by a receiver of the name {@code refid}, which keeps locks valid. */
    static void refuse(List<Statement> clocks, Optional<Statement> replaced, String refid, Consumer<Problem> problems) {
        for (Statement clock : clocks) {
            String cure;
            if (replaced.filter(clock::equals).isPresent()) {
                cure = "stop gpsd and write 'receiver /dev/serial0 refid " + Statement.printable(refid)
                        + "'; Noonmark reads the receiver itself";
            } else if (isFromGpsd(clock)) {
                cure = "remove the line; one 'receiver' line stands for all that gpsd hands over";
            } else {
                cure = instead(clock).orElseThrow();
            }
            String driver = clock.words().get(1);
            problems.accept(clock.error(driver, quote(clock.name() + " " + driver) + " is not supported yet", cure));
        }
    }

    private static boolean isFromGpsd(Statement clock) {
        return clock.words().get(1).matches("(?i)SHM|SOCK");
    }

    private static Optional<String> instead(Statement statement) {
        return statement.rest().stream().findFirst().flatMap(SupportedDirectives.DRIVER::instead);
    }
}
