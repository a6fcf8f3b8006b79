package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.control.Answer;
import org.noonmark.control.ControlClient;
import org.noonmark.control.Request;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.SettableReceiver;
import org.noonmark.status.ReceiverStatus;
import org.noonmark.time.NtpTime;

/** The whole daemon on a simulated machine, in real time: some seconds. */
class DaemonTest {
    private static final long SECOND = 1_000_000_000L;
    /** Six seconds before the NTP era of 2036 begins: about when the first answer comes. */
    private static final long START = 2_085_978_490L * SECOND;

    @TempDir
    Path directory = Path.of("unset");

    @Test
    void goesFromColdToStratumOneAndLeavesNothingBehind() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        List<Integer> leaps = new ArrayList<>();
        try (SimulatedMachine machine = machine()) {
            try (Daemon daemon = Daemon.start(Build.load(), config(machine, port), machine, LocalDate.of(2036, 1, 1))) {
                InetSocketAddress address = daemon.ntpAddresses().getFirst();
                long end = LinuxTime.monotonicNanos() + 60 * SECOND;
                NtpPacket answer = ask(address);
                while (answer.leapIndicator() == 3 && LinuxTime.monotonicNanos() < end) {
                    assertEquals(0, answer.stratum());
                    assertEquals(0, answer.referenceId());
                    leaps.add(answer.leapIndicator());
                    Thread.sleep(50);
                    answer = ask(address);
                }
                assertEquals(1, answer.stratum(), daemon.snapshot().clock().why());
                assertFalse(leaps.isEmpty());
                ReceiverStatus receiver = daemon.snapshot().receivers().getFirst();
                assertEquals("u-blox 8 (SPG 3.01)", receiver.model());
                assertTrue(receiver.setUp().contains("NAV-PVT"), receiver.setUp());
                long before = machine.trueNanos();
                long sent = NtpTime.toUnixNanos(ask(address).transmitTimestamp(), before);
                long after = machine.trueNanos();
                assertTrue(before - SECOND / 10 < sent, () -> "sent " + (before - sent) + " ns before it was asked");
                assertTrue(sent < after + SECOND / 10, () -> "sent " + (sent - after) + " ns after it came");
                assertTrue(Math.abs(machine.clockErrorNanos()) < 100_000, () -> "off by " + machine.clockErrorNanos());
                assertTrue(new ControlClient(socket())
                        .ask(new Request("status", List.of()))
                        .text()
                        .contains("SYNCHRONISED"));
                assertTheClientIsKnown();
            }
        }
        assertTrue(Files.exists(directory.resolve("drift")));
        assertFalse(Files.exists(socket()));
    }

    private void assertTheClientIsKnown() throws IOException {
        ControlClient control = new ControlClient(socket());
        String clients = control.ask(new Request("clients", List.of("-v"))).text();
        assertTrue(clients.contains("\n127.0.0.1 ") && clients.contains(" 4 3 -    basic\n"), clients);
        assertEquals(
                new Answer(Answer.OK, "208 Access allowed: by 'allow 127.0.0.0/8'\n"),
                control.ask(new Request("accheck", List.of("127.3.2.1"))));
        assertEquals(
                new Answer(Answer.NOT_GOOD, "209 Access denied: no rule covers it\n"),
                control.ask(new Request("accheck", List.of("::1"))));
        assertEquals(
                Answer.USAGE, control.ask(new Request("accheck", List.of("me"))).code());
        assertEquals(
                Answer.USAGE, control.ask(new Request("clients", List.of("-x"))).code());
        assertEquals(
                Answer.USAGE,
                control.ask(new Request("clients", List.of("-p", "few"))).code());
        String many = control.ask(new Request("clients", List.of("-p", "1000000", "-r")))
                .text();
        assertFalse(many.contains("127.0.0.1"), many);
        String anew = control.ask(new Request("clients", List.of("-p", "1"))).text();
        assertFalse(anew.contains("127.0.0.1"), anew);
    }

    /** The machine's clock is three seconds off, and its owner allows a tenth of a second from the first pulse on. */
    @Test
    void givesUpWhereTheOwnerForbidsTheChange() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        try (SimulatedMachine machine = machine();
                Daemon daemon = Daemon.start(
                        Build.load(),
                        config(machine, 0, "maxchange 0.1 0 0"),
                        machine,
                        LocalDate.of(2036, 1, 1),
                        givenUp::countDown)) {
            assertFalse(daemon.hasGivenUp());
            assertTrue(
                    givenUp.await(60, TimeUnit.SECONDS),
                    () -> daemon.snapshot().clock().why());
            assertTrue(daemon.hasGivenUp());
            assertEquals(-3e9, (double) machine.clockErrorNanos(), 1e8);
        }
        assertFalse(Files.exists(directory.resolve("drift")));
    }

    private SimulatedMachine machine() throws IOException {
        return new SimulatedMachine(
                START,
                LinuxTime.monotonicNanos(),
                -3 * SECOND,
                Oscillator.wandering(Oscillator.Wander.QUIET, 1),
                // Far from both pulses, so that a busy machine makes it late but not ambiguous.
                new SettableReceiver(ReceiverOptions.DEFAULT.withDelay(SECOND * 2 / 5, 0)),
                PulseModel.Noise.QUIET,
                1);
    }

    private ApplianceConfig config(SimulatedMachine machine, int port, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("noonmark.conf"), """
                receiver %s refid GPS pps /dev/pps-simulated
                port %d
                bindaddress 127.0.0.1
                bindaddress ::1
                allow 127.0.0.0/8
                controlsocket %s
                driftfile %s
                %s
                """.formatted(
                        machine.receiverDevice(), port, socket(), directory.resolve("drift"), String.join("\n", more)));
        ConfigReading reading = new ConfigReader(new DiskConfigFiles()).read(file.toString());
        return assertInstanceOf(ConfigReading.Accepted.class, reading).config();
    }

    private Path socket() {
        return directory.resolve("control.sock");
    }

    private static NtpPacket ask(InetSocketAddress server) throws IOException {
        byte[] request = new byte[NtpPacket.HEADER_LENGTH];
        request[0] = 4 << 3 | 3;
        try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(server.getAddress(), 0))) {
            client.setSoTimeout(5_000);
            client.send(new DatagramPacket(request, request.length, server));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            client.receive(answer);
            return new NtpPacket(ByteBuffer.wrap(answer.getData()), 0, answer.getLength());
        }
    }
}
