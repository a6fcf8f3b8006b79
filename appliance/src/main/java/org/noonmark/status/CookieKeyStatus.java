package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys that NTS cookies are sealed with, as they may be told: never their secrets.
 *
 * @param file where they are kept; empty: nowhere
 * @param shared whether the file is another server's
 * @param rotateSeconds how long each seals new cookies; 0: until the file changes
 * @param nextRotationSeconds since 1970; 0: not known
 * @param nowSeconds since 1970; 0: not known
 * @param keys the latest first
 * @param trouble what is wrong with the file: a sentence, or nothing
 */
public record CookieKeyStatus(
        String file,
        boolean shared,
        long rotateSeconds,
        long nextRotationSeconds,
        long nowSeconds,
        List<Key> keys,
        String trouble) {
    public CookieKeyStatus {
        keys = List.copyOf(keys);
    }

    /**
     * One key.
     *
     * @param id eight hexadecimal digits
     * @param role {@code next}, {@code current} or {@code previous}
     * @param sinceSeconds when it became the current one, since 1970; 0: not yet, or not known
     */
    public record Key(String id, String role, long sinceSeconds) {
        private Key as(String other) {
            return new Key(id, other, sinceSeconds);
        }
    }

    /** The list of keys, each with its role. */
    public static List<Key> keys(Key next, Key current, List<Key> previous) {
        List<Key> all = new ArrayList<>(List.of(next.as("next"), current.as("current")));
        previous.forEach(key -> all.add(key.as("previous")));
        return all;
    }

    /** {@code nts keys}. */
    public String text() {
        StringBuilder out = new StringBuilder(512);
        out.append(ChronycFigures.format("%-8s  %-8s  %-19s  %s\n", "Key", "Role", "Seals since (UTC)", "Age"));
        for (Key key : keys) {
            boolean dated = key.sinceSeconds() != 0;
            out.append(ChronycFigures.format(
                    "%-8s  %-8s  %-19s  %s\n",
                    key.id(),
                    key.role(),
                    dated ? Figures.dateTime(key.sinceSeconds() * 1_000_000_000L) : "-",
                    dated && nowSeconds != 0 ? Figures.lasting((double) (nowSeconds - key.sinceSeconds())) : "-"));
        }
        return out.append(words()).append('\n').toString();
    }

    private String words() {
        if (!trouble.isEmpty()) {
            return trouble;
        }
        String kept = file.isEmpty()
                ? "They are not kept over a restart: add 'ntsdumpdir /var/lib/noonmark' to noonmark.conf."
                : "Kept in " + file + (shared ? ", which another server writes." : ".");
        if (rotateSeconds == 0) {
            return kept + (shared ? " They change when it changes." : " They are rotated by 'noonmark rekey' alone.");
        }
        return kept
                + (nextRotationSeconds == 0
                        ? " Next rotation: once the time is proven it is known when."
                        : " Next rotation: " + Figures.dateTime(nextRotationSeconds * 1_000_000_000L) + " UTC.");
    }

    /** {@code nts keys --json}. */
    public String json() {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("file", file).field("shared", shared).field("rotateSeconds", rotateSeconds);
        if (nextRotationSeconds != 0) {
            json.field("nextRotationSeconds", nextRotationSeconds);
        }
        json.field("trouble", trouble).beginArray("keys");
        for (Key key : keys) {
            json.beginObject().field("id", key.id()).field("role", key.role());
            if (key.sinceSeconds() != 0) {
                json.field("sinceSeconds", key.sinceSeconds());
                if (nowSeconds != 0) {
                    json.field("ageSeconds", nowSeconds - key.sinceSeconds());
                }
            }
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }
}
