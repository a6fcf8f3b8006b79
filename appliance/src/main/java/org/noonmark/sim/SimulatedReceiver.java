package org.noonmark.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A receiver made of nothing: what it would send at any second from 1980 to 2106, at a fixed place. Years are told as real receivers tell
 * them, two digits in RMC and four in ZDA and UBX.
 */
public final class SimulatedReceiver implements ReceiverScript {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** One report: the epoch it describes. {@code utcMillis} is what the receiver says, right or wrong. */
    record Epoch(long utcMillis, boolean fix, List<SimulatedSky.Satellite> sky) {
        boolean isWholeSecond() {
            return utcMillis % 1_000 == 0;
        }
    }

    /** Writes one report in the bytes of a dialect. */
    interface Speech {
        byte[] burst(Epoch epoch);
    }

    private final ReceiverOptions options;
    private final SerialLine line;
    private final Speech speech;

    /**
     * A receiver with these manners.
     *
     * @throws IllegalArgumentException when its line is too slow for what it would send
     */
    public SimulatedReceiver(ReceiverOptions options) {
        this(
                options,
                switch (options.dialect()) {
                    case UBLOX_NMEA -> NmeaSpeech.ublox(options, ReceiverEars.DEAF);
                    case MTK_NMEA -> NmeaSpeech.mtk(options, ReceiverEars.DEAF);
                    case UBX -> new UbxSpeech(options, ReceiverEars.DEAF);
                });
    }

    SimulatedReceiver(ReceiverOptions options, Speech speech) {
        this.options = options;
        this.speech = speech;
        line = new SerialLine(options.line().baud());
        int length = speech.burst(epoch(0, 0)).length;
        long takes = line.nanosOf(length);
        if (takes > NANOS_PER_SECOND / options.line().outputHz()) {
            throw new IllegalArgumentException(
                    "at " + options.line().baud() + " baud a report of " + length + " bytes takes " + takes / 1_000_000
                            + " ms, too long for " + options.line().outputHz() + " a second: take a faster line");
        }
    }

    @Override
    public List<Chunk> chunks(long utcSecond) {
        List<Chunk> chunks = new ArrayList<>();
        long freeNanos = Long.MIN_VALUE;
        for (int i = 0; i < options.line().outputHz(); i++) {
            int millis = i * 1_000 / options.line().outputHz();
            long start =
                    Math.max(freeNanos, utcSecond * NANOS_PER_SECOND + millis * 1_000_000L + delayNanos(utcSecond));
            byte[] burst = speech.burst(epoch(utcSecond, millis));
            chunks.addAll(line.chunks(start, burst));
            freeNanos = start + line.nanosOf(burst.length);
        }
        return chunks;
    }

    @Override
    public boolean hasPulse(long utcSecond) {
        return options.fixless().pulses() || options.fix().test(utcSecond);
    }

    private Epoch epoch(long utcSecond, int millis) {
        boolean fix = options.fix().test(utcSecond);
        long said = utcSecond
                - options.lateWeeks() * (7L * 86_400)
                + (fix ? 0 : options.fixless().rtcErrorSeconds());
        return new Epoch(said * 1_000 + millis, fix, SimulatedSky.at(utcSecond, fix, options.seed()));
    }

    private long delayNanos(long utcSecond) {
        double sigmas = new SplittableRandom(options.seed() + utcSecond * 0x9e37_79b9_7f4a_7c15L).nextGaussian();
        return Math.max(
                0, options.delay().meanNanos() + Math.round(options.delay().jitterNanos() * sigmas));
    }
}
