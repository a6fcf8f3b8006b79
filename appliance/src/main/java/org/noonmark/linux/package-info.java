/**
 * Native calls of the daemon behind safe faces: kernel clock, sockets with stamps, pseudo-terminals, scheduling, service manager
 * notification. The only place of this module that knows JNA or java.lang.foreign.
 */
@NullMarked
package org.noonmark.linux;

import org.jspecify.annotations.NullMarked;
