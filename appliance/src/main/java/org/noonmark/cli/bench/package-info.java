/**
 * Benchmarks that ship with the product: what {@code dev bench} runs.
 */
@NullMarked
package org.noonmark.cli.bench;

import org.jspecify.annotations.NullMarked;
