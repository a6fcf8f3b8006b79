/**
 * The Linux PPS device, {@code /dev/ppsN}, by its ioctls. The only place of this module that knows JNA.
 */
@NullMarked
package org.noonmark.pps.kernel;

import org.jspecify.annotations.NullMarked;
