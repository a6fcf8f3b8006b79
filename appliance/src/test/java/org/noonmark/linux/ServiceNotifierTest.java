package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNotifierTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void tellsTheManagerOnASocketWithAPath() {
        Path path = folder.resolve("notify");
        try (Manager manager = new Manager((path + "\0").getBytes(StandardCharsets.UTF_8));
                ServiceNotifier notifier = ServiceNotifier.of(Map.of("NOTIFY_SOCKET", path.toString()))) {
            notifier.ready();
            notifier.status("stratum 1\nPPS");
            notifier.watchdog();
            notifier.stopping();

            assertEquals("READY=1", manager.receive());
            assertEquals("STATUS=stratum 1 PPS", manager.receive());
            assertEquals("WATCHDOG=1", manager.receive());
            assertEquals("STOPPING=1", manager.receive());
        }
    }

    @Test
    void tellsTheManagerOnAnAbstractSocket() {
        String name = "noonmark-test-" + ProcessHandle.current().pid();
        try (Manager manager = new Manager(("\0" + name).getBytes(StandardCharsets.UTF_8));
                ServiceNotifier notifier = ServiceNotifier.of(Map.of("NOTIFY_SOCKET", "@" + name))) {
            notifier.ready();

            assertEquals("READY=1", manager.receive());
        }
    }

    @Test
    void isSilentWithoutAManagerOrWithAnAddressItCannotUse() {
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(),
                Map.of("NOTIFY_SOCKET", ""),
                Map.of("NOTIFY_SOCKET", "vsock:2:1"),
                Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200)),
                Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString()))) {
            try (ServiceNotifier notifier = ServiceNotifier.of(environment)) {
                notifier.ready();
                notifier.watchdog();
            }
        }
    }

    /** The receiving end: a datagram socket of the same family, which the JDK does not offer. */
    private static final class Manager implements AutoCloseable {
        private static final int DONTWAIT = 0x40;
        private final Arena arena = Arena.ofConfined();
        private final int fd;

        Manager(byte[] path) {
            fd = call("socket", 1, 2, 0);
            MemorySegment address = arena.allocate(2L + path.length, 2);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
            call("bind", fd, address, (int) address.byteSize());
        }

        String receive() {
            MemorySegment buffer = arena.allocate(256);
            int length = call("recv", fd, buffer, 256L, DONTWAIT);
            byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            call("close", fd);
            arena.close();
        }

        @SuppressWarnings("restricted")
        private static int call(String function, Object... arguments) {
            var layouts = Arrays.stream(arguments)
                    .map(a -> switch (a) {
                        case Integer _ -> ValueLayout.JAVA_INT;
                        case Long _ -> ValueLayout.JAVA_LONG;
                        default -> ValueLayout.ADDRESS;
                    })
                    .toArray(MemoryLayout[]::new);
            Linker linker = Linker.nativeLinker();
            try {
                Object result = linker.downcallHandle(
                                linker.defaultLookup().findOrThrow(function),
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts))
                        .invokeWithArguments(arguments);
                int value = (int) result;
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
}
