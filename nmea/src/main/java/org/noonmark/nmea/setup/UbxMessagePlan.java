package org.noonmark.nmea.setup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.noonmark.nmea.setup.Answer.Data;

/**
 * Generations 6 to 8: each setting is a message of its own, which is polled, and sent back changed. What is set so is in the
 * receiver's memory only; nothing is saved.
 */
final class UbxMessagePlan {
    private static final int CFG_PRT = 0x00;
    private static final int CFG_MSG = 0x01;
    private static final int CFG_RATE = 0x08;
    private static final int CFG_TP5 = 0x31;
    private static final int CFG_TMODE2 = 0x3d;

    private static final int UART_1 = 1;
    private static final int USB = 3;
    private static final int PORTS = 6;
    private static final int OUT_PROTOCOLS = 14;
    private static final int UBX_PROTOCOL = 1;

    private static final int PERIOD_MILLIS = 1_000;
    private static final int SURVEY_SECONDS = 3_600;
    private static final int SURVEY_MILLIMETRES = 2_000;

    private final UbxIdentity identity;
    private final SetupWish wish;
    private final Journal journal;
    private int port;

    /** A message and how often it is wanted; the next ones are tried where a receiver does not know it. */
    private record Wanted(String name, int messageClass, int id, OutputRate rate, List<Wanted> instead) {
        Wanted(String name, int messageClass, int id, OutputRate rate) {
            this(name, messageClass, id, rate, List.of());
        }
    }

    private static final List<Wanted> MESSAGES = List.of(
            new Wanted(
                    "NAV-PVT",
                    UbxFrames.NAV,
                    0x07,
                    OutputRate.EACH,
                    List.of(new Wanted("NAV-SOL", UbxFrames.NAV, 0x06, OutputRate.EACH))),
            new Wanted("NAV-TIMEUTC", UbxFrames.NAV, 0x21, OutputRate.EACH),
            new Wanted("TIM-TP", UbxFrames.TIM, 0x01, OutputRate.EACH),
            new Wanted("NAV-STATUS", UbxFrames.NAV, 0x03, OutputRate.EACH),
            new Wanted("NAV-TIMELS", UbxFrames.NAV, 0x26, OutputRate.SOME),
            new Wanted(
                    "NAV-SAT",
                    UbxFrames.NAV,
                    0x35,
                    OutputRate.SOME,
                    List.of(new Wanted("NAV-SVINFO", UbxFrames.NAV, 0x30, OutputRate.SOME))),
            new Wanted("MON-HW", UbxFrames.MON, 0x09, OutputRate.SOME));

    /** Sentences whose content the messages above have, too; RMC and GGA stay for those who look. */
    private static final List<Wanted> DOUBLES = List.of(
            new Wanted("GSV", UbxFrames.NMEA, 0x03, OutputRate.NONE),
            new Wanted("GSA", UbxFrames.NMEA, 0x02, OutputRate.NONE),
            new Wanted("GLL", UbxFrames.NMEA, 0x01, OutputRate.NONE),
            new Wanted("VTG", UbxFrames.NMEA, 0x05, OutputRate.NONE));

    UbxMessagePlan(UbxIdentity identity, SetupWish wish, Journal journal) {
        this.identity = identity;
        this.wish = wish;
        this.journal = journal;
        port = wish.usb() ? USB : UART_1;
    }

