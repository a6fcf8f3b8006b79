package org.noonmark.provisioning.firstboot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The settings of a file that were understood, each with its place. Grows while a file is read; one thread. */
final class Settings {
    /** A value and where it was written. */
    record Found<T>(T value, Given given) {}

    private final Map<Key<?>, Found<?>> found = new LinkedHashMap<>();

    <T> void put(Key<T> key, Found<T> value) {
        found.put(key, value);
    }

    /** The value and its place; empty when the file does not have it or it was refused. */
    @SuppressWarnings("unchecked") // put is the only way in: the value's type is the key's
    <T> Optional<Found<T>> find(Key<T> key) {
        return Optional.ofNullable((Found<T>) found.get(key));
    }

    <T> Optional<T> get(Key<T> key) {
        return find(key).map(Found::value);
    }

    <T> T get(Key<T> key, T standard) {
        return get(key).orElse(standard);
    }

    boolean has(Key<?> key) {
        return found.containsKey(key);
    }

    /** Refuses a value that is right for itself and wrong beside others. */
    void refuse(Key<?> key, String fault, String cure) {
        place(key).ifPresent(given -> given.refuse(fault, cure));
        found.remove(key);
    }

    /** Takes what {@code weaker} has and this has not; of Wi-Fi all or nothing. Tells of what is passed over. */
    void fillFrom(Settings weaker) {
        Optional<Given> ownWifi = place(Keys.SSID);
        Map<Key<?>, Found<?>> taken = new LinkedHashMap<>();
        weaker.found.forEach((key, value) -> {
            Optional<Given> stronger = key.section().equals(Keys.SSID.section()) ? ownWifi : place(key);
            if (stronger.isEmpty()) {
                taken.put(key, value);
            } else if (!value.given().value().equals(stronger.get().value())) {
                value.given()
                        .remark(
                                "is passed over: " + stronger.get().file() + " line "
                                        + stronger.get().line() + " goes first",
                                "remove one of them");
            }
        });
        found.putAll(taken);
    }

    private Optional<Given> place(Key<?> key) {
        return Optional.ofNullable(found.get(key)).map(Found::given);
    }
}
