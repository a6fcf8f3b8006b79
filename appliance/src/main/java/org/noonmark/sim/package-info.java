/**
 * The simulated world: oscillator, clock, receiver and pulses; replay of captures. Shipped, because the demo, the benchmarks and
 * replay use it.
 */
@NullMarked
package org.noonmark.sim;

import org.jspecify.annotations.NullMarked;
