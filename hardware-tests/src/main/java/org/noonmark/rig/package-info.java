/**
 * Rigs: the whole product against judges that others made. Named {@code ...Rig}, so that the ordinary tests pass them by; {@code ./dev
 * rig NAME} runs one.
 */
@NullMarked
package org.noonmark.rig;

import org.jspecify.annotations.NullMarked;
