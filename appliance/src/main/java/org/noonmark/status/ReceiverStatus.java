package org.noonmark.status;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.Tripwires;
import org.noonmark.nmea.ReceiverHealth;

/**
 * One receiver as it is heard. Stamps are the local clock, nanoseconds since 1970; 0 means never.
 *
 * @param refid its name in reports, up to four characters, such as {@code GPS}
 * @param device the port, such as {@code /dev/ttyAMA0}
 * @param baud bits per second in use; 0 while unknown or where it has no meaning (a USB receiver, a capture)
 * @param link what comes through the port
 * @param trouble one plain sentence, what is wrong with the port and the cure; empty while nothing is
 * @param model what the receiver says it is; empty while it has not said
 * @param setUp one plain phrase, how its set-up went
 * @param antenna what the receiver says of its antenna's supply
 * @param distrust why it is not believed, one plain phrase; empty when it is
 * @param tripwires what has touched each of them so far
 * @param messages the kinds of message it sends, such as {@code RMC} and {@code NAV-PVT}
 * @param fix the kind of its fix
 * @param constellations one for each system that it tracks
 * @param position where it is; null without a fix
 * @param lastLabelUtcSeconds the second of its last label, POSIX count
 * @param lastLabelNanos when the burst of that label began to arrive
 * @param lastLabelSource the message that completed it
 * @param lastByteNanos when anything came last
 * @param frames checked messages
 * @param checksumErrors messages whose checksum was wrong
 * @param garbageBytes bytes that belonged to no message
 * @param labels what the labels say about the clock; late by the receiver's delay, which the labelling measures
 */
public record ReceiverStatus(
        String refid,
        String device,
        int baud,
        Link link,
        String trouble,
        String model,
        String setUp,
        ReceiverHealth.Antenna antenna,
        String distrust,
        List<Tripwires.Count> tripwires,
        List<String> messages,
        Fix fix,
        List<Constellation> constellations,
        @Nullable Position position,
        long lastLabelUtcSeconds,
        long lastLabelNanos,
        String lastLabelSource,
        long lastByteNanos,
        long frames,
        long checksumErrors,
        long garbageBytes,
        SampleStatistics labels) {

    /** What comes through the port. */
    public enum Link {
        /** The device is missing or cannot be opened. */
        ABSENT,
        /** Open, but nothing comes. */
        SILENT,
        /** Bytes come and no message among them passes its check: most often the wrong speed. */
        GARBLED,
        /** Messages come. */
        TALKING
    }

    /** The kind of fix, in rising order of worth. */
    public enum Fix {
        /** Not known: nothing has been heard. */
        UNKNOWN,
        /** The receiver says that it has none. */
        NONE,
        /** Latitude and longitude. */
        TWO_D,
        /** With altitude. */
        THREE_D,
        /** Time alone, at a surveyed position. */
        TIME;

        /** Whether there is one of any kind. */
        public boolean isFix() {
            return compareTo(TWO_D) >= 0;
        }
    }

    /**
     * The satellites of one system.
     *
     * @param name such as {@code GPS} or {@code Galileo}
     * @param seen satellites in view
     * @param used satellites in the fix
     * @param meanSignal mean signal of those used, dB-Hz; NaN when none tells it
     */
    public record Constellation(String name, int seen, int used, double meanSignal) {}

    /**
     * Where the antenna is. Private: shown only to who asks for it by name.
     *
     * @param latitudeDegrees north positive
     * @param longitudeDegrees east positive
     * @param altitudeMetres above mean sea level; NaN when not told
     */
    public record Position(double latitudeDegrees, double longitudeDegrees, double altitudeMetres) {}

    public ReceiverStatus {
        tripwires = List.copyOf(tripwires);
        messages = List.copyOf(messages);
        constellations = List.copyOf(constellations);
    }

    /** A receiver of which nothing has been heard. */
    public static ReceiverStatus silent(String refid, String device, int baud) {
        return new ReceiverStatus(
                refid,
                device,
                baud,
                Link.SILENT,
                "",
                "",
                "",
                ReceiverHealth.Antenna.UNKNOWN,
                "",
                List.of(),
                List.of(),
                Fix.UNKNOWN,
                List.of(),
                null,
                0,
                0,
                "",
                0,
                0,
                0,
                0,
                SampleStatistics.NONE);
    }

    /** A receiver whose port cannot be opened, with the sentence that says why and what to do. */
    public static ReceiverStatus absent(String refid, String device, String trouble) {
        return new ReceiverStatus(
                refid,
                device,
                0,
                Link.ABSENT,
                trouble,
                "",
                "",
                ReceiverHealth.Antenna.UNKNOWN,
                "",
                List.of(),
                List.of(),
                Fix.UNKNOWN,
                List.of(),
                null,
                0,
                0,
                "",
                0,
                0,
                0,
                0,
                SampleStatistics.NONE);
    }

    /** Satellites in view, all systems. */
    public int satellitesSeen() {
        return constellations.stream().mapToInt(Constellation::seen).sum();
    }

    /** Satellites in the fix, all systems. */
    public int satellitesUsed() {
        return constellations.stream().mapToInt(Constellation::used).sum();
    }
}
