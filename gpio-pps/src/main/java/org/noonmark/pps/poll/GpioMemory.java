package org.noonmark.pps.poll;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The GPIO registers of the board, by mapping {@code /dev/gpiomem} for reading: nothing can be changed through it. */
final class GpioMemory implements IntUnaryOperator, AutoCloseable {
    private static final String DEVICE = "/dev/gpiomem";
    private static final int O_RDONLY = 0;
    private static final int O_SYNC = 0x101000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;

    /** Boards whose registers are laid out as {@link GpioRegisters} says; a Pi 5 has others. */
    private static final List<String> BOARDS = List.of(
            "Raspberry Pi 3",
            "Raspberry Pi 4",
            "Raspberry Pi Zero 2",
            "Raspberry Pi Compute Module 3",
            "Raspberry Pi Compute Module 4");

    /** The C library's functions. */
    private static final class Libc {
        static {
            Native.register(Libc.class, NativeLibrary.getProcess());
        }

        static native int open(String path, int flags);

        static native Pointer mmap(Pointer at, long length, int protection, int flags, int fd, long offset);

        static native int munmap(Pointer at, long length);

        static native int close(int fd);

        static native String strerror(int errno);
    }

    private final Pointer registers;

    private GpioMemory(Pointer registers) {
        this.registers = registers;
    }

    /**
     * Maps the registers.
     *
     * @param model as {@code /proc/device-tree/model} has it
     * @throws IOException with reason and cure
     */
    static GpioMemory open(String model) throws IOException {
        if (BOARDS.stream().noneMatch(model::contains)) {
            throw new IOException("pins of " + (model.isEmpty() ? "this machine" : model)
                    + " cannot be polled, only those of Pi 3 and 4; remove 'pps-poll'");
        }
        int fd = Libc.open(DEVICE, O_RDONLY | O_SYNC | O_CLOEXEC);
        if (fd < 0) {
            throw new IOException(DEVICE + ": " + Libc.strerror(Native.getLastError())
                    + "; it comes with Raspberry Pi's own kernel; where it is there, let the daemon read it (its unit: 'DeviceAllow="
                    + "char-*gpiomem r', its group: the file's), else remove 'pps-poll'");
        }
        try {
            Pointer mapped = Libc.mmap(Pointer.NULL, GpioRegisters.BYTES, PROT_READ, MAP_SHARED, fd, 0);
            if (Pointer.nativeValue(mapped) == -1) {
                throw new IOException(
                        DEVICE + ": cannot be mapped, " + Libc.strerror(Native.getLastError()) + "; remove 'pps-poll'");
            }
            return new GpioMemory(mapped);
        } finally {
            Libc.close(fd);
        }
    }

    /** The register at {@code byteOffset}: each call is a reading of the hardware. */
    @Override
    public int applyAsInt(int byteOffset) {
        return registers.getInt(byteOffset);
    }

    @Override
    public void close() {
        Libc.munmap(registers, GpioRegisters.BYTES);
    }
}
