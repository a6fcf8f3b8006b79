package org.noonmark.provisioning.firstboot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Boards whose wiring is known; the numbers are from their makers' manuals. */
enum HatPreset {
    ADAFRUIT_ULTIMATE_GPS("adafruit-ultimate-gps", 4, 9600),
    WAVESHARE_L76X("waveshare-l76x", 18, 9600),
    UPUTRONICS("uputronics", 18, 9600),
    /** u-blox boards are sold with several speeds: the daemon finds out. */
    NEO_M8T("neo-m8t", 18, 0),
    ZED_F9T("zed-f9t", 18, 0),
    /** A board of the owner's own: pin and speed are what the other keys say. */
    CUSTOM("custom", 18, 0);

    private final String word;
    private final int ppsGpio;
    private final int baud;

    HatPreset(String word, int ppsGpio, int baud) {
        this.word = word;
        this.ppsGpio = ppsGpio;
        this.baud = baud;
    }

    /** Its name in the file. */
    String word() {
        return word;
    }

    /** The GPIO (BCM number) that its pulses reach. */
    int ppsGpio() {
        return ppsGpio;
    }

    /** Bits per second as it is sold; empty: to be found out. */
    OptionalInt baud() {
        return baud == 0 ? OptionalInt.empty() : OptionalInt.of(baud);
    }

    static Optional<HatPreset> of(String word) {
        return Arrays.stream(values())
                .filter(preset -> preset.word.equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(HatPreset::word).toList();
    }
}
