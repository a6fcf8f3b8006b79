package org.noonmark.status;

import java.util.Locale;

/**
 * Writes one JSON text (RFC 8259) into a string builder, without white space. Commas are its business; the caller opens and closes
 * what it opened. Numbers that JSON cannot say (NaN, infinite) are left out together with their name.
 */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder(512);
    private boolean needsComma;

    /** Opens an object: as the whole text, or as an element of an array. */
    public JsonWriter beginObject() {
        return open('{');
    }

    /** Opens an object that is the value of {@code name}. */
    public JsonWriter beginObject(String name) {
        return name(name).open('{');
    }

    /** Closes the innermost object. */
    public JsonWriter endObject() {
        return close('}');
    }

    /** Opens an array that is the value of {@code name}. */
    public JsonWriter beginArray(String name) {
        return name(name).open('[');
    }

    /** Closes the innermost array. */
    public JsonWriter endArray() {
        return close(']');
    }

    /** A string member. */
    public JsonWriter field(String name, String value) {
        return name(name).element(value);
    }

    /** An integer member. */
    public JsonWriter field(String name, long value) {
        name(name);
        out.append(value);
        needsComma = true;
        return this;
    }

    /** A boolean member. */
    public JsonWriter field(String name, boolean value) {
        name(name);
        out.append(value);
        needsComma = true;
        return this;
    }

    /** A decimal member with {@code digits} digits after the point; left out when it is not finite. */
    public JsonWriter field(String name, double value, int digits) {
        if (Double.isFinite(value)) {
            name(name);
            out.append(String.format(Locale.ROOT, "%." + digits + "f", value));
            needsComma = true;
        }
        return this;
    }

    /** A string element of an array. */
    public JsonWriter element(String value) {
        comma();
        quote(value);
        needsComma = true;
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private JsonWriter open(char bracket) {
        comma();
        out.append(bracket);
        needsComma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.append(bracket);
        needsComma = true;
        return this;
    }

    private JsonWriter name(String name) {
        comma();
        quote(name);
        out.append(':');
        needsComma = false;
        return this;
    }

    private void comma() {
        if (needsComma) {
            out.append(',');
        }
        needsComma = false;
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
