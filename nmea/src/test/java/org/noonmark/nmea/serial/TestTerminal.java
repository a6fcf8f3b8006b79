package org.noonmark.nmea.serial;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A pseudo-terminal whose far end the test holds: the receiver. Its speed is what the reader last set. */
final class TestTerminal implements AutoCloseable {
    private static final int O_RDWR_NOCTTY = 0x102;
    private static final int TCGETS = 0x5401;
    private static final int LOCK_EX = 2;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final Path path;
    private boolean open = true;
    private int otherReader = -1;

    TestTerminal() {
        fd = (int) call("posix_openpt", O_RDWR_NOCTTY);
        call("grantpt", fd);
        call("unlockpt", fd);
        MemorySegment name = arena.allocate(64);
        call("ptsname_r", fd, name, 64L);
        path = Path.of(name.getString(0));
    }

    Path path() {
        return path;
    }

    void write(byte[] bytes) {
        try (Arena once = Arena.ofConfined()) {
            MemorySegment copy = once.allocateFrom(JAVA_BYTE, bytes);
            long written = call("write", fd, copy, (long) bytes.length);
            if (written != bytes.length) {
                throw new IllegalStateException("wrote " + written + " of " + bytes.length);
            }
        }
    }

    /** The speed's code of termios.h (c_cflag and CBAUD), such as 13 for 9600 and 0x1002 for 115200. */
    int speedCode() {
        MemorySegment termios = arena.allocate(128);
        call("ioctl", fd, (long) TCGETS, termios);
        return termios.get(JAVA_INT, 8) & 0x100f;
    }

    /** Opens and locks the device as another program would. */
    void holdAsAnotherReader() {
        otherReader = (int) call("open", arena.allocateFrom(path.toString()), O_RDWR_NOCTTY);
        call("flock", otherReader, LOCK_EX);
    }

    /** Pulls the plug. */
    @Override
    public void close() {
        if (open) {
            open = false;
            call("close", fd);
        }
        if (otherReader >= 0) {
            call("close", otherReader);
            otherReader = -1;
        }
    }

    @SuppressWarnings("restricted")
    private static long call(String function, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer _ -> JAVA_INT;
                case Long _ -> JAVA_LONG;
                default -> ADDRESS;
            };
        }
        boolean wide = function.equals("write");
        Linker linker = Linker.nativeLinker();
        boolean variadic = function.equals("ioctl") || function.equals("open");
        Linker.Option[] options =
                variadic ? new Linker.Option[] {Linker.Option.firstVariadicArg(2)} : new Linker.Option[0];
        try {
            Object result = linker.downcallHandle(
                            linker.defaultLookup().findOrThrow(function),
                            FunctionDescriptor.of(wide ? JAVA_LONG : JAVA_INT, layouts),
                            options)
                    .invokeWithArguments(arguments);
            long value = ((Number) result).longValue();
            if (value < 0) {
                throw new IllegalStateException(function + " failed");
            }
            return value;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
