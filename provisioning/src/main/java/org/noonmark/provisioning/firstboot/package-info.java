/**
 * The first-boot file: what {@code noonmark.toml} and the files of Raspberry Pi Imager on the boot partition ask for. In: their bytes
 * and what is in place already. Out: {@link org.noonmark.provisioning.firstboot.Step}s for a
 * {@link org.noonmark.provisioning.firstboot.Host}, and a report that names file, line, value and cure of all that was refused. A
 * setting exists once, in {@link org.noonmark.provisioning.firstboot.Keys}: sample, checks and messages come from there. Knows no
 * disk, no clock, no process.
 */
@NullMarked
package org.noonmark.provisioning.firstboot;

import org.jspecify.annotations.NullMarked;
