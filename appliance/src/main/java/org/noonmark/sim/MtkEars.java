package org.noonmark.sim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;

/** An MT3339 that takes commands (GlobalTop PMTK command packet, revision A11): release, time between fixes, sentences. */
final class MtkEars implements ReceiverEars {
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final SentenceFramer framer = new SentenceFramer(this::onFrame);
    private String periodMillis = "1000";
    private String sentences = "0,1,0,1,1,5,0,0,0,0,0,0,0,0,0,0,0,0,0";

    @Override
    public synchronized byte[] hear(byte[] bytes) {
        framer.accept(bytes, 0, bytes.length, 0);
        byte[] said = answers.toByteArray();
        answers.reset();
        return said;
    }

    /** None at all. */
    @Override
    public boolean sends(int messageClass, int id) {
        return false;
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
