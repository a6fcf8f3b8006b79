package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every NMEA and UBX capture gives the times, modes, positions and satellite counts that gpsd printed for it. What gpsd may leave
 * out without being listed: epochs before its first report (it has first to learn which sentence ends a cycle) and after its last
 * (the capture was cut within a cycle). Every other difference is counted, and the counts are listed here with their reason.
 */
class GpsdAgreementTest {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final double POSITION_TOLERANCE_DEGREES = 1e-6;

    /**
     * How many differences a capture has.
     *
     * @param times epochs with a fix that only one of both reports
     * @param fixes epochs of both whose mode or position differ
     * @param skies sky views that only one of both reports
     */
    private record Differences(int times, int fixes, int skies, String reason) {
        static final Differences NONE = new Differences(0, 0, 0, "");
    }

    /** The captures that carry neither NMEA nor UBX. */
    private static final List<String> OTHER_PROTOCOLS =
            List.of("garmin18x-bin.log", "oncore-binary-pos-hold.log", "trimble-res720.log", "trimble-smt-360.log");

    private static final String HOLDS_3D =
            "every GSA of these seconds says 2D; gpsd stays at 3D as long as an altitude is known";
    private static final String SIGNALS =
            "gpsd also shows NAV-SIG, which lists each signal of the satellites of NAV-SAT again";
    private static final String LEAP =
            "NAV-SOL before the first leap count: gpsd takes the 18 s of its own table, we name no second";
    private static final String LEARNING =
            "gpsd passes over a second that ends without the sentence that it takes for the last";

    private static final Map<String, Differences> KNOWN = Map.ofEntries(
            known(
                    "april6_2019.log",
                    2,
                    0,
                    0,
                    "gpsd prints 1999 after a week rollover that the era repair sees through"),
            known("neo-m8n.log", 45, 0, 0, "gpsd adds 1024 weeks to a right date of 2015 and prints 2034"),
            known("bt451.log", 1, 0, 0, "two recordings joined within a second: " + LEARNING),
            known("garmin48.log", 6, 0, 0, "GLL runs a second ahead of RMC and GGA, gpsd shows only every second one"),
            known("gp-320fw-2019-03-28.log", 1, 0, 0, LEARNING),
            known("gp-320fw-2019-04-06-overflow.log", 1, 0, 0, LEARNING),
            known("ublox-lea-5h.log", 1, 0, 0, "the recording breaks off within a second: " + LEARNING),
            known("ublox-aek-4t.log", 1, 0, 0, LEAP),
            known("quectel.log", 1, 33, 0, HOLDS_3D + "; at 02:20:38 GSA withdraws the fix"),
            known("garmin-10x.log", 0, 2, 0, HOLDS_3D),
            known("garmin25lp.log", 0, 9, 0, HOLDS_3D),
            known("iTrek.log", 0, 2, 0, HOLDS_3D),
            known("mtk-3301.log", 0, 3, 0, HOLDS_3D),
            known("oncore.log", 0, 6, 0, HOLDS_3D),
            known("sl869.log", 0, 2, 0, HOLDS_3D),
            known("telit-pls83-w.log", 0, 10, 0, HOLDS_3D),
            known(
                    "isync.log",
                    0,
                    0,
                    1,
                    "sentences of the sky lost in collisions: gpsd joins the rest of several seconds"),
            known(
                    "jl-micro-jlt.log",
                    0,
                    0,
                    1,
                    "GPGSV and GAGSV come in different seconds: gpsd skips one GPGSV report"),
            known(
                    "ublox-f9p-hpnmea.log",
                    0,
                    0,
                    2,
                    "transmit buffer overrun cuts the sky: gpsd skips what is left of it"),
            known("ublox-x20p.log", 0, 0, 28, SIGNALS),
            known("ublox-zed-f9t-ubx_nmea_l5.log", 0, 0, 8, SIGNALS),
            known("ublox8-uniqid-monhw.log", 1, 0, 2, LEAP + "; TXT between GPGSV and GLGSV in one second"));

    private static Map.Entry<String, Differences> known(
            String capture, int times, int fixes, int skies, String reason) {
        return Map.entry(capture, new Differences(times, fixes, skies, reason));
    }

