package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.noonmark.nmea.setup.Answer.Data;

/**
 * Generations 9 and later: settings are items with keys (ZED-F9T interface description, UBX-22008968, configuration interface). Each
 * is read from and written to the RAM layer alone, so that switching the receiver off undoes it. Asked one by one, because a question
 * about several is refused when the receiver lacks one.
 */
final class UbxItemPlan {
    private static final int CFG_VALSET = 0x8a;
    private static final int CFG_VALGET = 0x8b;
    private static final int RAM_LAYER_BIT = 1;
    private static final int HEADER = 4;

    private static final long RATE_MEASUREMENT = 0x3021_0001L;
    private static final long RATE_NAVIGATION = 0x3021_0002L;
    /** Of I2C; the keys of UART1, UART2, USB and SPI follow in these steps. */
    private static final long UBX_OUT = 0x1072_0001L;

    private static final long UBX_OUT_STEP = 0x2_0000L;
    private static final long MESSAGES_OUT = 0x2091_0000L;

    private static final long PULSE_PERIOD = 0x4005_0002L;
    private static final long PULSE_PERIOD_LOCKED = 0x4005_0003L;
    private static final long PULSE_LENGTH = 0x4005_0004L;
    private static final long PULSE_LENGTH_LOCKED = 0x4005_0005L;
    private static final long PULSE_ENABLED = 0x1005_0007L;
    private static final long PULSE_FOLLOWS_GNSS = 0x1005_0008L;
    private static final long PULSE_LOCKED_DIFFERS = 0x1005_0009L;
    private static final long PULSE_AT_TOP_OF_SECOND = 0x1005_000aL;
    private static final long PULSE_GRID = 0x2005_000cL;
    private static final long PULSE_DEFINED_BY_PERIOD = 0x2005_0023L;
    private static final long PULSE_LENGTH_IN_TIME = 0x2005_0030L;
    private static final long UTC_GRID = 0;
    private static final long GPS_GRID = 1;
    private static final long SECOND_MICROS = 1_000_000;
    private static final long USUAL_LENGTH_MICROS = 100_000;

    private static final long TIME_MODE = 0x2003_0001L;
    private static final long SURVEY_SECONDS = 0x4003_0010L;
    private static final long SURVEY_LIMIT = 0x4003_0011L;
    private static final long HOUR = 3_600;
    /** In tenths of a millimetre. */
    private static final long TWO_METRES = 20_000;

    private final UbxIdentity identity;
    private final SetupWish wish;
    private final Journal journal;
    private final UbxPort port;

    /**
     * A setting.
     *
     * @param met whether a value of it is as wanted
     * @param value what to set else
     */
    private record Item(String name, long key, LongPredicate met, long value, Words words) {
        Item(String name, long key, long value) {
            this(name, key, found -> found == value, value, Words.NUMBER);
        }

        /** Bytes of its value: told by the key's top digit, where 1 is a bit and 2 a byte. */
        int size() {
            return 1 << Math.max(0, (int) (key >> 28 & 7) - 2);
        }
    }

    /** How a value is told to people. */
    private enum Words {
        NUMBER,
        RATE;

        String of(long value) {
            return this == RATE ? UbxMessagePlan.rateText(value) : Long.toString(value);
        }
    }

    UbxItemPlan(UbxIdentity identity, SetupWish wish, Journal journal) {
        this.identity = identity;
        this.wish = wish;
        this.journal = journal;
        port = new UbxPort(wish, journal);
    }

    /** First of all the port at which we are. */
    List<Task> tasks() {
        return port.find(this::onPort);
    }

    /** The rest, which depends on it. Room on the line is made before it is filled. */
    private List<Task> onPort(int number) {
        List<Item> items = new ArrayList<>();
        items.add(new Item("UBX output of " + UbxPort.name(number), UBX_OUT + number * UBX_OUT_STEP, 1));
        items.add(new Item("measurement period", RATE_MEASUREMENT, 1_000));
        items.add(new Item("epochs per measurement", RATE_NAVIGATION, 1));
        if (!wish.isFast()) {
            items.add(message("GSV", 0xc4 + number, OutputRate.NONE));
            items.add(message("GSA", 0xbf + number, OutputRate.NONE));
            items.add(message("GLL", 0xc9 + number, OutputRate.NONE));
            items.add(message("VTG", 0xb0 + number, OutputRate.NONE));
        }
        items.add(message("NAV-PVT", 0x06 + number, OutputRate.EACH));
        items.add(message("NAV-TIMEUTC", 0x5b + number, OutputRate.EACH));
        items.add(message("TIM-TP", 0x17d + number, OutputRate.EACH));
        items.add(message("NAV-STATUS", 0x1a + number, OutputRate.EACH));
        items.add(message("NAV-TIMELS", 0x60 + number, OutputRate.SOME));
        items.add(message("NAV-SAT", 0x15 + number, OutputRate.SOME));
        items.add(message("MON-RF", 0x359 + number, OutputRate.SOME));
        items.add(message("SEC-SIG", 0x634 + number, OutputRate.SOME));
        addPulse(items);
        List<Task> tasks = new ArrayList<>();
        items.forEach(item -> tasks.add(ask(item)));
        if (identity.isForTiming() && wish.fixedAntenna()) {
            tasks.add(askTimeMode());
        }
        return tasks;
    }

