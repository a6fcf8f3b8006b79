package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.noonmark.control.Answer;
import org.noonmark.control.Request;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.linux.LinuxTime;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.pps.PpsEdge;
import org.noonmark.provisioning.LocalReference;
import org.noonmark.sources.Lead;
import org.noonmark.sources.Moment;
import org.noonmark.sources.Takeover;
import org.noonmark.status.PulseStatus;
import org.noonmark.time.SteerableClock;
import org.noonmark.time.Thermometer;

/** The real thread, on a clock whose seconds are the test's. */
class TimingLoopTest {
    private static final long SECOND = 1_000_000_000L;

    /** The thread waits for its next tick by the machine's clock. */
    private static final long TO_TICK = 1_000_000;

    /** 2027-02-01 00:00:00. */
    private static final long MIDNIGHT = 1_801_440_000L;

    /** Half a second past a whole one: the edge and the label of a second that begins lie behind. */
    private static final long HALF_PAST = 1_800_000_000L * SECOND + SECOND / 2;

    private final StandingClock clock = new StandingClock();
    private final Inbox inbox = new Inbox();
    private final Witness witnessed = new Witness();
    private final TimingLoop.Findings nothingFound = new TimingLoop.Findings() {
        @Override
        public String distrust() {
            return "";
        }

        @Override
        public Optional<LeapSecondsList> leapSeconds() {
            return Optional.empty();
        }

        @Override
        public Optional<TimingOptions.EdgeDelay> edgeDelay() {
            return Optional.empty();
        }

        @Override
        public @Nullable Lead lead() {
            return null;
        }

        @Override
        public Moment moment() {
            return new Moment(clock.nanos(), clock.passedNanos.get());
        }
    };

    private TimingLoop loop = loop(Optional.empty(), TimingOptions.Limits.DEFAULTS);
    private Thread thread = new Thread(loop);
    private long sequence;