    /** All there is to do. Room on the line is made before it is filled. */
    List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        tasks.add(new UbxAsk(UbxFrames.CFG, CFG_PRT, new byte[0], payload -> payload.length == 20, this::onPort));
        tasks.add(new UbxAsk(UbxFrames.CFG, CFG_RATE, new byte[0], payload -> payload.length == 6, this::onRate));
        if (!wish.isFast()) {
            DOUBLES.forEach(wanted -> tasks.add(askMessage(wanted)));
        }
        MESSAGES.forEach(wanted -> tasks.add(askMessage(wanted)));
        tasks.add(new UbxAsk(
                UbxFrames.CFG,
                CFG_TP5,
                new byte[1],
                payload -> payload.length == 32 && payload[0] == 0,
                this::onPulse));
        if (identity.isForTiming() && wish.fixedAntenna()) {
            tasks.add(new UbxAsk(
                    UbxFrames.CFG, CFG_TMODE2, new byte[0], payload -> payload.length == 28, this::onTimeMode));
        }
        return tasks;
    }

    private List<Task> onPort(Answer answer) {
        if (!(answer instanceof Data(byte[] found))) {
            return List.of();
        }
        port = Math.min(found[0] & 0xff, PORTS - 1);
        if ((found[OUT_PROTOCOLS] & UBX_PROTOCOL) != 0) {
            return List.of();
        }
        byte[] wanted = found.clone();
        wanted[OUT_PROTOCOLS] |= UBX_PROTOCOL;
        return List.of(change(CFG_PRT, "UBX output of the port", "off", "on", found, wanted));
    }

    private List<Task> onRate(Answer answer) {
        if (!(answer instanceof Data(byte[] found))) {
            return List.of();
        }
        byte[] wanted = found.clone();
        UbxFrames.put(wanted, 0, 2, PERIOD_MILLIS);
        UbxFrames.put(wanted, 2, 2, 1);
        String before = UbxFrames.get(found, 0, 2) + " ms x " + UbxFrames.get(found, 2, 2);
        return Arrays.equals(found, wanted)
                ? List.of()
                : List.of(change(CFG_RATE, "measurement period", before, "1000 ms x 1", found, wanted));
    }

    private Task askMessage(Wanted wanted) {
        byte[] which = {(byte) wanted.messageClass(), (byte) wanted.id()};
        return new UbxAsk(
                UbxFrames.CFG,
                CFG_MSG,
                which,
                payload -> payload.length == 2 + PORTS && payload[0] == which[0] && payload[1] == which[1],
                answer -> onMessage(wanted, answer));
    }

    private List<Task> onMessage(Wanted wanted, Answer answer) {
        if (!(answer instanceof Data(byte[] found))) {
            return wanted.instead().stream().map(this::askMessage).toList();
        }
        int now = found[2 + port] & 0xff;
        if (wanted.rate().isMet(now, wish.isFast())) {
            journal.onSending(wanted.name());
            return List.of();
        }
        int then = wanted.rate().epochs(wish.isFast());
        byte[] before = {found[0], found[1], (byte) now};
        byte[] after = {found[0], found[1], (byte) then};
        return List.of(change(CFG_MSG, wanted.name(), rateText(now), rateText(then), before, after));
    }

    private List<Task> onPulse(Answer answer) {
        if (!(answer instanceof Data(byte[] found))) {
            return List.of();
        }
        byte[] wanted = UbxPulse.wanted(found);
        return Arrays.equals(found, wanted)
                ? List.of()
                : List.of(change(
                        CFG_TP5, "time pulse", UbxPulse.describe(found), UbxPulse.describe(wanted), found, wanted));
    }

    /** CFG-TMODE2: a receiver that keeps time from a known place already, or looks for it, is left alone. */
    private List<Task> onTimeMode(Answer answer) {
        if (!(answer instanceof Data(byte[] found)) || found[0] != 0) {
            return List.of();
        }
        byte[] wanted = found.clone();
        wanted[0] = 1;
        UbxFrames.put(wanted, 20, 4, SURVEY_SECONDS);
        UbxFrames.put(wanted, 24, 4, SURVEY_MILLIMETRES);
        return List.of(change(CFG_TMODE2, "time mode", "off", "survey of an hour to 2 m", found, wanted));
    }

    private Task change(int id, String what, String before, String after, byte[] found, byte[] wanted) {
        return new UbxTell(id, wanted, answer -> {
            if (answer instanceof Answer.Accepted) {
                journal.onChange(what, before, after, UbxFrames.hex(UbxFrames.of(UbxFrames.CFG, id, found)));
                journal.onSending(what);
            } else {
                journal.onRefusal(what);
            }
            return List.of();
        });
    }

    static String rateText(long epochs) {
        return epochs == 0 ? "off" : epochs == 1 ? "each second" : "every " + epochs + " seconds";
    }
}
