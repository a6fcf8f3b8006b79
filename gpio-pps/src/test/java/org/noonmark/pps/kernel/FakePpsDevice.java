package org.noonmark.pps.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;

/**
 * A PPS device that answers from bytes written down by hand in the order of linux/pps.h (little endian), and that keeps what it was
 * asked. A waiting fetch takes its next answer from {@link #later}, or times out.
 */
final class FakePpsDevice implements PpsDevice {
    /** Capture assert, offset and echo of it, can wait, timespec: what pps-gpio has. */
    static final int PPS_GPIO = 0x1151;

    int capabilities = PPS_GPIO;
    int capabilityResult;
    int setResult;
    int fetchResult;
    String params = "01000000" + "11100000" + "0".repeat(64);
    String now = fdata(0, 0, 0, 0, 0, 0);
    final Queue<String> later = new ArrayDeque<>();
    final List<byte[]> written = new ArrayList<>();
    final List<String> timeouts = new ArrayList<>();
    Runnable onWait = () -> {};
    boolean present = true;
    int closed;

    /** struct pps_fdata without its timeout, in hexadecimal. */
    static String fdata(
            int assertSequence, int clearSequence, long assertSec, int assertNsec, long clearSec, int clearNsec) {
        ByteBuffer b = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(assertSequence).putInt(clearSequence);
        b.putLong(assertSec).putInt(assertNsec).putInt(0);
        b.putLong(clearSec).putInt(clearNsec).putInt(0);
        b.putInt(0x1151).putInt(0);
        return HexFormat.of().formatHex(b.array());
    }

    @Override
    public int ioctl(long request, ByteBuffer argument) {
        if (request == 0x800870a3L) {
            argument.putInt(0, capabilities);
            return capabilityResult;
        }
        if (request == 0x800870a1L) {
            put(params, argument);
            return 0;
        }
        if (request == 0x400870a2L) {
            written.add(bytesOf(argument));
            return setResult;
        }
        if (request == 0xc00870a4L) {
            return fetch(argument);
        }
        return -ENOTTY;
    }

    @Override
    public boolean present() {
        return present;
    }

    @Override
    public void close() {
        closed++;
    }

    private int fetch(ByteBuffer argument) {
        String timeout = HexFormat.of().formatHex(bytesOf(argument), 48, 64);
        boolean waits = !timeout.equals("0".repeat(32));
        if (fetchResult != 0) {
            return fetchResult;
        }
        if (waits) {
            timeouts.add(timeout);
            onWait.run();
            String next = later.poll();
            if (next == null) {
                return -ETIMEDOUT;
            }
            now = next;
        }
        put(now, argument);
        return 0;
    }

    private static void put(String hex, ByteBuffer into) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        into.put(0, bytes, 0, bytes.length);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }
}
