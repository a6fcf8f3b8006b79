package org.noonmark.provisioning;

import java.util.OptionalInt;

/**
 * Lamps of the front panel, by their GPIO (Broadcom) numbers, 0 to 27.
 *
 * @param lockPin lit while the time is proven; empty: no such lamp
 * @param fixPin lit while a receiver has a fix; empty: no such lamp
 */
public record FrontPanelConfig(OptionalInt lockPin, OptionalInt fixPin) {}
