package org.noonmark.nmea.serial;

import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * An open serial device by jSerialComm: raw, 8 data bits, no parity, 1 stop bit, no flow control, locked against others (flock).
 * Used by one thread.
 */
final class SerialLine implements AutoCloseable {
    /** How long a read waits for the first byte; so late are interruption and unplugging noticed at the latest. */
    static final int READ_TIMEOUT_MILLIS = 500;

    private static final int DATA_BITS = 8;

    private final com.fazecast.jSerialComm.SerialPort port;
    private final String realPath;

    private SerialLine(com.fazecast.jSerialComm.SerialPort port, String realPath) {
        this.port = port;
        this.realPath = realPath;
    }

    /**
     * Whether bytes come one after the other at the line's speed. Over USB (a CDC-ACM receiver) they come in packets, whatever speed was
     * set; a pseudo-terminal keeps the speed that its writer keeps, which only the owner knows.
     */
    boolean isPaced(boolean speedIsTheOwnersWord) {
        return !realPath.startsWith("/dev/ttyACM") && (speedIsTheOwnersWord || !realPath.startsWith("/dev/pts/"));
    }

    /**
     * Opens the device, or what a symbolic link at {@code device} names.
     *
     * @throws IOException with device, reason and cure
     * @throws UnsatisfiedLinkError when the native library cannot be loaded; the message has the cure
     */
    static SerialLine open(Path device, int baud) throws IOException {
        SerialLibrary.require();
        String realPath = realPath(device);
        var port = portOf(device, realPath);
        port.setComPortParameters(baud, DATA_BITS, com.fazecast.jSerialComm.SerialPort.ONE_STOP_BIT, 0);
        port.setFlowControl(com.fazecast.jSerialComm.SerialPort.FLOW_CONTROL_DISABLED);
        port.setComPortTimeouts(com.fazecast.jSerialComm.SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_TIMEOUT_MILLIS, 0);
        if (!port.openPort(0)) {
            throw new IOException(PortFault.ofOpening(device.toString(), port.getLastErrorCode()));
        }
        return new SerialLine(port, realPath);
    }

    /** Resolved here: the library takes a path that does not exist for a name in /dev and opens something else. */
    private static String realPath(Path device) throws IOException {
        try {
            return device.toRealPath().toString();
        } catch (NoSuchFileException e) {
            throw new IOException(PortFault.ofOpening(device.toString(), PortFault.ENOENT), e);
        } catch (AccessDeniedException e) {
            throw new IOException(PortFault.ofOpening(device.toString(), PortFault.EACCES), e);
        }
    }

    private static com.fazecast.jSerialComm.SerialPort portOf(Path device, String realPath) throws IOException {
        try {
            return com.fazecast.jSerialComm.SerialPort.getCommPort(realPath);
        } catch (SerialPortInvalidPortException e) {
            throw new IOException(PortFault.ofOpening(device.toString(), PortFault.ENOENT), e);
        }
    }

    /** Goes on at another speed; what came at the old one is thrown away. */
    boolean changeBaud(int baud) {
        return port.setBaudRate(baud) && port.flushIOBuffers();
    }

    /**
     * Reads what is there, or waits for it.
     *
     * @return bytes read, 0 when none came in time, -1 when the device is gone
     */
    int read(byte[] into) {
        int count = port.readBytes(into, into.length);
        if (count != 0) {
            return count;
        }
        // A port that was hung up also reads as "nothing", at once and for ever; it has no count of waiting bytes.
        return port.bytesAvailable() < 0 ? -1 : 0;
    }

    /** Sends bytes; false when the line did not take all of them. */
    boolean write(byte[] bytes) {
        return port.writeBytes(bytes, bytes.length) == bytes.length;
    }

    @Override
    public void close() {
        port.closePort();
    }
}
