package org.noonmark.server;

import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.noonmark.linux.Datagrams;
import org.noonmark.ntp.ClientTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.KnownClientsListener;
import org.noonmark.ntp.NtpExchange;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.PacketCounters;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/**
 * The way of a packet: receive, respond, stamp, send. One thread, one way in and out, no lock, no queue, and no garbage. It decides
 * nothing: {@link NtpResponder} does.
 */
final class PacketThread {
    /** Up to this many answers each is stamped and sent alone, for the best stamps; a fuller batch shares the cost of the calls. */
    private static final int SMALL_BATCH = 8;

    /** Answers that share one clock reading in a full batch: the last of them leaves some 10 us after it. */
    private static final int CHUNK = DepartureDelay.CHUNK;

    /** Stamps of leaving are looked for so often after the last answer that wished for one: mostly they are there at once. */
    private static final int LOOKS_FOR_STAMPS = 8;

    /** Where an answer has its receive timestamp, by which it is known again. */
    private static final int RECEIVE_TIMESTAMP = 32;

    /** An answer is stamped for {@link DepartureDelay} at most so often: each costs some 2 us. */
    private static final long SAMPLE_INTERVAL_NANOS = 5_000_000;

    /** Answers of which it is remembered when the clock was read for them, until their stamps of leaving come: a power of two. */
    private static final int AWAITED = 64;

    private final Datagrams socket;
    private final NtpResponder responder;
    private final Supplier<SystemVariables> system;
    private final RealtimeClock clock;
    private final PacketCounters counters = new PacketCounters();
    private final NtpExchange[] exchanges = new NtpExchange[Datagrams.SLOTS];
    private final Thread thread;
    private final AtomicLong rounds = new AtomicLong();
    private final DepartureDelay departures = new DepartureDelay();
    private final long[] awaitedReceive = new long[AWAITED];
    private final long[] awaitedReading = new long[AWAITED];
    private final int[] awaitedWhich = new int[AWAITED];
    private final boolean[] stamped = new boolean[Datagrams.SLOTS];
    private int awaited;
    private long lastSampleNanos;
    /** Whether a call is timed that has no stamp, beside the one before it that had. */
    private boolean timesNext;

    private int looksForStamps;
    private final OverloadWatch overload;
    private volatile boolean stopping;

