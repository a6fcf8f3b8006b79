package org.noonmark.provisioning;

/**
 * A line of the effective configuration and where it comes from.
 *
 * @param text in the syntax of the file, with defaults filled in
 * @param origin {@code file:line}, or {@code default}
 */
public record Setting(String text, String origin) {}
