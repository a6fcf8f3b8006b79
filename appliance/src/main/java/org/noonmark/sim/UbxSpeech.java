package org.noonmark.sim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.noonmark.sim.SimulatedReceiver.Epoch;
import org.noonmark.sim.SimulatedSky.Satellite;

/** u-blox binary messages (u-blox 8 / M8 protocol description, sections 32.17 and 32.19). Little-endian. */
final class UbxSpeech implements SimulatedReceiver.Speech {
    private static final int NAV = 0x01;
    private static final int TIM = 0x0d;
    /** 1980-01-06, where GPS time begins. */
    private static final long GPS_EPOCH_SECONDS = 315_964_800L;

    private static final long WEEK_MILLIS = 7L * 86_400 * 1_000;

    private final ReceiverOptions options;
    private final ReceiverEars told;

    /** {@code told} decides which messages are sent. */
    UbxSpeech(ReceiverOptions options, ReceiverEars told) {
        this.options = options;
        this.told = told;
    }

    @Override
    public byte[] burst(Epoch epoch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
        say(out, NAV, 0x07, pvt(epoch));
        say(out, NAV, 0x21, timeUtc(epoch));
        if (epoch.isWholeSecond()) {
            say(out, NAV, 0x35, sat(epoch));
            say(out, NAV, 0x26, timeLeap(epoch));
            say(out, TIM, 0x01, timePulse(epoch));
        }
        return out.toByteArray();
    }

    private void say(ByteArrayOutputStream out, int messageClass, int id, ByteBuffer payload) {
        if (told.sends(messageClass, id)) {
            out.writeBytes(frame(messageClass, id, payload));
        }
    }

    /** NAV-PVT, 92 bytes. */
    private ByteBuffer pvt(Epoch epoch) {
        ByteBuffer payload = payload(92);
        LocalDateTime utc = utc(epoch);
        payload.putInt((int) timeOfWeekMillis(epoch)).putShort((short) utc.getYear());
        payload.put((byte) utc.getMonthValue()).put((byte) utc.getDayOfMonth());
        payload.put((byte) utc.getHour()).put((byte) utc.getMinute()).put((byte) utc.getSecond());
        payload.put((byte) (epoch.fix() ? 0x07 : 0x03)); // validDate, validTime; fullyResolved with a fix
        payload.putInt(epoch.fix() ? 25 : -1).putInt(utc.getNano()); // tAcc (-1: no idea), nano
        payload.put((byte) (epoch.fix() ? 3 : 0)).put((byte) (epoch.fix() ? 0x01 : 0)); // fixType, gnssFixOK
        payload.put((byte) 0xe0); // flags2: date and time confirmed
        payload.put((byte) epoch.sky().stream().filter(Satellite::used).count());
        payload.putInt(scaled(options.place().longitudeDegrees()))
                .putInt(scaled(options.place().latitudeDegrees()));
        payload.putInt((int) Math.round((options.place().altitudeMetres() + 45.4) * 1e3));
        payload.putInt((int) Math.round(options.place().altitudeMetres() * 1e3));
        payload.putInt(1_200).putInt(1_900); // hAcc, vAcc, mm
        return payload;
    }

    /** NAV-TIMEUTC, 20 bytes. */
    private ByteBuffer timeUtc(Epoch epoch) {
        ByteBuffer payload = payload(20);
        LocalDateTime utc = utc(epoch);
        payload.putInt((int) timeOfWeekMillis(epoch))
                .putInt(epoch.fix() ? 25 : -1)
                .putInt(utc.getNano());
        payload.putShort((short) utc.getYear()).put((byte) utc.getMonthValue()).put((byte) utc.getDayOfMonth());
        payload.put((byte) utc.getHour()).put((byte) utc.getMinute()).put((byte) utc.getSecond());
        payload.put((byte) (epoch.fix() ? 0x37 : 0x00)); // validTOW, validWKN, validUTC; standard 3, USNO
        return payload;
    }

    /** NAV-SAT, 8 bytes and 12 for each satellite. */
    private ByteBuffer sat(Epoch epoch) {
        ByteBuffer payload = payload(8 + 12 * epoch.sky().size());
        payload.putInt((int) timeOfWeekMillis(epoch)).put((byte) 1).put((byte)
                epoch.sky().size());
        payload.putShort((short) 0);
        for (Satellite satellite : epoch.sky()) {
            payload.put((byte) satellite.gnss().ubxId)
                    .put((byte) satellite.id())
                    .put((byte) satellite.signal());
            payload.put((byte) satellite.elevationDegrees()).putShort((short) satellite.azimuthDegrees());
            payload.putShort((short) 0).putInt(satellite.used() ? 0x1f : 0x04); // quality 7 and svUsed; 4: code lock
        }
        return payload;
    }

    /** NAV-TIMELS, 24 bytes: the count now, and no change known. */
    private ByteBuffer timeLeap(Epoch epoch) {
        ByteBuffer payload = payload(24);
        payload.putInt((int) timeOfWeekMillis(epoch)).putInt(0);
        payload.put((byte) 2).put((byte) options.leapSeconds()).put((byte) 2); // source: GPS
        payload.position(23);
        payload.put((byte) (epoch.fix() ? 0x01 : 0x00)); // validCurrLs
        return payload;
    }

    /** TIM-TP, 16 bytes: the next pulse, aligned to UTC, with its quantisation error. */
    private ByteBuffer timePulse(Epoch epoch) {
        long next = epoch.utcMillis() + 1_000 - GPS_EPOCH_SECONDS * 1_000;
        ByteBuffer payload = payload(16);
        payload.putInt((int) Math.floorMod(next, WEEK_MILLIS)).putInt(0);
        payload.putInt(epoch.sky().getFirst().signal() * 500 - 9_000); // qErr, ps: a sawtooth of a few ns
        payload.putShort((short) Math.floorDiv(next, WEEK_MILLIS))
                .put((byte) 0x03)
                .put((byte) 0x00); // UTC
        return payload;
    }

    private long timeOfWeekMillis(Epoch epoch) {
        return Math.floorMod(epoch.utcMillis() + (options.leapSeconds() - GPS_EPOCH_SECONDS) * 1_000, WEEK_MILLIS);
    }

    private static LocalDateTime utc(Epoch epoch) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(epoch.utcMillis(), 1_000),
                Math.floorMod(epoch.utcMillis(), 1_000) * 1_000_000,
                ZoneOffset.UTC);
    }

    private static int scaled(double degrees) {
        return (int) Math.round(degrees * 1e7);
    }

    private static ByteBuffer payload(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Sync, class, id, length, payload and the Fletcher sums over all of it but the sync. */
    static byte[] frame(int messageClass, int id, ByteBuffer payload) {
        byte[] frame = new byte[payload.capacity() + 8];
        ByteBuffer out = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0xb5).put((byte) 0x62);
        out.put((byte) messageClass)
                .put((byte) id)
                .putShort((short) payload.capacity())
                .put(payload.clear());
        int a = 0;
        int b = 0;
        for (int i = 2; i < out.position(); i++) {
            a = a + (frame[i] & 0xff) & 0xff;
            b = b + a & 0xff;
        }
        out.put((byte) a).put((byte) b);
        return frame;
    }
}