    PacketThread(
            String name,
            Datagrams socket,
            NtpResponder responder,
            Supplier<SystemVariables> system,
            RealtimeClock clock,
            ThreadFactory threads) {
        this.socket = socket;
        this.responder = responder;
        this.system = system;
        this.clock = clock;
        this.overload = new OverloadWatch(socket.leavesOut());
        Arrays.setAll(exchanges, _ -> new NtpExchange());
        responder.tellOfKnown(new KnownClientsListener() {
            @Override
            public void onKnown(long high, long low) {
                socket.prefer(high, low);
            }

            @Override
            public void onForgotten(long high, long low) {
                socket.forget(high, low);
            }
        });
        this.thread = threads.newThread(this::run);
        thread.setName(name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    PacketCounters counters() {
        return counters;
    }

    /** How often it has gone round, with or without requests. */
    long rounds() {
        return rounds.get();
    }

    /** Who has asked. */
    ClientTable clients() {
        return responder.clients();
    }

    /** Pairs of stamps held for clients in interleaved mode. */
    int stampsHeld() {
        return responder.stampsHeld();
    }

    /** Seconds from the first to the last answer of those pairs. */
    int stampSpanSeconds() {
        return responder.stampSpanSeconds();
    }

    /** For measurements: which thread it is. */
    long threadId() {
        return thread.threadId();
    }

    /** Ends the thread, waits for it, and closes the socket. */
    void stop() {
        stopping = true;
        socket.wake();
        NtpServer.await(thread);
        socket.close();
    }

    private void run() {
        while (!stopping) {
            serve();
            // The only writer: no atomic addition is needed.
            rounds.lazySet(rounds.getPlain() + 1);
        }
    }

    /** Waits for one batch of requests and answers it. */
    void serve() {
        int received = socket.receive();
        watchLoad(received);
        if (!system.get().isSynchronised()) {
            responder.forgetStamps();
        }
        readTransmitStamps();
        for (int slot = 0; slot < received; slot++) {
            respond(slot);
        }
        int queued = socket.queued();
        int chunk = queued <= SMALL_BATCH ? 1 : CHUNK;
        for (int place = 0; place < queued; place += chunk) {
            send(place, Math.min(place + chunk, queued));
        }
        readTransmitStamps();
    }

    private void watchLoad(int received) {
        if (!overload.concerns(received)) {
            return;
        }
        long now = clock.nanos();
        overload.onBatch(received, socket.waiting(), counters.answered(), now);
        if (overload.wantsLook(now)) {
            overload.onLeftOut(socket.leftOut(), now);
        }
        if (socket.leavesOut()) {
            socket.limitStrangers(overload.isPressed() ? overload.strangersPerSecond() : Double.POSITIVE_INFINITY);
        }
        responder.setOverload(overload.isAlarmed(), overload.isPressed() && !socket.leavesOut());
    }

    private void readTransmitStamps() {
        if (looksForStamps == 0) {
            return;
        }
        looksForStamps--;
        for (int read = socket.readTransmitStamps(); read > 0; read = socket.readTransmitStamps()) {
            for (int i = 0; i < read; i++) {
                long kernelNanos = socket.transmitNanos(i);
                if (kernelNanos != Datagrams.NO_STAMP) {
                    onLeft(socket.transmittedLong(i, RECEIVE_TIMESTAMP), clock.ofKernelStamp(kernelNanos));
                }
            }
        }
    }

    /** The answer with this receive stamp left. */
    private void onLeft(long receiveTimestamp, long leftNanos) {
        responder.onTransmitStamp(receiveTimestamp, leftNanos);
        for (int i = 0; i < AWAITED; i++) {
            if (awaitedReceive[i] == receiveTimestamp) {
                awaitedReceive[i] = 0;
                learn(awaitedWhich[i], leftNanos - awaitedReading[i]);
            }
        }
    }

    private void learn(int which, long nanos) {
        departures.onLeft(which / DepartureDelay.PLACES, which % DepartureDelay.PLACES, nanos);
    }

    private void respond(int slot) {
        NtpExchange exchange = exchanges[slot];
        exchange.datagram(socket.packets(), socket.packetStart(slot), socket.length(slot), socket.truncated(slot))
                .from(socket.peerHigh(slot), socket.peerLow(slot), socket.peerPort(slot))
                .to(socket.localHigh(slot), socket.localLow(slot), socket.localPort(slot))
                .receivedAt(receiveNanos(slot));
        Disposition disposition = responder.respond(exchange);
        counters.count(disposition);
        if (disposition == Disposition.ANSWERED) {
            queue(slot, exchange);
            if (exchange.isAuthenticated()) {
                counters.countAuthenticated();
            }
            if (exchange.isSealed()) {
                counters.countSealed();
            } else if (exchange.isNtsNak()) {
                counters.countNtsNak();
            }
        }
    }

    private void queue(int slot, NtpExchange exchange) {
        boolean isSample = socket.stampsLeaving() && isSampleDue(exchange.receiveNanos());
        stamped[slot] = isSample || exchange.keepsStamps();
        if (stamped[slot]) {
            lastSampleNanos = isSample ? exchange.receiveNanos() : lastSampleNanos;
            socket.queueStamped(slot, exchange.packet().length());
            looksForStamps = LOOKS_FOR_STAMPS;
        } else {
            socket.queue(slot, exchange.packet().length());
        }
    }

    private long receiveNanos(int slot) {
        long kernelNanos = socket.receiveNanos(slot);
        if (kernelNanos == Datagrams.NO_STAMP) {
            counters.countUnstamped();
            return clock.nanos();
        }
        if (socket.stampsInDriver()) {
            counters.countStampedInDriver();
        }
        return clock.ofKernelStamp(kernelNanos);
    }

    private boolean isSampleDue(long nanos) {
        return Math.abs(nanos - lastSampleNanos) > SAMPLE_INTERVAL_NANOS;
    }

    private void send(int from, int to) {
        boolean alone = to - from == 1;
        long readingNanos = clock.nanos();
        // After the clock: whoever steps it withdraws the service first, so what is read here belongs to that reading.
        SystemVariables now = system.get();
        int which = 0;
        for (int place = from; place < to; place++) {
            int slot = socket.queuedSlot(place);
            NtpExchange exchange = exchanges[slot];
            int kind = kind(exchange);
            int of = alone ? DepartureDelay.ALONE : 1 + place - from;
            responder.stampTransmit(exchange, now, readingNanos + departures.nanos(kind, of));
            which = kind * DepartureDelay.PLACES + of;
            if (exchange.isInterleaved()) {
                counters.countInterleaved();
            }
            if (stamped[slot]) {
                await(exchange.packet().receiveTimestamp(), readingNanos, which);
            }
        }
        if (alone && isTimed(stamped[socket.queuedSlot(from)], readingNanos)) {
            long doneNanos = clock.nanos();
            counters.countSendFailures(socket.send(from, to));
            time(stamped[socket.queuedSlot(from)], which, readingNanos, doneNanos);
        } else {
            counters.countSendFailures(socket.send(from, to));
        }
    }

    private int kind(NtpExchange exchange) {
        int seal = responder.sealKind(exchange);
        return seal >= 0
                ? DepartureDelay.SEALED + seal
                : exchange.isAuthenticated() ? DepartureDelay.MAC : DepartureDelay.PLAIN;
    }

    /** Whether the call that sends one answer is timed. */
    private boolean isTimed(boolean isStamped, long readingNanos) {
        return socket.stampsLeaving() ? isStamped || timesNext : isSampleDue(readingNanos);
    }

    /** An answer was sent by a call of its own, and it was complete with MAC or seal at {@code doneNanos}. */
    private void time(boolean wasStamped, int which, long readingNanos, long doneNanos) {
        long callNanos = clock.nanos() - doneNanos;
        if (socket.stampsLeaving()) {
            departures.onCall(wasStamped, callNanos);
            timesNext = wasStamped;
        } else {
            lastSampleNanos = readingNanos;
            // Somewhere in the call: the middle is never off by more than half of it. Or after it, who knows when.
            learn(which, doneNanos - readingNanos + (socket.leavesWhenSent() ? callNanos / 2 : 0));
        }
    }

    private void await(long receiveTimestamp, long readingNanos, int which) {
        awaited = awaited + 1 & AWAITED - 1;
        awaitedReceive[awaited] = receiveTimestamp;
        awaitedReading[awaited] = readingNanos;
        awaitedWhich[awaited] = which;
    }
}
