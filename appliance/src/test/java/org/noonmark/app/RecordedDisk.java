package org.noonmark.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk with the data partition's file system, mounted, of which every write and every flush is recorded in its order: QEMU's {@code
 * blklogwrites} (the log of Linux' dm-log-writes) below a loop device, as qemu-storage-daemon exports it by FUSE. Needs root. One thread.
 */
final class RecordedDisk implements AutoCloseable {
    /** As in /etc/fstab of the appliance. */
    static final String MOUNT_OPTIONS = "noatime,nodev,nosuid,noexec,commit=60,errors=remount-ro";

    private static final int MEBIBYTES = 16;
    private static final int SECTOR = 512;
    private static final long MAGIC = 0x6a736677736872L;
    private static final long FLUSH = 1;

    private final Path folder;
    private final Path mountPoint;
    private final byte[] blank;
    private final String loop;

    /** A write, or a flush of all before it. */
    static final class Entry {
        private final boolean isFlush;
        private final int offset;
        private final byte[] bytes;

        private Entry(boolean isFlush, int offset, byte[] bytes) {
            this.isFlush = isFlush;
            this.offset = offset;
            this.bytes = bytes;
        }

        boolean isFlush() {
            return isFlush;
        }

        /** How many sectors it writes. */
        int sectors() {
            return bytes.length / SECTOR;
        }

        /** Puts all of it onto {@code disk}. */
        void onto(byte[] disk) {
            System.arraycopy(bytes, 0, disk, offset, bytes.length);
        }

        /** Puts one sector of it onto {@code disk}. */
        void onto(byte[] disk, int sector) {
            System.arraycopy(bytes, sector * SECTOR, disk, offset + sector * SECTOR, SECTOR);
        }
    }

    RecordedDisk(Path folder, Path mountPoint) throws IOException {
        this.folder = folder;
        this.mountPoint = mountPoint;
        Files.createDirectories(mountPoint);
        Path disk = folder.resolve("disk");
        Files.write(disk, new byte[MEBIBYTES << 20]);
        Files.createFile(folder.resolve("log"));
        run("truncate", "-s", "512M", folder.resolve("log").toString());
        Files.createFile(folder.resolve("export"));
        // As image-build's partitions are made, but for the journal: it is as large as on a partition of 256 MiB there.
        run(
                "mke2fs",
                "-q",
                "-F",
                "-t",
                "ext4",
                "-b",
                "4096",
                "-J",
                "size=4",
                "-m",
                "0",
                "-O",
                "^orphan_file,^metadata_csum_seed",
                "-E",
                "lazy_itable_init=0,lazy_journal_init=0",
                disk.toString());
        blank = Files.readAllBytes(disk);
        run(
                "qemu-storage-daemon",
                "--blockdev",
                "driver=file,node-name=disk,filename=" + disk,
                "--blockdev",
                "driver=file,node-name=log,filename=" + folder.resolve("log"),
                "--blockdev",
                "driver=blklogwrites,node-name=recorded,file=disk,log=log,log-sector-size=512,log-super-update-interval=1",
                "--export",
                "type=fuse,id=export,node-name=recorded,writable=on,mountpoint=" + folder.resolve("export"),
                "--pidfile",
                folder.resolve("pid").toString(),
                "--daemonize");
        loop = run("losetup", "--find", "--show", folder.resolve("export").toString())
                .strip();
        run("mount", "-t", "ext4", "-o", MOUNT_OPTIONS, loop, mountPoint.toString());
    }

    /** The disk before the first write. */
    byte[] blank() {
        return blank.clone();
    }

    /** How many writes and flushes there were. */
    int entries() throws IOException {
        try (var log = Files.newByteChannel(folder.resolve("log"))) {
            ByteBuffer head = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
            log.read(head);
            if (head.getLong(0) != MAGIC) {
                throw new IOException("no log of writes");
            }
            return Math.toIntExact(head.getLong(16));
        }
    }

    /** How many bytes were written. */
    long bytes() throws IOException {
        return log().stream()
                .mapToLong(entry -> (long) entry.sectors() * SECTOR)
                .sum();
    }

    /** All of them. */
    List<Entry> log() throws IOException {
        ByteBuffer log =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("log"))).order(ByteOrder.LITTLE_ENDIAN);
        List<Entry> entries = new ArrayList<>();
        int count = entries();
        int at = SECTOR;
        for (int i = 0; i < count; i++) {
            int bytes = Math.toIntExact(log.getLong(at + 8)) * SECTOR;
            boolean isFlush = (log.getLong(at + 16) & FLUSH) != 0;
            int data = at + SECTOR;
            entries.add(new Entry(
                    isFlush, (int) log.getLong(at) * SECTOR, Arrays.copyOfRange(log.array(), data, data + bytes)));
            at = data + bytes;
        }
        return entries;
    }

    @Override
    public void close() throws IOException {
        run("umount", mountPoint.toString());
        run("losetup", "--detach", loop);
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(daemon -> {
            daemon.destroy();
            daemon.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    /** What a command printed that must succeed. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + code + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }
}
