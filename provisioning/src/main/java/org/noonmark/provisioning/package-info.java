/**
 * What the owner asks for: the configuration in chrony.conf(5) syntax, and the first-boot file. In: text. Out: a checked
 * {@link org.noonmark.provisioning.ApplianceConfig}, or problems that name file, line, value and cure.
 */
@NullMarked
package org.noonmark.provisioning;

import org.jspecify.annotations.NullMarked;
