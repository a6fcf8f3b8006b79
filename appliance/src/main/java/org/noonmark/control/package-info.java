/**
 * The human side's transport: the control socket. Reads snapshots, posts commands.
 */
@NullMarked
package org.noonmark.control;

import org.jspecify.annotations.NullMarked;
