package org.noonmark.provisioning;

/** Which pulse a receiver's sentences name, counted from their first byte. */
public enum LabelledPulse {
    /** The last one, as is usual: nobody has said so. */
    AUTO,
    /** The last one: they begin less than a second after it. */
    LAST,
    /** The one before the last: they begin one to two seconds after it. */
    PREVIOUS,
    /** The one to come. */
    NEXT
}
