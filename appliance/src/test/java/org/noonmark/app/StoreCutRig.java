package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Power cuts of everything that the box keeps: its code writes to a real ext4, whose writes to the disk are recorded; then the disk is made
 * as a cut at any of them leaves it, mounted, and read by that code. A disk may keep what comes after the last flush in any choice, and
 * each write by sectors of 512 bytes. {@code -Dpowercut.store=N} says how many cuts, {@code -Dpowercut.seed=N} others. Here and not among
 * the rigs, as it uses the stores themselves.
 */
class StoreCutRig {
    private static final int CUTS = Integer.getInteger("powercut.store", 1_000);
    private static final long SEED = Long.getLong("powercut.seed", 1);
    private static final int YEARS = 4;
    private static final long MOST_BYTES_A_DAY = 5L << 20;

    private final Path folder = folder();
    private final Path root = folder.resolve("root");
    private final List<Integer> ends = new ArrayList<>();
    private final List<Map<String, String>> states = new ArrayList<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private int checkedFirst;

    @Test
    void eachStoreIsOldOrNewAndWholeAfterACutAtAnyWrite() throws IOException {
        List<RecordedDisk.Entry> log;
        byte[] disk;
        try {
            try (RecordedDisk recorded = new RecordedDisk(folder, root.resolve("data"))) {
                live(recorded);
                log = recorded.log();
                disk = recorded.blank();
            }
            cutAll(log, disk);
        } finally {
            RecordedDisk.run("rm", "-rf", "--one-file-system", folder.toString());
        }
        faults.forEach((fault, count) -> System.out.println("rig=powercut fault=\"" + fault + "\" cuts=" + count));
        assertTrue(faults.isEmpty(), () -> faults.size() + " kinds of loss: " + faults);
    }

    /** What README promises of the card's life: with all that ext4 writes besides, its journal above all. */
    @Test
    void aDayOfNormalWorkWritesNoMoreThanFiveMebibytes() throws IOException {
        try (RecordedDisk recorded = new RecordedDisk(folder, root.resolve("data"))) {
            StateStory story = new StateStory(root);
            story.begin();
            for (StateStory.Work work : story.year(0)) {
                work.run();
            }
            RecordedDisk.run("sync", "-f", root.resolve("data").toString());
            long before = recorded.bytes();
            for (int hour = 0; hour < 24; hour++) {
                story.hour(hour);
                // The kernel's own minute (commit=60) is long over.
                RecordedDisk.run("sync", "-f", root.resolve("data").toString());
            }
            story.endOfDay();
            RecordedDisk.run("sync", "-f", root.resolve("data").toString());
            long bytes = recorded.bytes() - before;
            System.out.println("rig=powercut part=day bytes=" + bytes + " limit=" + MOST_BYTES_A_DAY);
            assertTrue(bytes <= MOST_BYTES_A_DAY, bytes + " bytes a day");
        } finally {
            RecordedDisk.run("rm", "-rf", "--one-file-system", folder.toString());
        }
    }

