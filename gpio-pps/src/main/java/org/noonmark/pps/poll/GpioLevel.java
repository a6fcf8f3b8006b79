package org.noonmark.pps.poll;

/** A pin that can be read at any time; each call is a reading of its own. */
@FunctionalInterface
interface GpioLevel {
    boolean isHigh();
}
