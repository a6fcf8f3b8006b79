package org.noonmark.nmea.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real pseudo-terminal. A "frame" is the letter F, so that the test decides at which speed one arrives. */
@Timeout(30)
class SerialPortTest {
    private static final int SPEED_9600 = 13;
    private static final int SPEED_115200 = 0x1002;
    private static final int SPEED_38400 = 15;

    /** Keeps what it hears as words: "connected 9600", "bytes abc @5", "silence". */
    private static final class Recorder implements PortListener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void onConnected(int baud, Outlet outlet) {
            heard.add("connected " + baud);
        }

        @Override
        public void onBytes(byte[] bytes, int count, long arrivalNanos) {
            heard.add("bytes " + new String(bytes, 0, count, StandardCharsets.ISO_8859_1) + " @" + arrivalNanos);
        }

        @Override
        public void onSilence() {
            heard.add("silence");
        }

        String next() throws InterruptedException {
            String word;
            do {
                word = heard.poll(10, TimeUnit.SECONDS);
                assertNotNull(word, "nothing heard in 10 s");
            } while (word.equals("silence"));
            return word;
        }
    }

    private final Recorder recorder = new Recorder();
    private final AtomicLong clock = new AtomicLong(42);
    private final AtomicLong monotonic = new AtomicLong();
    private @Nullable Thread thread;

    @AfterEach
    void stop() throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join(5_000);
            assertFalse(running.isAlive(), "run() ends on interruption");
        }
    }

    @Test
    void readsBytesUnchangedWithTheirArrival() throws Exception {
        try (TestTerminal receiver = new TestTerminal()) {
            SerialPort port = start(receiver.path(), OptionalInt.of(38400));
            assertEquals("connected 38400", recorder.next());

            receiver.write(bytes("$GP\r\n\u00b5b\u0003\u0011\u0000"));

            assertEquals("bytes $GP\r\n\u00b5b\u0003\u0011\u0000 @42", recorder.next());
            assertEquals(SPEED_38400, receiver.speedCode());
            assertEquals(PortStatus.State.READING, port.status().state());
            assertEquals(38400, port.status().baud());
        }
    }

    @Test
    void reportsSilence() throws Exception {
        try (TestTerminal receiver = new TestTerminal()) {
            start(receiver.path(), OptionalInt.of(9600));
            assertEquals("connected 9600", recorder.next());

            assertEquals("silence", recorder.heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void findsTheSpeedAtWhichAFrameArrives() throws Exception {
        try (TestTerminal receiver = new TestTerminal()) {
            start(receiver.path(), OptionalInt.empty());
            until(() -> receiver.speedCode() == SPEED_9600);
            receiver.write(bytes("noise of the wrong speed"));
            // In small steps: when the port looks at the time first is its own matter.
            until(() -> receiver.speedCode() == SPEED_115200 || monotonic.addAndGet(100_000_000L) < 0);

            writeUntilConnected(receiver, "F");

            assertEquals("connected 0", recorder.next());
            assertEquals(SPEED_115200, receiver.speedCode());
        }
    }

    @Test
    void findsTheSpeedAnewWhenAsked() throws Exception {
        try (TestTerminal receiver = new TestTerminal()) {
            SerialPort port = start(receiver.path(), OptionalInt.empty());
            writeUntilConnected(receiver, "F");
            assertEquals("connected 0", recorder.next());

            port.redetect();
            receiver.write(bytes("x"));
            until(() -> port.status().state() == PortStatus.State.DETECTING);
            // In small steps: when the port looks at the time first is its own matter.
            until(() -> receiver.speedCode() == SPEED_115200 || monotonic.addAndGet(100_000_000L) < 0);
            recorder.heard.clear();
            writeUntilConnected(receiver, "F");

            assertEquals("connected 0", recorder.next());
            assertEquals(SPEED_115200, receiver.speedCode());
        }
    }

    @Test
    void opensTheDeviceAgainAfterAnUnplug(@TempDir Path folder) throws Exception {
        Path link = folder.resolve("receiver");
        TestTerminal first = new TestTerminal();
        Files.createSymbolicLink(link, first.path());
        SerialPort port = start(link, OptionalInt.of(9600));
        assertEquals("connected 9600", recorder.next());

        first.close();
        until(() -> port.status().state() == PortStatus.State.GONE);
        Files.delete(link);
        until(() -> port.status().why().contains("no such device"));
        try (TestTerminal second = new TestTerminal()) {
            Files.createSymbolicLink(link, second.path());

            assertEquals("connected 9600", recorder.next());
            second.write(bytes("back"));
            assertEquals("bytes back @42", recorder.next());
        }
    }

    @Test
    void noticesAnUnplugWhileItLooksForTheSpeed() {
        TestTerminal receiver = new TestTerminal();
        SerialPort port = start(receiver.path(), OptionalInt.empty());
        until(() -> port.status().state() == PortStatus.State.DETECTING);

        receiver.close();

        until(() -> port.status().state() == PortStatus.State.GONE);
        until(() -> port.status().why().contains("no such device"));
    }

    @Test
    void waitsForADeviceThatIsNotThereYet(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("ttyS0");
        SerialPort port = start(missing, OptionalInt.of(9600));

        until(() -> port.status().state() == PortStatus.State.GONE);

        assertEquals(
                missing
                        + ": no such device; plug the receiver in, or name its port (ls /dev/serial* /dev/tty*) in the receiver line",
                port.status().why());
    }

    @Test
    void refusesADeviceThatIsNoSerialPort() {
        SerialPort port = start(Path.of("/dev/null"), OptionalInt.of(9600));

        until(() -> port.status().state() == PortStatus.State.GONE);

        assertEquals(
                "/dev/null: not a serial port; name one such as /dev/serial0 or /dev/ttyACM0",
                port.status().why());
    }

    @Test
    void saysThatAnotherProgramHoldsThePort() throws Exception {
        try (TestTerminal receiver = new TestTerminal()) {
            receiver.holdAsAnotherReader();
            SerialPort port = start(receiver.path(), OptionalInt.of(9600));

            until(() -> port.status().state() == PortStatus.State.GONE);

            assertTrue(port.status().why().contains("another program holds it"), port.status()::why);
        }
    }

    @Test
    void isClosedBeforeAndAfterItsRun() throws Exception {
        try (TestTerminal receiver = new TestTerminal()) {
            SerialPort port = make(receiver.path(), OptionalInt.of(9600));
            assertEquals(PortStatus.State.CLOSED, port.status().state());
            Thread running = run(port);
            assertEquals("connected 9600", recorder.next());

            running.interrupt();
            running.join(5_000);

            assertEquals(PortStatus.State.CLOSED, port.status().state());
        }
    }

    @Test
    void leavesNothingBehindInTheTemporaryFolder(@TempDir Path folder) throws Exception {
        assertEquals("9600", child("-Djava.io.tmpdir=" + folder));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void saysWhatIsMissingWhenTheLibraryIsNotWhereItIsSaidToBe(@TempDir Path folder) throws Exception {
        String sentence = child("-DjSerialComm.library.path=" + folder);

        assertEquals(
                "the native part of jSerialComm (libjSerialComm.so) cannot be loaded: there is none in " + folder
                        + ", which jSerialComm.library.path names; start java with -DjSerialComm.library.path=DIRECTORY that"
                        + " holds it, or with -Djava.io.tmpdir=DIRECTORY where this user may write and execute",
                sentence);
    }

    @Test
    void saysWhatToDoWhenTheLibraryCannotBeUnpacked() throws Exception {
        String sentence = child("-Djava.io.tmpdir=/proc");

        assertTrue(
                sentence.startsWith("the native part of jSerialComm (libjSerialComm.so) cannot be loaded:"
                        + " it cannot be unpacked into /proc; start java with -DjSerialComm.library.path="),
                sentence);
    }

    /** The child process: opens a terminal and prints its speed, or why it could not. */
    public static void main(String[] arguments) throws Exception {
        try (TestTerminal receiver = new TestTerminal();
                SerialLine _ = openAfterCheck(receiver.path())) {
            System.out.println(receiver.speedCode() == SPEED_9600 ? "9600" : "another speed");
        } catch (UnsatisfiedLinkError e) {
            System.out.println(e.getMessage());
        }
    }

    private static SerialLine openAfterCheck(Path device) throws IOException {
        SerialPort.requireNativeLibrary();
        return SerialLine.open(device, 9600);
    }

    private static String child(String option) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        option,
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        SerialPortTest.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private SerialPort make(Path device, OptionalInt baud) {
        Supplier<FrameProbe> probes = () -> (bytes, count) -> {
            for (int i = 0; i < count; i++) {
                if (bytes[i] == 'F') {
                    return true;
                }
            }
            return false;
        };
        return new SerialPort(device, baud, probes, clock::get, monotonic::get, new RetryDelay(10, 50));
    }

    private SerialPort start(Path device, OptionalInt baud) {
        SerialPort port = make(device, baud);
        run(port);
        return port;
    }

    private Thread run(SerialPort port) {
        Thread running = new Thread(() -> port.run(recorder), "serial");
        thread = running;
        running.start();
        return running;
    }

    /** The port may still be changing its speed and drop what comes meanwhile, so the receiver says it again. */
    private void writeUntilConnected(TestTerminal receiver, String frame) {
        until(() -> {
            receiver.write(bytes(frame));
            return recorder.heard.stream().anyMatch(word -> word.startsWith("connected"));
        });
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(2_000_000L);
            // The time limit of the test speaks by an interrupt.
            assertFalse(Thread.currentThread().isInterrupted(), "waited in vain");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
