package org.noonmark.sim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;

/**
 * A u-blox 8 that takes commands (u-blox 8 / M8 protocol description, section 32.10): tells its version, and keeps CFG-PRT, CFG-MSG,
 * CFG-RATE and CFG-TP5 in memory until it is made anew. It knows neither settings by key nor a time mode, and says so.
 */
final class UbxEars implements ReceiverEars {
    private static final int ACK = 0x05;
    private static final int CFG = 0x06;
    private static final int CFG_MSG = 0x01;
    private static final int MON_VER = 0x0a04;
    private static final int UART_1 = 1;
    private static final int PORTS = 6;

    private static final Map<Integer, String> FACTORY = Map.of(
            0x00, "01000000c0080000000000000700030000000000", // CFG-PRT: UART 1, UBX, NMEA and RTCM in, UBX and NMEA
            // out
            0x08, "e80301000100", // CFG-RATE: 1000 ms, each, GPS time
            0x31, "000100003200000040420f0040420f0000000000a086010000000000f7000000"); // CFG-TP5: as delivered

    /** What each message may be: those that a u-blox 8 of any kind has, class times 256 plus id. */
    private static final int[] KNOWN = {
        0x0101, 0x0102, 0x0103, 0x0104, 0x0106, 0x0107, 0x0120, 0x0121, 0x0126, 0x0130, 0x0135, 0x0d01, 0x0a09, 0xf000,
        0xf001, 0xf002, 0xf003, 0xf004, 0xf005, 0xf008
    };

    private final boolean ubxOn;
    private final Map<Integer, byte[]> settings = new HashMap<>();
    private final Map<Integer, Integer> epochs = new HashMap<>();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final SentenceFramer framer = new SentenceFramer(this::onFrame);

    /**
     * A receiver fresh from its box.
     *
     * @param ubxOn whether it was told before to send its time messages
     */
    UbxEars(boolean ubxOn) {
        this.ubxOn = ubxOn;
        setAsDelivered();
    }

    private void setAsDelivered() {
        FACTORY.forEach((id, hex) -> settings.put(id, HexFormat.of().parseHex(hex)));
        for (int message : KNOWN) {
            boolean sentence = message >> 8 == 0xf0;
            epochs.put(message, sentence || ubxOn ? 1 : 0);
        }
    }

    @Override
    public synchronized void forget() {
        setAsDelivered();
    }

    @Override
    public synchronized byte[] hear(byte[] bytes) {
        framer.accept(bytes, 0, bytes.length, 0);
        byte[] said = answers.toByteArray();
        answers.reset();
        return said;
    }

    @Override
    public synchronized boolean sends(int messageClass, int id) {
        return epochs.getOrDefault((messageClass << 8) | id, 0) > 0;
    }

    private void onFrame(Frame frame) {
        if (frame.protocol() != Frame.Protocol.UBX) {
            return;
        }
        int messageClass = frame.bytes()[frame.offset() + 2] & 0xff;
        int id = frame.bytes()[frame.offset() + 3] & 0xff;
        byte[] payload = Arrays.copyOfRange(frame.bytes(), frame.offset() + 6, frame.offset() + frame.length() - 2);
        if (((messageClass << 8) | id) == MON_VER) {
            answer(0x0a, 0x04, version());
        } else if (messageClass == CFG) {
            boolean done = id == CFG_MSG ? message(payload) : setting(id, payload);
            answer(ACK, done ? 1 : 0, new byte[] {CFG, (byte) id});
        }
    }

    private boolean message(byte[] payload) {
        int message = payload.length < 2 ? -1 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        if (!epochs.containsKey(message)) {
            return false;
        }
        if (payload.length == 2) {
            byte[] rates = Arrays.copyOf(payload, 2 + PORTS);
            rates[2 + UART_1] = epochs.get(message).byteValue();
            answer(CFG, CFG_MSG, rates);
        } else {
            epochs.put(message, payload[2] & 0xff);
        }
        return true;
    }

    /** A poll has no payload, or the number of the pulse. */
    private boolean setting(int id, byte[] payload) {
        byte[] now = settings.get(id);
        if (now == null) {
            return false;
        }
        if (payload.length <= 1) {
            answer(CFG, id, now);
        } else {
            settings.put(id, payload);
        }
        return true;
    }

    private void answer(int messageClass, int id, byte[] payload) {
        answers.writeBytes(UbxSpeech.frame(messageClass, id, ByteBuffer.wrap(payload)));
    }

    private static byte[] version() {
        byte[] version = new byte[40 + 2 * 30];
        put(version, 0, "ROM CORE 3.01 (107888)");
        put(version, 30, "00080000");
        put(version, 40, "FWVER=SPG 3.01");
        put(version, 70, "PROTVER=18.00");
        return version;
    }

    private static void put(byte[] into, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, into, at, bytes.length);
    }
}
