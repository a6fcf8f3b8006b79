package org.noonmark.sim;

import java.util.Arrays;
import java.util.List;
import org.noonmark.sim.SimulatedReceiver.Speech;

/**
 * A simulated receiver that can be set up: as delivered it sends what its dialect says; a u-blox adds the messages that it is told to.
 * Written to by one thread and asked for its bytes by another.
 */
public final class SettableReceiver implements ReceiverScript {
    private final SimulatedReceiver receiver;
    private final ReceiverEars ears;

    /**
     * A receiver with these manners.
     *
     * @throws IllegalArgumentException when its line is too slow for what it would send
     */
    public SettableReceiver(ReceiverOptions options) {
        ears = switch (options.dialect()) {
            case MTK_NMEA -> new MtkEars();
            case UBLOX_NMEA -> new UbxEars(false);
            case UBX -> new UbxEars(true);
        };
        receiver = new SimulatedReceiver(
                options,
                switch (options.dialect()) {
                    case MTK_NMEA -> NmeaSpeech.mtk(options, ears);
                    case UBX -> new UbxSpeech(options, ears);
                    case UBLOX_NMEA -> both(NmeaSpeech.ublox(options, ears), new UbxSpeech(options, ears));
                });
    }

    @Override
    public List<Chunk> chunks(long utcSecond) {
        return receiver.chunks(utcSecond);
    }

    @Override
    public byte[] hear(byte[] bytes) {
        return ears.hear(bytes);
    }

    /** Takes its power away and gives it back: its settings are again those that it was delivered with. */
    public void losePower() {
        ears.forget();
    }

    @Override
    public boolean hasPulse(long utcSecond) {
        return receiver.hasPulse(utcSecond);
    }

    /** Sentences first, as a u-blox does. */
    private static Speech both(Speech sentences, Speech messages) {
        return epoch -> {
            byte[] first = sentences.burst(epoch);
            byte[] second = messages.burst(epoch);
            byte[] all = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, all, first.length, second.length);
            return all;
        };
    }
}
