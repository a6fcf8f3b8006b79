package org.noonmark.nmea.setup;

/** What a receiver said to a {@link Task}. */
sealed interface Answer {
    /** It told what was asked: the payload of a UBX message, or the characters between {@code $} and {@code *}. */
    @SuppressWarnings("ArrayRecordComponent") // made once, read once, never compared
    record Data(byte[] bytes) implements Answer {}

    /** It has done as it was told. */
    record Accepted() implements Answer {}

    /** It knows no such setting, or will not. */
    record Refused() implements Answer {}

    /** It said nothing, several times. */
    record Silence() implements Answer {}

    Answer ACCEPTED = new Accepted();
    Answer REFUSED = new Refused();
    Answer SILENCE = new Silence();
}
