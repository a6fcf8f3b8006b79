/**
 * The commands of {@code noonmark}.
 */
@NullMarked
package org.noonmark.cli;

import org.jspecify.annotations.NullMarked;
