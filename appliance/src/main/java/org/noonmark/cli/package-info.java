/**
 * The commands of {@code noonmark}: they read the command line, start the daemon or ask it, print, and end with an
 * {@link org.noonmark.cli.ExitCode}.
 */
@NullMarked
package org.noonmark.cli;

import org.jspecify.annotations.NullMarked;
