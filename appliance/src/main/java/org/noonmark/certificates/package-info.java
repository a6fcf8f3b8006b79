/**
 * Certificates and their keys: reads those of others (PEM), judges whether they belong together and how long they hold, and makes those of
 * the built-in authority of this network (X.509, RFC 5280). In: bytes and a date that was proven. Out: certified keys, or one sentence with
 * the cure. Knows no files, no network and no clock.
 *
 * <p>The JDK reads certificates and makes none; what is written here is the small part of DER that our own few certificates need, against
 * ten megabytes of a library on the card.
 */
@NullMarked
package org.noonmark.certificates;

import org.jspecify.annotations.NullMarked;
