package org.noonmark.nmea.setup;

import java.util.Arrays;
import java.util.Optional;
import org.noonmark.nmea.Frame;

/** Messages that come each second for sure, fix or not, once a receiver was set up to send them, and of which none comes before. */
public enum SteadyMessage {
    NAV_PVT("NAV-PVT", UbxFrames.NAV, 0x07),
    NAV_SOL("NAV-SOL", UbxFrames.NAV, 0x06),
    NAV_STATUS("NAV-STATUS", UbxFrames.NAV, 0x03),
    NAV_TIMEUTC("NAV-TIMEUTC", UbxFrames.NAV, 0x21),
    RMC("RMC", UbxFrames.NMEA, 0x04),
    ZDA("ZDA", UbxFrames.NMEA, 0x08);

    /** After {@code $} and a talker of two letters. */
    private static final int SENTENCE_NAME = 3;

    private final String text;
    private final int messageClass;
    private final int id;

    SteadyMessage(String text, int messageClass, int id) {
        this.text = text;
        this.messageClass = messageClass;
        this.id = id;
    }

    /** The one that plans and people call so. */
    static Optional<SteadyMessage> named(String text) {
        return Arrays.stream(values())
                .filter(message -> message.text.equals(text))
                .findFirst();
    }

    boolean isIn(Frame frame) {
        return messageClass == UbxFrames.NMEA ? isSentence(frame) : UbxFrames.is(frame, messageClass, id);
    }

    private boolean isSentence(Frame frame) {
        if (frame.protocol() != Frame.Protocol.NMEA || frame.length() < SENTENCE_NAME + text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (frame.bytes()[frame.offset() + SENTENCE_NAME + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
