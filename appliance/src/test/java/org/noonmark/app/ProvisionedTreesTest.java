package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.noonmark.app.ProvisioningCases.Case;
import org.noonmark.provisioning.firstboot.FirstBoot;
import org.noonmark.provisioning.firstboot.Step;

/**
 * Good and broken files through FirstBoot on directories: the whole tree that becomes of each, with the report, is kept beside this
 * test as NAME.txt. {@code -Dnoonmark.golden=DIR} writes them anew, to be read before they are believed.
 */
class ProvisionedTreesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/org/noonmark/app/provisioning");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    @TempDir
    Path temp = Path.of("");

    static List<Case> cases() {
        return ProvisioningCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void becomesTheTreeThatIsWrittenDown(Case given) throws IOException {
        Tree tree = tree(given, "once");
        tree.apply(Integer.MAX_VALUE);
        String dump = tree.dump();
        String newGolden = System.getProperty("noonmark.golden");
        if (newGolden != null) {
            Files.writeString(Path.of(newGolden, given.name() + ".txt"), dump);
        }
        assertEquals(Files.readString(GOLDEN.resolve(given.name() + ".txt")), dump);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void applyingAgainChangesNothing(Case given) throws IOException {
        Tree tree = tree(given, "twice");
        tree.apply(Integer.MAX_VALUE);
        String once = tree.system();
        assertEquals(List.of(), tree.plan().steps());
        // A later build looks at everything again, on another day.
        Path build = tree.root.resolve("usr/lib/noonmark/build-info");
        Files.createDirectories(build.getParent());
        Files.writeString(build, "BUILD_ID=2\n");
        Tree later = new Tree(tree.boot, tree.data, tree.root, TODAY.plusDays(9));
        later.apply(Integer.MAX_VALUE);
        assertEquals(once, later.system());
    }

    @ParameterizedTest
    @MethodSource("org.noonmark.app.ProvisioningCases#severe")
    void aPowerCutBetweenAnyTwoStepsLeadsToTheSameEnd(Case given) throws IOException {
        Tree whole = tree(given, "whole");
        int steps = whole.plan().steps().size();
        whole.apply(Integer.MAX_VALUE);
        for (int done = 0; done < steps; done++) {
            Tree tree = tree(given, "cut-" + done);
            tree.apply(done);
            tree.apply(Integer.MAX_VALUE);
            assertEquals(whole.dump(), tree.dump(), "power cut after step " + done + " of " + steps);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void restartsOnceIfAtAll(Case given) throws IOException {
        Tree tree = tree(given, "restart");
        List<Step> steps = tree.plan().steps();
        long restarts = steps.stream().filter(Step.Reboot.class::isInstance).count();
        boolean changesFirmware = steps.stream()
                .anyMatch(step ->
                        step instanceof Step.WriteBoot write && write.name().equals("config.txt"));
        assertEquals(changesFirmware ? 1 : 0, restarts);
        if (restarts == 1) {
            assertEquals(new Step.Reboot(), steps.getLast());
        }
    }

    private Tree tree(Case given, String name) throws IOException {
        Path base = temp.resolve(name);
        Tree tree = new Tree(base.resolve("boot"), base.resolve("data"), base.resolve("root"), TODAY);
        for (Path directory : List.of(tree.boot, tree.data, tree.root)) {
            Files.createDirectories(directory);
        }
        Files.writeString(tree.boot.resolve("config.txt"), ProvisioningCases.CONFIG_TXT);
        for (Map.Entry<String, byte[]> file : given.files().entrySet()) {
            Files.write(tree.boot.resolve(file.getKey()), file.getValue());
        }
        return tree;
    }

    /** Three directories in place of the partitions. */
    private record Tree(Path boot, Path data, Path root, LocalDate today) {
        FirstBoot.Plan plan() throws IOException {
            RootTree host = new RootTree(boot, data, root, today);
            return FirstBoot.plan(host.bootFolder(), host.state());
        }

        /** Does at most {@code most} steps of the plan. */
        void apply(int most) throws IOException {
            RootTree host = new RootTree(boot, data, root, today);
            for (Step step : plan().steps().stream().limit(most).toList()) {
                host.perform(step);
            }
        }

        /** All that is on the boot and data partitions; the root must have the same as the latter. */
        String dump() throws IOException {
            assertEquals(dump(data.resolve("etc")), dump(root.resolve("etc")), "live and kept files");
            return "boot partition\n" + dump(boot) + "data partition\n" + dump(data);
        }

        /** All but what tells of it: a report may say that something is as before. */
        String system() throws IOException {
            return dump().replaceAll(
                            "(?ms)^=== (noonmark-report.txt|etc/issue.d/|etc/noonmark/provisioned).*?(?=^=== |^data|\\z)",
                            "");
        }

        private static String dump(Path base) throws IOException {
            if (!Files.exists(base)) {
                return "";
            }
            StringBuilder out = new StringBuilder();
            List<Path> files;
            try (Stream<Path> walk = Files.walk(base)) {
                files = walk.filter(file -> !Files.isDirectory(file)).sorted().toList();
            }
            for (Path file : files) {
                out.append("=== ").append(base.relativize(file));
                if (Files.isSymbolicLink(file)) {
                    out.append(" -> ").append(Files.readSymbolicLink(file)).append('\n');
                    continue;
                }
                out.append(' ')
                        .append(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .append('\n');
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                out.append(text.length() > 10_000 ? "(" + text.length() + " characters)\n" : visible(text));
            }
            return out.toString();
        }

        /** Carriage returns and zeros as they can be seen in a diff. */
        private static String visible(String text) {
            String visible = text.replace("\r", "\\r").replace("\0", "\\0");
            return visible.endsWith("\n") ? visible : visible + "\\no line end\n";
        }
    }
}
