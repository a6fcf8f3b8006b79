package org.noonmark.provisioning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line that names servers, given while the daemon runs.
 *
 * @param server what it says; empty when it cannot be taken
 * @param problems why, a sentence each
 */
public record ServerLine(Optional<ServerConfig> server, List<String> problems) {
    /** Reads {@code server NAME [OPTION]...} or the same with {@code pool} or {@code peer}; {@code keys} are those of the key file. */
    public static ServerLine parse(List<String> words, List<SymmetricKey> keys) {
        Optional<Directive.Supported> directive = words.isEmpty()
                ? Optional.empty()
                : SupportedDirectives.TABLE.stream()
                        .filter(known -> ServerDirectives.LINES.contains(known))
                        .filter(known -> known.name().equalsIgnoreCase(words.getFirst()))
                        .findFirst();
        if (directive.isEmpty()) {
            return new ServerLine(
                    Optional.empty(),
                    List.of(
                            "a source is added by 'add server NAME [OPTION]...' or with 'pool' or 'peer' in its place, with the"
                                    + " options of the configuration"));
        }
        List<Problem> problems = new ArrayList<>();
        Statement statement = new Statement("add", 1, List.copyOf(words));
        Optional<Arguments> arguments = ArgumentParser.parse(statement, directive.get(), problems::add);
        arguments.ifPresent(read -> new ServerReading(problems::add).check(List.of(read), keys, !keys.isEmpty()));
        return new ServerLine(
                problems.stream().noneMatch(Problem::isError) ? arguments.map(ServerReading::read) : Optional.empty(),
                problems.stream()
                        .map(problem -> problem.fault() + ": " + problem.cure())
                        .toList());
    }
}