    private static Path folder() {
        try {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "noonmark-cut")
                    : Files.createTempDirectory("noonmark-cut");
        } catch (IOException e) {
            throw new IllegalStateException("no folder for a disk", e);
        }
    }

    /** Some years of the box, with what each store held after each step, and how many writes there were by then. */
    private void live(RecordedDisk recorded) throws IOException {
        StateStory story = new StateStory(root);
        story.begin();
        RecordedDisk.run("sync", "-f", root.resolve("data").toString());
        note(recorded);
        for (int year = 0; year < YEARS; year++) {
            for (StateStory.Work work : story.year(year)) {
                work.run();
                note(recorded);
            }
        }
    }

    private void note(RecordedDisk recorded) throws IOException {
        ends.add(recorded.entries());
        // Reading takes what was kept for one reading, so a copy is read.
        Path copy = Files.createDirectories(folder.resolve("copy"));
        RecordedDisk.run("cp", "-a", root.resolve("data").toString(), copy.toString());
        states.add(new StateStory(copy).look());
        RecordedDisk.run("rm", "-rf", copy.toString());
    }

    private void cutAll(List<RecordedDisk.Entry> log, byte[] disk) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int first = ends.getFirst();
        int writes = 0;
        for (int i = first; i < log.size(); i++) {
            writes += log.get(i).isFlush() ? 0 : 1;
        }
        double cutsPerWrite = (double) CUTS / writes;
        double due = 0;
        int done = 0;
        byte[] flushed = disk;
        List<RecordedDisk.Entry> pending = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            RecordedDisk.Entry entry = log.get(i);
            if (entry.isFlush()) {
                pending.forEach(write -> write.onto(flushed));
                pending.clear();
                continue;
            }
            pending.add(entry);
            if (i < first) {
                continue;
            }
            due += cutsPerWrite;
            for (int variant = 0; done < Math.round(due); variant++) {
                cut(flushed, pending, i, variant, random);
                done++;
            }
        }
        System.out.println("rig=powercut part=store writes=" + writes + " cuts=" + done + " steps=" + states.size()
                + " stores=" + states.getFirst().size() + " checked_before_mount=" + checkedFirst + " seed=" + SEED
                + " losses="
                + faults.values().stream().mapToInt(Integer::intValue).sum());
        assertEquals(CUTS, done);
    }

    /** The first cut at a write leaves it and all before; the second half of it; the others any of what was not flushed. */
    private void cut(byte[] flushed, List<RecordedDisk.Entry> pending, int at, int variant, SplittableRandom random)
            throws IOException {
        byte[] disk = flushed.clone();
        for (int i = 0; i < pending.size(); i++) {
            RecordedDisk.Entry write = pending.get(i);
            boolean isLast = i == pending.size() - 1;
            if (variant == 0 || (variant == 1 && !isLast)) {
                write.onto(disk);
            } else if (variant == 1 || random.nextInt(3) == 0) {
                tear(disk, write, random);
            } else if (random.nextBoolean()) {
                write.onto(disk);
            }
        }
        Path image = folder.resolve("cut");
        Files.write(image, disk);
        boot(image, at, "write " + at + ", kind " + Math.min(variant, 2));
    }

    private static void tear(byte[] disk, RecordedDisk.Entry write, SplittableRandom random) {
        for (int sector = 0; sector < write.sectors(); sector++) {
            if (random.nextBoolean()) {
                write.onto(disk, sector);
            }
        }
    }

    /** As the box does: mounted as it is, which plays the journal back; checked first only where that fails. */
    private void boot(Path image, int at, String where) throws IOException {
        Path booted = Files.createDirectories(folder.resolve("booted"));
        Path data = Files.createDirectories(booted.resolve("data"));
        String[] mount = {
            "mount", "-t", "ext4", "-o", "loop," + RecordedDisk.MOUNT_OPTIONS, image.toString(), data.toString()
        };
        try {
            RecordedDisk.run(mount);
        } catch (IOException e) {
            checkedFirst++;
            new ProcessBuilder("e2fsck", "-fy", image.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
            RecordedDisk.run(mount);
        }
        try {
            StateStory story = new StateStory(booted);
            story.machine();
            int step = stepBefore(at);
            judge(story.look(), step, where);
            String left = story.goOn(step / story.year(0).size());
            if (!left.isEmpty()) {
                fault(left, where);
            }
        } finally {
            RecordedDisk.run("umount", data.toString());
            RecordedDisk.run("rm", "-rf", "--one-file-system", booted.toString());
        }
        try {
            RecordedDisk.run("e2fsck", "-fn", image.toString());
        } catch (IOException e) {
            fault("the file system is damaged", where + ": " + e.getMessage());
        }
    }

    /** The last step that had come to its end. */
    private int stepBefore(int at) {
        int step = 0;
        while (step + 1 < ends.size() && ends.get(step + 1) <= at) {
            step++;
        }
        return step;
    }

    private void judge(Map<String, String> found, int step, String where) {
        Map<String, String> old = states.get(step);
        Map<String, String> coming = states.get(Math.min(step + 1, states.size() - 1));
        for (Map.Entry<String, String> store : found.entrySet()) {
            String name = store.getKey();
            if (!store.getValue().equals(old.get(name)) && !store.getValue().equals(coming.get(name))) {
                boolean earlier = states.subList(0, step).stream()
                        .anyMatch(state -> store.getValue().equals(state.get(name)));
                fault(
                        name + (earlier ? ": older than what was saved" : ": neither old nor new"),
                        where + ", step " + step + ": " + store.getValue());
            }
        }
    }

    private void fault(String what, String where) {
        if (faults.merge(what, 1, Integer::sum) <= 2) {
            System.out.println("powercut: " + what + " (" + where + ")");
        }
    }
}
