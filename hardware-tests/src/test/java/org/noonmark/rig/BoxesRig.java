package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our boxes among themselves, each in a network namespace of its own, as equals of one another: the same program and the same packets as in
 * an owner's network, with simulated receivers.
 */
class BoxesRig {
    private static final int PORT = 11_123;
    private static final Duration TO_READY = Duration.ofSeconds(150);
    /** Seconds of each box's run; on a crowded machine it takes half of the first minute to begin. */
    private static final int SKY_LOST = 70;

    private static final int SKY_BACK = 220;
    /** From the loss until the bound has grown to holdoverlimit, and the equals were asked after that. */
    private static final int TO_ELECT_SECONDS = 120;

    private static final int TO_RETURN_SECONDS = 120;
    /** Within which a biased box is to be named by the others after all serve. */
    private static final int TO_NAME_SECONDS = 60;

    private final List<Namespace> namespaces = new ArrayList<>();
    private final List<Demo> boxes = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void needRoot() {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
    }

    @AfterEach
    void end() throws IOException {
        boxes.forEach(Demo::close);
        for (Namespace namespace : namespaces) {
            namespace.close();
        }
    }

    @Test
    void twoThatLoseTheSkyKeepTheTimeOfTheOneWithTheLeastAddress() throws Exception {
        electsTheFirstOf(2);
    }

    /** And all of them are right again when one sees the sky. */
    @Test
    void threeThatLoseTheSkyKeepTheTimeOfTheOneWithTheLeastAddress() throws Exception {
        electsTheFirstOf(3);
    }

    private void electsTheFirstOf(int count) throws Exception {
        String orphan = "local stratum 10 orphan waitsynced 2\nholdoverlimit 0.0001\n";
        long start = System.nanoTime();
        start(count, orphan, (_, _) -> List.of("--lose-fix", SKY_LOST + "-" + SKY_BACK));
        await(SKY_LOST - seconds(start), () -> areAllOfStratum1(count));
        await(SKY_LOST + TO_ELECT_SECONDS - seconds(start), () -> isFollowed(0, count, 10));
        System.out.printf(
                "rig=boxes case=orphans boxes=%d elected_after_loss_s=%d%n", count, seconds(start) - SKY_LOST);
        assertTrue(reference(0).equals("7F7F0101"), ask(0, "tracking"));
        // The sky returns to all of them at once; each serves its own time again.
        await(SKY_BACK + TO_RETURN_SECONDS - seconds(start), () -> areAllOfStratum1(count));
        System.out.printf(
                "rig=boxes case=sky_returns boxes=%d all_stratum_1_after_s=%d%n", count, seconds(start) - SKY_BACK);
    }

    private boolean areAllOfStratum1(int count) {
        for (int i = 0; i < count; i++) {
            if (!ask(i, "tracking").contains("Stratum         : 1\n")) {
                return false;
            }
        }
        return true;
    }

    /** Whether all others follow box {@code leader}, which keeps its own time at {@code stratum}. */
    private boolean isFollowed(int leader, int count, int stratum) {
        for (int i = 0; i < count; i++) {
            boolean leads = i == leader;
            if (stratum(i) != (leads ? stratum : stratum + 1)
                    || (!leads && !reference(i).equals(id(leader)))) {
                return false;
            }
        }
        return true;
    }

    /** Its receiver is 5 ms off, by a cable or a setting, and nothing of its own shows that: both others name it. */
    @Test
    void oneBiasedBoxOfThreeIsNamedByTheOthers() throws Exception {
        start(3, "", (number, _) -> number == 2 ? List.of("--offset", "0.005") : List.of());
        for (Demo box : boxes) {
            assertEquals("1", box.awaitReady(TO_READY).field("stratum"));
        }
        long start = System.nanoTime();
        String named = "(?s).*=x 10\\.77\\.0\\.2 .*";
        await(
                TO_NAME_SECONDS,
                () -> ask(0, "sources").matches(named) && ask(2, "sources").matches(named));
        System.out.printf("rig=boxes case=biased off_ms=5 named_by=2 after_s=%d%n", seconds(start));
        for (int judge : new int[] {0, 2}) {
            String reasons = ask(judge, "selectdata", "-v");
            assertTrue(reasons.matches("(?s).*x 10\\.77\\.0\\.2.*contradicts.*"), reasons);
            assertEquals(1, stratum(judge), "the judge goes on serving its own time");
        }
    }

    private interface World {
        List<String> of(int number, int count);
    }

    private void start(int count, String more, World world) throws IOException {
        for (int i = 1; i <= count; i++) {
            namespaces.add(Namespace.create("box" + i));
        }
        namespaces.add(Namespace.join(List.copyOf(namespaces)));
        Path keys = Files.writeString(folder.resolve("keys"), Peers.KEYS);
        for (int i = 1; i <= count; i++) {
            StringBuilder config = new StringBuilder(more);
            for (int other = 1; other <= count; other++) {
                if (other != i) {
                    config.append(
                            "peer 10.77.0.%d port %d iburst minpoll 1 maxpoll 1 key 3 xleave%n".formatted(other, PORT));
                }
            }
            config.append("keyfile %s%nbindaddress 10.77.0.%d%nallow 10.77.0.0/24%n".formatted(keys, i));
            Path file = Files.writeString(folder.resolve("box" + i + ".conf"), config);
            List<String> arguments = new ArrayList<>(List.of(
                    "--for",
                    "400",
                    "--ntp-port",
                    Integer.toString(PORT),
                    "--control",
                    socket(i - 1),
                    "--config",
                    file.toString(),
                    "--seed",
                    Integer.toString(i),
                    "--crystal",
                    Integer.toString(4 * i)));
            arguments.addAll(world.of(i, count));
            boxes.add(Demo.start(namespaces.get(i - 1).prefix(), arguments.toArray(String[]::new)));
        }
    }

    private void await(long seconds, BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > end) {
                StringBuilder all = new StringBuilder("not within " + seconds + " s:");
                for (int i = 0; i < boxes.size(); i++) {
                    all.append('\n').append(ask(i, "tracking")).append(ask(i, "selectdata", "-v"));
                }
                throw new AssertionError(all);
            }
            Thread.sleep(1_000);
        }
    }

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }

    private int stratum(int box) {
        return Integer.parseInt(field(box, "Stratum         : (\\d+)"));
    }

    private String reference(int box) {
        return field(box, "Reference ID    : (\\w+)");
    }

    /** As those name it that follow it. */
    private static String id(int box) {
        return "0A4D000" + (box + 1);
    }

    private String field(int box, String pattern) {
        String tracking = ask(box, "tracking");
        Matcher matcher = Pattern.compile(pattern).matcher(tracking);
        assertTrue(matcher.find(), tracking + boxes.get(box).transcript());
        return matcher.group(1);
    }

    private String ask(int box, String... report) {
        List<String> arguments = new ArrayList<>(List.of("--control", socket(box)));
        arguments.addAll(List.of(report));
        return Demo.ask(arguments.toArray(String[]::new)).text();
    }

    private String socket(int box) {
        return folder.resolve("box" + (box + 1) + ".sock").toString();
    }
}
