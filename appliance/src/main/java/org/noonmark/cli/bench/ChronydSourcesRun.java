package org.noonmark.cli.bench;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.noonmark.sources.Moment;

/**
 * chronyd as Debian has it in a simulated network: {@code virtual-world.c}, preloaded, hands its questions for the time, its steering and
 * its datagrams to this program, in whose world time passes only while it waits.
 */
final class ChronydSourcesRun {
    private static final String SOURCE = "virtual-world.c";
    private static final int WAIT = 1;
    private static final int SEND = 2;
    private static final int STEER = 3;
    private static final int STEP = 4;
    private static final int CLOCKS = 16;
    /** A wait for nothing: what it waits for is nearer than the units that it counts in. */
    private static final long LEAST_WAIT_NANOS = 1_000;

    private final SourcesWorld world;
    private final InputStream from;
    private final OutputStream to;

    private ChronydSourcesRun(SourcesWorld world, Process chronyd) {
        this.world = world;
        from = chronyd.getInputStream();
        to = new BufferedOutputStream(chronyd.getOutputStream());
    }

    /** Compiles what is preloaded; needs gcc. */
    static Path compile(BenchFolder folder) throws IOException, InterruptedException {
        Path source = folder.file(SOURCE);
        try (InputStream stored = Objects.requireNonNull(ChronydSourcesRun.class.getResourceAsStream(SOURCE))) {
            Files.copy(stored, source);
        }
        Path library = folder.file("virtual-world.so");
        Process gcc = new ProcessBuilder(
                        "gcc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
                .inheritIO()
                .start();
        if (gcc.waitFor() != 0) {
            throw new IOException("gcc does not compile " + SOURCE + ", see above");
        }
        return library;
    }

    /** Errors of the clock, second by second. */
    static double[] errors(SourcesNetwork network, long seed, Path program, Path library, BenchFolder folder)
            throws IOException, InterruptedException {
        SourcesWorld world = new SourcesWorld(network, seed);
        Path log = folder.file("chronyd.log");
        Process process = start(world.clock.now(), network, seed, program, library, folder, log);
        try {
            new ChronydSourcesRun(world, process).run();
        } catch (EOFException e) {
            process.waitFor();
            throw new IOException("chronyd has ended in network " + network.name() + ":\n" + Files.readString(log), e);
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        return world.clock.errors();
    }

    private static Process start(
            Moment now, SourcesNetwork network, long seed, Path program, Path library, BenchFolder folder, Path log)
            throws IOException {
        String user = System.getProperty("user.name");
        List<String> command = new ArrayList<>();
        if (user.equals("root")) {
            // Should anything reach for the kernel's clock in spite of all, it may not.
            command.addAll(List.of("setpriv", "--bounding-set", "-sys_time", "--inh-caps", "-sys_time"));
        }
        command.addAll(List.of(program.toString(), "-d", "-U", "-u", user, "-f", "/dev/null"));
        for (int i = 0; i < network.servers().size(); i++) {
            command.add("server " + SourcesNetwork.address(i) + " iburst minpoll " + network.minPoll() + " maxpoll "
                    + network.maxPoll());
        }
        command.addAll(List.of(
                "makestep 1 3", // Debian's
                "clockprecision 1.2e-7",
                "port 0",
                "cmdport 0",
                "bindcmdaddress /",
                "pidfile " + folder.file("chronyd.pid")));
        ProcessBuilder builder = new ProcessBuilder(command);
        Chronyd.withLibraries(builder, program);
        builder.environment().put("LD_PRELOAD", library.toString());
        builder.environment().put("VIRTUAL_SEED", Long.toString(seed));
        builder.environment().put("VIRTUAL_CLOCK", Long.toString(now.localNanos()));
        return builder.redirectError(log.toFile()).start();
    }

    private void run() throws IOException {
        while (!world.clock.isOver()) {
            switch (read(4).getInt()) {
                case WAIT -> await(read(8).getLong());
                case SEND -> send();
                case STEER -> {
                    world.clock.steer(read(8).getDouble());
                    answer(clocks());
                }
                case STEP -> {
                    world.clock.step(read(8).getLong());
                    answer(clocks());
                }
                default -> throw new IOException("chronyd and its world do not understand each other");
            }
        }
    }

    private void send() throws IOException {
        ByteBuffer head = read(16);
        int port = head.getInt();
        int server = (head.getInt() & 0xff) - 1;
        head.getInt(); // UDP port
        byte[] request = read(head.getInt()).array();
        world.send(server, port, request);
    }

    private void await(long nanos) throws IOException {
        long until = nanos < 0 ? Long.MAX_VALUE : world.clock.trueAfterRaw(Math.max(LEAST_WAIT_NANOS, nanos));
        if (world.nextTrueNanos() <= until) {
            SourcesWorld.Arrival arrival = world.take();
            ByteBuffer packet = arrival.packet().duplicate();
            ByteBuffer reply = buffer(CLOCKS + 16 + packet.remaining())
                    .put(clocks())
                    .putInt((int) arrival.port())
                    .putInt(0x0a00_0001 + arrival.server())
                    .putInt(123)
                    .putInt(packet.remaining())
                    .put(packet);
            answer(reply.flip());
            return;
        }
        world.clock.advanceTo(Math.min(until, SourcesNetwork.SECONDS * 1_000_000_000L));
        answer(buffer(CLOCKS + 4).put(clocks()).putInt(0).flip());
    }

    private ByteBuffer clocks() {
        Moment now = world.clock.now();
        return buffer(CLOCKS).putLong(now.localNanos()).putLong(now.rawNanos()).flip();
    }

    private void answer(ByteBuffer octets) throws IOException {
        byte[] all = new byte[octets.remaining()];
        octets.get(all);
        to.write(all);
        to.flush();
    }

    private ByteBuffer read(int count) throws IOException {
        byte[] octets = from.readNBytes(count);
        if (octets.length < count) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer buffer(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
    }
}