    /** One pulse a second at its top, only while the time is known; its length while locked, polarity and delays stay. */
    private static void addPulse(List<Item> items) {
        items.add(new Item("pulse defined by frequency", PULSE_DEFINED_BY_PERIOD, 0));
        items.add(new Item("pulse length in time", PULSE_LENGTH_IN_TIME, 1));
        items.add(new Item("pulse period", PULSE_PERIOD, SECOND_MICROS));
        items.add(new Item("pulse period when locked", PULSE_PERIOD_LOCKED, SECOND_MICROS));
        items.add(new Item("pulse length while the time is not known", PULSE_LENGTH, 0));
        items.add(new Item(
                "pulse length when locked",
                PULSE_LENGTH_LOCKED,
                micros -> micros > 0 && micros < SECOND_MICROS,
                USUAL_LENGTH_MICROS,
                Words.NUMBER));
        items.add(new Item("pulse follows satellites", PULSE_FOLLOWS_GNSS, 1));
        items.add(new Item("pulse differs when locked", PULSE_LOCKED_DIFFERS, 1));
        items.add(new Item("pulse at the top of the second", PULSE_AT_TOP_OF_SECOND, 1));
        items.add(new Item("pulse of UTC", PULSE_GRID, grid -> grid <= GPS_GRID, UTC_GRID, Words.NUMBER));
        items.add(new Item("pulse", PULSE_ENABLED, 1));
    }

    /** The keys of one message for I2C, UART1, UART2, USB and SPI follow each other. */
    private Item message(String name, int portsKey, OutputRate rate) {
        long key = MESSAGES_OUT + portsKey;
        boolean fast = wish.isFast();
        return new Item(name, key, epochs -> rate.isMet(epochs, fast), rate.epochs(fast), Words.RATE);
    }

    private Task ask(Item item) {
        return new UbxAsk(
                UbxFrames.CFG,
                CFG_VALGET,
                request(item),
                payload ->
                        payload.length >= 2 * HEADER + item.size() && UbxFrames.get(payload, HEADER, 4) == item.key(),
                answer -> {
                    if (!(answer instanceof Data(byte[] found))) {
                        return List.of(); // not a setting of this receiver
                    }
                    long now = UbxFrames.get(found, 2 * HEADER, item.size());
                    if (!item.met().test(now)) {
                        return List.of(set(item, now));
                    }
                    journal.onSending(item.name());
                    return List.of();
                });
    }

    /** A receiver that keeps time from a known place already, or looks for it, is left alone. */
    private Task askTimeMode() {
        Item mode = new Item("time mode", TIME_MODE, 1);
        return new UbxAsk(
                UbxFrames.CFG,
                CFG_VALGET,
                request(mode),
                payload -> payload.length >= 2 * HEADER + 1 && UbxFrames.get(payload, HEADER, 4) == TIME_MODE,
                answer -> answer instanceof Data(byte[] found) && found[2 * HEADER] == 0
                        ? List.of(
                                ask(new Item("length of the survey", SURVEY_SECONDS, HOUR)),
                                ask(new Item("limit of the survey", SURVEY_LIMIT, TWO_METRES)),
                                set(mode, 0))
                        : List.of());
    }

    /** Version 0, RAM layer, from the first on. */
    private static byte[] request(Item item) {
        byte[] request = new byte[2 * HEADER];
        UbxFrames.put(request, HEADER, 4, item.key());
        return request;
    }

    private Task set(Item item, long before) {
        return new UbxTell(CFG_VALSET, setting(item, item.value()), answer -> {
            if (answer instanceof Answer.Accepted) {
                journal.onChange(
                        item.name(),
                        item.words().of(before),
                        item.words().of(item.value()),
                        UbxFrames.hex(UbxFrames.of(UbxFrames.CFG, CFG_VALSET, setting(item, before))));
                journal.onSending(item.name());
            } else {
                journal.onRefusal(item.name());
            }
            return List.of();
        });
    }

    private static byte[] setting(Item item, long value) {
        byte[] setting = new byte[2 * HEADER + item.size()];
        setting[1] = RAM_LAYER_BIT;
        UbxFrames.put(setting, HEADER, 4, item.key());
        UbxFrames.put(setting, 2 * HEADER, item.size(), value);
        return setting;
    }
}
