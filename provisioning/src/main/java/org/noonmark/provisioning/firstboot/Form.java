package org.noonmark.provisioning.firstboot;

import java.util.Optional;

/**
 * What a value must look like, and what it becomes.
 *
 * @param <T> the checked value
 */
interface Form<T> {
    /** The value; empty when it was refused, which {@code given} has been told. */
    Optional<T> read(Given given, String cure);

    /** What is expected, as in "expected a number from 1 to 4094". */
    String expected();
}