    static Stream<Path> captures() {
        return Captures.ofGpsd().stream()
                .filter(file -> Files.exists(Path.of(file + ".chk")))
                .filter(file -> !OTHER_PROTOCOLS.contains(file.getFileName().toString()));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void agreesWithGpsd(Path capture) {
        byte[] bytes = Captures.read(capture);
        Recording ours = Recording.of(bytes, Captures.era(bytes));
        GpsdReference theirs = GpsdReference.of(capture);
        Differences known = KNOWN.getOrDefault(capture.getFileName().toString(), Differences.NONE);

        Differences found = new Differences(
                timeDifferences(theirs, ours),
                fixDifferences(theirs, ours),
                skyDifferences(theirs, ours),
                known.reason());

        assertEquals(known, found, () -> "times of gpsd " + times(theirs) + "\n ours " + times(ours));
    }

    private static int timeDifferences(GpsdReference theirs, Recording ours) {
        return unpaired(times(theirs), times(ours), true);
    }

    private static List<String> times(GpsdReference theirs) {
        List<String> times = new ArrayList<>();
        for (GpsdReference.Tpv tpv : theirs.fixes()) {
            if (tpv.mode() >= 2 && !tpv.time().isEmpty()) {
                addChanged(times, tpv.time());
            }
        }
        return times;
    }

    private static List<String> times(Recording ours) {
        List<String> times = new ArrayList<>();
        for (FixReport fix : ours.fixes) {
            if (fix.hasFix() && fix.utcNanos() != FixReport.UNKNOWN) {
                addChanged(times, text(fix.utcNanos()));
            }
        }
        return times;
    }

    /** Per second that both know: same mode as gpsd's last word on it, and a position that gpsd gave for it. */
    private static int fixDifferences(GpsdReference theirs, Recording ours) {
        Map<String, List<GpsdReference.Tpv>> byTime = new LinkedHashMap<>();
        for (GpsdReference.Tpv tpv : theirs.fixes()) {
            if (tpv.mode() >= 2) {
                byTime.computeIfAbsent(tpv.time(), _ -> new ArrayList<>()).add(tpv);
            }
        }
        int differences = 0;
        for (FixReport fix : ours.fixes) {
            List<GpsdReference.Tpv> same =
                    fix.hasFix() && fix.utcNanos() != FixReport.UNKNOWN ? byTime.get(text(fix.utcNanos())) : null;
            if (same != null) {
                boolean mode = same.getLast().mode() == fix.mode().number();
                boolean position = same.stream().anyMatch(tpv -> near(tpv, fix));
                differences += mode && position ? 0 : 1;
            }
        }
        return differences;
    }

    private static boolean near(GpsdReference.Tpv tpv, FixReport fix) {
        return Double.isNaN(tpv.latitude())
                ? Double.isNaN(fix.latitudeDegrees())
                : Math.abs(tpv.latitude() - fix.latitudeDegrees()) < POSITION_TOLERANCE_DEGREES
                        && Math.abs(tpv.longitude() - fix.longitudeDegrees()) < POSITION_TOLERANCE_DEGREES;
    }

    private static int skyDifferences(GpsdReference theirs, Recording ours) {
        List<String> views =
                ours.skies.stream().map(sky -> sky.seen() + "/" + sky.used()).toList();
        List<String> all =
                theirs.skies().stream().map(GpsdReference.Sky::counts).toList();
        List<String> finished = new ArrayList<>();
        for (int i = 0; i < theirs.skies().size(); i++) {
            boolean part = i + 1 < theirs.skies().size()
                    && theirs.skies().get(i).growsInto(theirs.skies().get(i + 1));
            if (!part) {
                finished.add(theirs.skies().get(i).counts());
            }
        }
        return Math.min(unpaired(finished, views, false), unpaired(all, views, false));
    }

    /**
     * How many elements stand in one list only, between the first and the last that a longest common subsequence pairs; all of them
     * when it pairs none.
     *
     * @param completely false forgives gpsd too what stands before and behind
     */
    private static int unpaired(List<String> theirs, List<String> ours, boolean completely) {
        int[][] common = new int[theirs.size() + 1][ours.size() + 1];
        for (int i = theirs.size() - 1; i >= 0; i--) {
            for (int j = ours.size() - 1; j >= 0; j--) {
                common[i][j] = theirs.get(i).equals(ours.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        if (common[0][0] == 0) {
            return theirs.size() + ours.size();
        }
        int i = 0;
        int j = 0;
        int differences = 0;
        boolean paired = false;
        while (common[i][j] > 0) {
            if (theirs.get(i).equals(ours.get(j))) {
                paired = true;
                i++;
                j++;
            } else {
                boolean inTheirs = common[i + 1][j] >= common[i][j + 1];
                differences += paired || (completely && inTheirs) ? 1 : 0;
                i += inTheirs ? 1 : 0;
                j += inTheirs ? 0 : 1;
            }
        }
        return differences + (completely ? theirs.size() - i : 0);
    }

    private static void addChanged(List<String> times, String time) {
        if (times.isEmpty() || !times.getLast().equals(time)) {
            times.add(time);
        }
    }

    private static String text(long utcNanos) {
        return TIME.format(Instant.ofEpochMilli(Math.floorDiv(utcNanos + 500_000, 1_000_000)));
    }
}
