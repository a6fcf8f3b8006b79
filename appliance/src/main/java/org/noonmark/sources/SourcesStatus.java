package org.noonmark.sources;

import java.util.List;

/**
 * All servers that are asked, for reports.
 *
 * @param all in the order of the configuration
 * @param disagreement why they agree on nothing, one phrase; empty when they do
 */
public record SourcesStatus(List<SourceStatus> all, String disagreement) {
    /** No server is asked. */
    public static final SourcesStatus NONE = new SourcesStatus(List.of(), "");

    public SourcesStatus {
        all = List.copyOf(all);
    }
}