    @AfterEach
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join(5_000);
        assertFalse(thread.isAlive());
    }

    @Test
    void withdrawsServiceBeforeTheClockMoves() {
        start(Optional.empty());
        prove();

        speak(20, 3);

        assertEquals(List.of(3L), clock.steps);
        assertEquals(List.of(3), clock.leapAtSteps);
    }

    /** Seconds that jump by 17 are more than an owner who expects one at most will follow. */
    @Test
    void endsByItselfWhenTheOwnerForbidsTheChange() throws InterruptedException {
        TimingOptions.MaxChange limit = new TimingOptions.MaxChange(SECOND, 8, 0);
        start(Optional.of(new LocalReference(10, SECOND)), TimingOptions.Limits.DEFAULTS.withMaxChange(limit));
        prove();

        speak(20, 17);

        await(() -> witnessed.givenUp);
        thread.join(5_000);
        assertFalse(thread.isAlive());
        assertEquals(List.of(), clock.steps);
        assertEquals(3, loop.system().leapIndicator());
    }

    /** To a time before 1970, say. */
    @Test
    void outlivesAStepThatTheClockRefuses() {
        start(Optional.of(new LocalReference(10, SECOND)));
        prove();
        clock.refusesSteps = true;

        speak(20, 3);
        awaitTick();

        assertTrue(thread.isAlive());
        assertEquals(List.of(), clock.steps);
        assertEquals(3, loop.system().leapIndicator());
    }

    @Test
    void withdrawsTheLocalReferenceToo() {
        start(Optional.of(new LocalReference(10, SECOND)));
        prove();

        speak(20, 3);

        assertEquals(List.of(3L), clock.steps);
        assertEquals(List.of(3), clock.leapAtSteps);
    }

    @Test
    void withdrawsServiceWithinATickWhenAnotherProgramMovesTheClock() {
        start(Optional.empty());
        prove();

        clock.movedNanos.set(5 * SECOND);

        await(() -> loop.system().leapIndicator() == 3);
        await(() -> witnessed.movedSeconds.equals(List.of(5L)));
    }

    @Test
    void dropsStampsFromTheFuture() {
        start(Optional.empty());
        prove();
        long used = witnessed.status.edgesUsed();
        long heard = witnessed.status.labelling().labels();

        inbox.accept(edge(clock.nanos() + 2 * SECOND));
        inbox.accept(label(clock.nanos() + 2 * SECOND, 7));
        awaitTick();

        assertEquals(used, witnessed.status.edgesUsed());
        assertEquals(heard, witnessed.status.labelling().labels());
    }

    @Test
    void ticksWhenNothingComes() {
        start(Optional.empty());
        awaitTick();
        awaitTick();

        assertEquals(SyncState.COLD, witnessed.status.state());
        assertFalse(clock.synchronised);
    }

    @Test
    void announcesALeapSecondAndWithdrawsBeforeTheClockIsMovedOverIt() throws InterruptedException {
        clock.letPass(MIDNIGHT * SECOND - 45 * SECOND - SECOND / 2 - clock.nanos());
        start(Optional.empty());
        prove();
        inbox.accept(new TimingEvent.Leap(new LeapNotice(18, true, 1, MIDNIGHT, "NAV-TIMELS")));
        awaitTick();
        await(() -> loop.system().leapIndicator() == 1);
        assertEquals(1, loop.system().stratum());

        for (int i = 0; i < 30; i++) {
            passSecond();
        }

        assertEquals(List.of(-1L), clock.steps);
        assertEquals(List.of(3), clock.leapAtSteps);
        assertEquals(0, loop.system().leapIndicator());
        assertEquals(1, loop.system().stratum());
        assertEquals(38, clock.taiMinusUtcSeconds);
    }

    @Test
    void servesNothingAfterAnotherProgramHasSteeredTheClock() throws InterruptedException {
        start(Optional.empty());
        prove();
        int before = clock.frequenciesPpb.size();

        clock.otherProgram = "another program steers the clock: stop it";
        awaitTick();

        assertEquals(3, loop.system().leapIndicator());
        assertTrue(witnessed.status.why().contains("another program"), witnessed.status.why());
        assertTrue(clock.frequenciesPpb.size() > before, "its frequency is taken back at once");
    }

    @Test
    void tellsTheMachineAtItsEndThatNobodyWatchesTheClock() throws InterruptedException {
        start(Optional.empty());
        prove();
        awaitTick();
        assertTrue(clock.synchronised);

        thread.interrupt();
        thread.join(5_000);

        assertFalse(clock.synchronised);
        assertEquals(3, loop.system().leapIndicator());
    }

    @Test
    void leavesTheCrystalsCorrectionAndNoSlewAtItsEnd() throws InterruptedException {
        start(Optional.empty());
        prove();
        awaitTick();
        int before = clock.frequenciesPpb.size();
        ClockStatus last = witnessed.status;

        thread.interrupt();
        thread.join(5_000);

        assertEquals(before + 1, clock.frequenciesPpb.size());
        assertEquals(last.frequencyPpb(), clock.frequenciesPpb.getLast(), 1e-9);
    }

    @Test
    void setsNoFrequencyAtItsEndThatItNeverLearned() throws InterruptedException {
        start(Optional.empty());
        awaitTick();
        int before = clock.frequenciesPpb.size();

        thread.interrupt();
        thread.join(5_000);

        assertEquals(before, clock.frequenciesPpb.size());
    }

    @Test
    void aFullInboxDropsAndCounts() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            inbox.accept(edge(i));
        }
        assertEquals(300 - 256, inbox.dropped());
        inbox.clear();
        assertNull(inbox.poll(0));
    }

    /** Three days off, an hour after the start: a box without sky. */
    @Test
    void aPersonSetsTheClockWhileNothingBetterIsKnownAndLocalServesThatWithItsError() {
        start(Optional.of(new LocalReference(10, SECOND)));
        awaitTick();
        ManualCommands commands = commands(true);
        long threeDays = 3 * 86_400 * SECOND;

        Answer answer = settime(commands, clock.nanos() + threeDays);

        assertTrue(
                answer.text()
                        .startsWith(
                                "200 OK\nClock was -259200.50 seconds fast.  Frequency change = 0.00ppm, new frequency = "),
                answer.text());
        assertEquals(List.of(259_201L), clock.steps); // and a half, rounded
        assertEquals(List.of(3), clock.leapAtSteps);
        await(() -> loop.system().leapIndicator() == 0);
        assertEquals(10, loop.system().stratum());
        assertTrue(
                loop.system().rootDistanceNanos(clock.nanos()) >= SECOND,
                loop.system().toString());
        awaitTick();
        assertFalse(clock.synchronised, "told to the kernel, which would copy it to the real-time clock");
        clock.letPass(3_600 * SECOND);
        awaitTick();
        assertEquals(10, loop.system().stratum());
        assertEquals(1e9 + 1.8e9, (double) loop.system().rootDistanceNanos(clock.nanos()), 0.1e9);
    }

    @Test
    void aProvenReceiverWinsOverTheHand() {
        start(Optional.of(new LocalReference(10, SECOND)));
        awaitTick();
        ManualCommands commands = commands(true);
        clock.letPass(SECOND / 2);
        settime(commands, clock.nanos() + 7 * SECOND);
        await(() -> loop.system().stratum() == 10);
        clock.letPass(SECOND / 2);
        // It says what the clock said before.
        clock.steps.clear();

        speak(40, -7);

        assertEquals(List.of(-7L), clock.steps);
        // Until then the thread drops what it is given.
        await(() -> witnessed.movedSeconds.equals(List.of(7L, -7L)));
        clock.steps.clear();
        speak(30, 0);
        await(() -> loop.system().stratum() == 1);
        Answer refused = settime(commands, clock.nanos() + 7 * SECOND);
        assertEquals(Answer.USAGE, refused.code());
        assertTrue(refused.text().contains("500 Failure: the receiver tells the time (disciplined)"), refused.text());
        assertEquals(List.of(), clock.steps);
    }

    @Test
    void nothingIsServedByHandWithoutLocalNorSetBeyondWhatTheOwnerAllows() {
        start(Optional.empty(), TimingOptions.Limits.DEFAULTS.withMaxChange(new TimingOptions.MaxChange(SECOND, 0, 0)));
        awaitTick();
        ManualCommands commands = commands(true);
        Answer far = settime(commands, clock.nanos() + 5 * SECOND);
        assertTrue(far.text().contains("maxchange"), far.text());
        assertEquals(List.of(), clock.steps);
        assertEquals(Answer.OK, settime(commands, clock.nanos() + SECOND / 2).code());
        awaitTick();
        assertEquals(1, clock.steps.size());
        assertEquals(3, loop.system().leapIndicator());
    }

    @Test
    void manualIsOnOffListedAndTakenBack() {
        start(Optional.empty());
        awaitTick();
        ManualCommands commands = commands(false);
        assertTrue(settime(commands, clock.nanos()).text().startsWith("501 Not enabled: write 'manual'"));
        assertEquals(Answer.ok("200 OK\n"), commands.execute(Request.parse("manual on")));
        assertEquals(
                Answer.OK, settime(commands, clock.nanos() + 5 * SECOND / 2).code());
        Answer again = settime(commands, clock.nanos() + 9 * SECOND);
        assertTrue(again.text().contains("less than a second ago"), again.text());
        clock.letPass(100 * SECOND);
        awaitTick();
        assertEquals("""
                210 n_samples = 1
                #    Date     Time(UTC)    Slewed   Original   Residual
                =======================================================
                 0 2027-01-15 08:00:04       0.00      -2.50       0.00
                """, commands.execute(Request.parse("manual list")).text());
        String json = commands.execute(Request.parse("manual list --json")).text();
        assertTrue(json.startsWith("{\"enabled\":true,\"times\":[{\"atUnixNanos\":18000000"), json);
        assertEquals(
                Answer.USAGE, commands.execute(Request.parse("manual delete 1")).code());
        assertEquals(Answer.ok("200 OK\n"), commands.execute(Request.parse("manual delete 0")));
        assertTrue(commands.execute(Request.parse("manual list")).text().startsWith("210 n_samples = 0\n"));
        assertEquals(Answer.ok("200 OK\n"), commands.execute(Request.parse("manual off")));
        assertEquals(Answer.USAGE, settime(commands, clock.nanos()).code());
        for (String wrong :
                new String[] {"manual", "manual maybe", "manual delete", "manual delete x", "manual on off"}) {
            assertEquals(Answer.USAGE, commands.execute(Request.parse(wrong)).code(), wrong);
        }
        assertEquals(1, clock.steps.size());
    }

    /** 4.32 s in a day are 50 ppm, and a second more or less 12. */
    @Test
    void theRateThatTwoTypedTimesTellStaysInForce() {
        start(Optional.of(new LocalReference(10, SECOND)));
        ManualCommands commands = commands(true);
        for (int i = 0; i < 4; i++) {
            awaitTick();
        }
        settime(commands, clock.nanos());
        clock.letPass(86_400 * SECOND);
        awaitTick();
        settime(commands, clock.nanos() + 4_320_000_000L);

        awaitTick();
        awaitTick();

        assertEquals(50_000, clock.frequencyPpb(), 12_000);
        assertEquals(10, loop.system().stratum());
    }

    private ManualCommands commands(boolean enabled) {
        ManualCommands commands = new ManualCommands(
                inbox, clock.passedNanos::get, enabled, true, true, _ -> Answer.usage("not asked here"));
        commands.onStarted(loop);
        return commands;
    }

    /** To the whole second. */
    private static Answer settime(ManualCommands commands, long nanos) {
        return commands.execute(Request.parse("settime " + Instant.ofEpochSecond(Math.ceilDiv(nanos, SECOND))));
    }

    private void start(Optional<LocalReference> local) {
        start(local, TimingOptions.Limits.DEFAULTS);
    }

    private void start(Optional<LocalReference> local, TimingOptions.Limits limits) {
        loop = loop(local, limits);
        clock.served = loop::system;
        thread = new Thread(loop);
        thread.start();
    }

    private void awaitTick() {
        int before = witnessed.ticks.get();
        clock.letPass(SECOND);
        await(() -> witnessed.ticks.get() > before);
    }

    /** Half a minute of a good receiver. */
    private void prove() {
        speak(30, 0);
        await(() -> loop.system().leapIndicator() == 0);
        assertEquals(1, loop.system().stratum());
    }

    /** Seconds go by, and a receiver says of each that it is the one {@code errorSeconds} later. Ends when the clock is stepped. */
    private void speak(int seconds, long errorSeconds) {
        for (int i = 0; i < seconds && clock.steps.isEmpty() && !witnessed.givenUp; i++) {
            long heard = witnessed.status.labelling().labels();
            clock.letPass(SECOND);
            long second = Math.floorDiv(clock.nanos(), SECOND);
            inbox.accept(edge(second * SECOND));
            inbox.accept(label(second * SECOND + SECOND / 10, second + errorSeconds));
            await(() -> witnessed.status.labelling().labels() > heard || !clock.steps.isEmpty() || witnessed.givenUp);
        }
    }

    /** A second of a good receiver: its edge and its label are heard, then the tick falls due. Begins right after a tick. */
    private void passSecond() {
        clock.letPass(SECOND - TO_TICK);
        long second = Math.floorDiv(clock.nanos(), SECOND);
        hear(edge(second * SECOND));
        hear(label(second * SECOND + SECOND / 10, second));
        int ticks = witnessed.ticks.get();
        clock.letPass(TO_TICK);
        await(() -> witnessed.ticks.get() > ticks);
    }

    private void hear(TimingEvent event) {
        int moments = witnessed.moments.get();
        inbox.accept(event);
        await(() -> witnessed.moments.get() > moments);
    }

    private TimingEvent edge(long stampNanos) {
        return new TimingEvent.Edge(
                new PpsEdge(stampNanos, ++sequence, PpsEdge.Polarity.ASSERT), stampNanos - HALF_PAST);
    }

    private static TimingEvent label(long arrivalNanos, long second) {
        return new TimingEvent.Label(new TimeLabel(second, false, arrivalNanos, TimeLabel.Trust.FIX, "RMC"));
    }

    private TimingLoop loop(Optional<LocalReference> local, TimingOptions.Limits limits) {
        return new TimingLoop(
                new TimingCore(TimingOptions.DEFAULTS.with(it -> it.limits(limits)), 0),
                new Journal(Optional.empty()),
                clock,
                Thermometer.NONE,
                clock.passedNanos::get,
                inbox,
                Optional.of(new PulseTrain("PPS", "/dev/pps0", 0, new PulseStatus.Delay(0, 25_000, ""), () -> "")),
                new ServedTime(-20, SystemVariables.asciiReferenceId("GPS"), 0, local),
                new Takeover(-20, 1_000, limits),
                nothingFound,
                witnessed);
    }

    private static void await(BooleanSupplier condition) {
        long end = LinuxTime.monotonicNanos() + 10 * SECOND;
        while (!condition.getAsBoolean()) {
            assertTrue(LinuxTime.monotonicNanos() < end, "waited for ten seconds");
            Thread.onSpinWait();
        }
    }

    /** Stands still but for what the test lets pass. */
    private static final class StandingClock implements SteerableClock {
        final List<Double> frequenciesPpb = new CopyOnWriteArrayList<>();
        final List<Long> steps = new CopyOnWriteArrayList<>();
        final List<Integer> leapAtSteps = new CopyOnWriteArrayList<>();
        volatile Supplier<SystemVariables> served = () -> SystemVariables.unsynchronised(-20);
        final AtomicLong passedNanos = new AtomicLong();
        final AtomicLong movedNanos = new AtomicLong();
        volatile boolean synchronised = true;
        volatile int taiMinusUtcSeconds;
        volatile String otherProgram = "";
        volatile boolean refusesSteps;

        void letPass(long nanos) {
            passedNanos.addAndGet(nanos);
        }

        @Override
        public long nanos() {
            return HALF_PAST + movedNanos.get() + passedNanos.get();
        }

        @Override
        public long ofKernelStamp(long kernelNanos) {
            return kernelNanos;
        }

        @Override
        public void step(long deltaNanos) {
            if (refusesSteps) {
                throw new IllegalStateException("invalid argument");
            }
            leapAtSteps.add(served.get().leapIndicator());
            steps.add(Math.round(deltaNanos * 1e-9));
            movedNanos.addAndGet(deltaNanos);
        }

        @Override
        public double setFrequencyPpb(double ppb) {
            frequenciesPpb.add(ppb);
            return ppb;
        }

        @Override
        public double frequencyPpb() {
            return frequenciesPpb.isEmpty() ? 0 : frequenciesPpb.getLast();
        }

        @Override
        public long slew(long nanos) {
            return nanos;
        }

        @Override
        public String foreignHand() {
            String found = otherProgram;
            otherProgram = "";
            return found;
        }

        @Override
        public void publishLeap(int direction, int tai) {
            taiMinusUtcSeconds = tai;
        }

        @Override
        public void publishQuality(boolean proven, long maxErrorNanos, long estErrorNanos) {
            synchronised = proven;
        }
    }

    /** What the thread tells. */
    private static final class Witness implements TimingLoop.Listener {
        final List<Long> movedSeconds = new CopyOnWriteArrayList<>();
        final AtomicInteger ticks = new AtomicInteger();
        final AtomicInteger moments = new AtomicInteger();
        volatile ClockStatus status = new TimingCore(TimingOptions.DEFAULTS, 0).status();
        volatile boolean givenUp;

        @Override
        public void onMoment(ClockStatus now, SystemVariables system) {
            status = now;
            moments.incrementAndGet();
        }

        @Override
        public void onStepped(long deltaNanos) {
            movedSeconds.add(Math.round(deltaNanos * 1e-9));
        }

        @Override
        public void onTick(ClockStatus now) {
            ticks.incrementAndGet();
        }

        @Override
        public void onMovedByOthers() {}

        @Override
        public void onGivenUp() {
            givenUp = true;
        }
    }
}
