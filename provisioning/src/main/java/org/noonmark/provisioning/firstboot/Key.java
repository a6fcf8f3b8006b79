package org.noonmark.provisioning.firstboot;

import java.util.Optional;

/**
 * A setting of noonmark.toml: everything that is known of it.
 *
 * @param section without brackets
 * @param name within the section
 * @param form what a value must look like
 * @param effect what it does, in a sentence without end mark
 * @param standard what holds without it, in a phrase
 * @param sample an example of a value, in TOML
 * @param secret whether the line is taken out of the file after use
 */
record Key<T>(
        String section, String name, Form<T> form, String effect, String standard, String sample, boolean secret) {
    /** The value, or empty when it was refused. */
    Optional<T> read(Given given) {
        return form.read(given, cure());
    }

    /** How it is written. */
    String cure() {
        return "write '" + name + " = " + sample.lines().findFirst().orElse("") + "'";
    }

    /** {@code section.name}. */
    String path() {
        return section + "." + name;
    }
}
