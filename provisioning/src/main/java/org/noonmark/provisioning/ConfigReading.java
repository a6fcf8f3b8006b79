package org.noonmark.provisioning;

import java.util.List;

/** What became of reading a configuration. */
public sealed interface ConfigReading {
    /** Everything found, by file and line, what concerns a whole file last; errors and warnings mixed. */
    List<Problem> problems();

    /**
     * The configuration can be used.
     *
     * @param problems warnings only
     * @param settings the effective configuration, in the order of the directive table
     */
    record Accepted(ApplianceConfig config, List<Setting> settings, List<Problem> problems) implements ConfigReading {}

    /**
     * It cannot.
     *
     * @param problems at least one error
     */
    record Refused(List<Problem> problems) implements ConfigReading {}
}
