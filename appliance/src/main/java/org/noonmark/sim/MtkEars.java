package org.noonmark.sim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;

/** An MT3339 that takes commands (GlobalTop PMTK command packet, revision A11): release, time between fixes, sentences. */
final class MtkEars implements ReceiverEars {
    private static final String PERIOD_AS_DELIVERED = "1000";
    private static final String SENTENCES_AS_DELIVERED = "0,1,0,1,1,5,0,0,0,0,0,0,0,0,0,0,0,0,0";
    private static final int SENTENCES = 0xf0;

    /** By u-blox's numbers of the sentences, their places in PMTK314. */
    private static final Map<Integer, Integer> PLACES = Map.of(0x02, 4, 0x03, 5, 0x08, 17);

    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final SentenceFramer framer = new SentenceFramer(this::onFrame);
    private String periodMillis = PERIOD_AS_DELIVERED;
    private String sentences = SENTENCES_AS_DELIVERED;

    @Override
    public synchronized byte[] hear(byte[] bytes) {
        framer.accept(bytes, 0, bytes.length, 0);
        byte[] said = answers.toByteArray();
        answers.reset();
        return said;
    }

    /** Sentences alone. One that is sent in every fifth second counts as sent. */
    @Override
    public synchronized boolean sends(int messageClass, int id) {
        Integer place = PLACES.get(id);
        String[] epochs = sentences.split(",", -1);
        return messageClass == SENTENCES && place != null && place < epochs.length && !epochs[place].equals("0");
    }

    @Override
    public synchronized void forget() {
        periodMillis = PERIOD_AS_DELIVERED;
        sentences = SENTENCES_AS_DELIVERED;
    }

    private void onFrame(Frame frame) {
        if (frame.protocol() != Frame.Protocol.NMEA) {
            return;
        }
        String text = new String(frame.bytes(), frame.offset(), frame.length(), StandardCharsets.US_ASCII);
        String body = text.substring(1, text.indexOf('*'));
        if (!body.startsWith("PMTK") || body.length() < 7) {
            return;
        }
        String arguments = body.length() > 8 ? body.substring(8) : "";
        switch (body.substring(4, 7)) {
            case "605" -> answer("PMTK705,AXN_2.31_3339_13101700,5632,PA6H,1.0");
            case "400" -> answer("PMTK500," + periodMillis + ",0,0,0.0,0.0");
            case "414" -> answer("PMTK514," + sentences);
            case "220" -> {
                periodMillis = arguments;
                answer("PMTK001,220,3");
            }
            case "314" -> {
                sentences = arguments;
                answer("PMTK001,314,3");
            }
            default -> answer("PMTK001," + body.substring(4, 7) + ",1");
        }
    }

    private void answer(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            sum ^= body.charAt(i);
        }
        answers.writeBytes(String.format(Locale.ROOT, "$%s*%02X\r\n", body, sum).getBytes(StandardCharsets.US_ASCII));
    }
}
