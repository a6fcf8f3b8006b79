package org.noonmark.app;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Values as words on a line: a record is its components in order, a number as Java writes it (which keeps every bit), a text percent-encoded
 * behind an apostrophe, a list or an optional its size and its elements.
 */
final class RecordText {
    /** The words do not stand for such a value. */
    static final class MismatchException extends Exception {
        private static final long serialVersionUID = 1L;

        MismatchException(String message) {
            super(message);
        }
    }

    private RecordText() {}

    /** Appends {@code value}, each word after a space. */
    static void append(StringBuilder out, Object value) {
        switch (value) {
            case Record record -> {
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    append(out, component(record, component));
                }
            }
            case String text -> out.append(" '").append(URLEncoder.encode(text, StandardCharsets.UTF_8));
            case Enum<?> constant -> out.append(' ').append(constant.name());
            case List<?> list -> {
                out.append(' ').append(list.size());
                list.forEach(element -> append(out, element));
            }
            case Optional<?> optional -> append(out, optional.stream().toList());
            case Long _, Integer _, Double _, Boolean _ -> out.append(' ').append(value);
            default -> throw new IllegalArgumentException(value.getClass() + " has no form in a recording");
        }
    }

    /** The value of {@code type} that {@code words} begin with. */
    static <T> T read(Class<T> type, Iterator<String> words) throws MismatchException {
        try {
            return type.cast(readAny(type, words));
        } catch (NoSuchElementException e) {
            throw new MismatchException("the line ends too early");
        } catch (IllegalArgumentException e) {
            throw new MismatchException(String.valueOf(e.getMessage()));
        }
    }

    private static Object readAny(Type type, Iterator<String> words) throws MismatchException {
        if (type instanceof ParameterizedType generic) {
            List<Object> elements = readList(generic.getActualTypeArguments()[0], words);
            return generic.getRawType() == Optional.class ? elements.stream().findFirst() : elements;
        }
        Class<?> plain = (Class<?>) type;
        return plain.isRecord() ? readRecord(plain, words) : parse(plain, words.next());
    }

    private static List<Object> readList(Type elementType, Iterator<String> words) throws MismatchException {
        int size = Integer.parseInt(words.next());
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(readAny(elementType, words));
        }
        return elements;
    }

    private static Object readRecord(Class<?> type, Iterator<String> words) throws MismatchException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = readAny(components[i].getGenericType(), words);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new MismatchException(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object parse(Class<?> type, String word) {
        if (type == long.class) {
            return Long.parseLong(word);
        }
        if (type == int.class) {
            return Integer.parseInt(word);
        }
        if (type == double.class) {
            return Double.parseDouble(word);
        }
        if (type == boolean.class) {
            return Boolean.parseBoolean(word);
        }
        if (type == String.class && word.startsWith("'")) {
            return URLDecoder.decode(word.substring(1), StandardCharsets.UTF_8);
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> constant.toString().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no " + type.getSimpleName()));
        }
        throw new IllegalArgumentException("'" + word + "' is no " + type.getSimpleName());
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
