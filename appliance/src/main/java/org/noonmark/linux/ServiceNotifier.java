package org.noonmark.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how the daemon is, by the protocol of sd_notify(3): one datagram per message to the socket that the
 * manager named. Silent where there is no manager. Any thread may call; a message that cannot be sent is lost, as nothing here may
 * hold up the time.
 */
public final class ServiceNotifier implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** struct sockaddr_un: family (2 bytes), then a path of at most 108. */
    private static final int MAX_PATH_BYTES = 108;

    private final byte @Nullable [] address;
    private int fd = -1;

    private ServiceNotifier(byte @Nullable [] address) {
        this.address = address;
    }

    /**
     * For the manager that started this process.
     *
     * @param environment NOTIFY_SOCKET as the manager set it; missing or malformed is as if there were no manager
     */
    public static ServiceNotifier of(Map<String, String> environment) {
        return new ServiceNotifier(addressOf(environment.get("NOTIFY_SOCKET")));
    }

    public void ready() {
        send("READY=1");
    }

    /** One line for {@code systemctl status}. */
    public void status(String line) {
        send("STATUS=" + line.replace('\n', ' '));
    }

    /** Still alive: once a second, which the unit's WatchdogSec must leave room for. */
    public void watchdog() {
        send("WATCHDOG=1");
    }

    public void stopping() {
        send("STOPPING=1");
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }

    private synchronized void send(String message) {
        if (address == null) {
            return;
        }
        if (fd < 0) {
            fd = Libc.socket(AF_UNIX, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
        }
        if (fd >= 0) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            Libc.sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length);
        }
    }

    /** The socket's address; a leading {@code @} stands for the zero byte of an abstract name. Null when there is none to use. */
    private static byte @Nullable [] addressOf(@Nullable String socket) {
        if (socket == null || !(socket.startsWith("/") || socket.startsWith("@"))) {
            return null;
        }
        byte[] path = socket.getBytes(StandardCharsets.UTF_8);
        if (path.length < 2 || path.length >= MAX_PATH_BYTES) {
            return null;
        }
        boolean named = path[0] == '/';
        byte[] address = Arrays.copyOf(new byte[] {AF_UNIX, 0}, 2 + path.length + (named ? 1 : 0));
        System.arraycopy(path, 0, address, 2, path.length);
        if (!named) {
            address[2] = 0;
        }
        return address;
    }
}
