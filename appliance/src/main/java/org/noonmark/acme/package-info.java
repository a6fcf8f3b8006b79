/**
 * Gets certificates for public names from an ACME service (RFC 8555): an order, the proof that the names are the owner's, the
 * certificate. In: account key, names, a signing request. Out: certificates, or one sentence why not. Knows no files but the owner's
 * program, and neither when an order is due nor what becomes of a certificate. The protocol itself is acme4j's.
 */
@NullMarked
package org.noonmark.acme;

import org.jspecify.annotations.NullMarked;
