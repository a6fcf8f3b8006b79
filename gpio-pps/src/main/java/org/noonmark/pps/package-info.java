/**
 * Pulses. In: edges stamped by the kernel (or a simulation). Out: checked {@link org.noonmark.pps.PpsEdge}s. It knows nothing of
 * what second a pulse marks.
 */
@NullMarked
package org.noonmark.pps;

import org.jspecify.annotations.NullMarked;
