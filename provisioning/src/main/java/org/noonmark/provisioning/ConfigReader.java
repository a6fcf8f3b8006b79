package org.noonmark.provisioning;

import java.util.List;

/**
 * Reads a configuration file and what it includes. Pure: all text comes through {@link ConfigFiles}. It never throws for what a file
 * says.
 */
public final class ConfigReader {
    private final ConfigFiles files;

    public ConfigReader(ConfigFiles files) {
        this.files = files;
    }

    /** Reads {@code path} and everything it includes; reports every problem, not the first, up to 200. */
    public ConfigReading read(String path) {
        ProblemList problems = new ProblemList(path);
        Assembly assembly = new Assembly(files, problems);
        new FileWalk(files, assembly::apply, problems).read(path);
        assembly.finish(path);
        List<Problem> found = problems.toList();
        if (found.stream().anyMatch(Problem::isError)) {
            return new ConfigReading.Refused(found);
        }
        return new ConfigReading.Accepted(assembly.config(), assembly.settings(), found);
    }
}
