package org.noonmark.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Properties;

/**
 * What was built.
 *
 * @param version such as {@code 0.1.0}
 * @param date of the build: no receiver's date before it can be true
 */
public record Build(String version, LocalDate date) {
    /** Of the running program. */
    public static Build load() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in == null) {
                throw new IllegalStateException("build.properties is missing from the jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Build(
                properties.getProperty("version"),
                OffsetDateTime.parse(properties.getProperty("date")).toLocalDate());
    }
}
