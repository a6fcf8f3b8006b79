package org.noonmark.provisioning;

/**
 * A word that a directive takes by its place.
 *
 * @param name in capitals; small letters for a word to be typed as it is
 * @param required whether it may be left out
 * @param effect what it means, one phrase
 */
record Argument(String name, Kind kind, boolean required, String effect) {
    static Argument required(String name, Kind kind, String effect) {
        return new Argument(name, kind, true, effect);
    }

    static Argument optional(String name, Kind kind, String effect) {
        return new Argument(name, kind, false, effect);
    }

    String synopsis() {
        String word = kind instanceof Kind.Choice choice ? String.join("|", choice.words()) : name;
        return required ? word : "[" + word + "]";
    }
}
