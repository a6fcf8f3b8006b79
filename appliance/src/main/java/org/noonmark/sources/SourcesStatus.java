package org.noonmark.sources;

import java.util.List;

/**
 * All sources, for reports.
 *
 * @param all in the order of the configuration
 * @param decisions so many times it was decided which of them agree
 * @param disagreement why they agree on nothing, one phrase; empty when they do
 */
public record SourcesStatus(List<SourceStatus> all, long decisions, String disagreement) {
    /** No server is asked. */
    public static final SourcesStatus NONE = new SourcesStatus(List.of(), 0, "");

    public SourcesStatus {
        all = List.copyOf(all);
    }

    /** What they are, in a word: servers, clocks at this machine, or sources where there are both. */
    public String kinds() {
        boolean clocks = all.stream().anyMatch(SourceStatus::isClock);
        boolean servers = all.stream().anyMatch(source -> !source.isClock());
        return clocks && servers ? "sources" : clocks ? "clocks" : "servers";
    }
}
