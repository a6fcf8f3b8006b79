package org.noonmark.sources;

/**
 * A line that names servers.
 *
 * @param name host name or address, as written
 * @param pool whether the name stands for several servers
 * @param maxSources how many of them are asked; 1 where it is no pool
 * @param options how each is asked
 */
public record SourceConfig(String name, boolean pool, int maxSources, SourceOptions options) {
    /** One server. */
    public static SourceConfig server(String name, SourceOptions options) {
        return new SourceConfig(name, false, 1, options);
    }
}
