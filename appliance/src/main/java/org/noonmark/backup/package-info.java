/**
 * The backup of a box as one file: what it holds, and how it is sealed with a passphrase. Files come in as values and go out as such; where they
 * lie on a box is not known here.
 */
@NullMarked
package org.noonmark.backup;

import org.jspecify.annotations.NullMarked;
