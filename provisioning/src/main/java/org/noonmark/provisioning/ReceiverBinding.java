package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Joins receivers with their pulses: those of their own line, or of a {@code refclock PPS} line that locks to them. */
final class ReceiverBinding {
    private final Consumer<Problem> problems;
    private final List<Statement> foreignClocks;
    private final List<Statement> faultyReceivers;

    /** {@code faultyReceivers} were reported already; {@code foreignClocks} are reported here. */
    ReceiverBinding(Consumer<Problem> problems, List<Statement> foreignClocks, List<Statement> faultyReceivers) {
        this.problems = problems;
        this.foreignClocks = foreignClocks;
        this.faultyReceivers = faultyReceivers;
    }

    List<ReceiverConfig> bind(List<Arguments> receivers, List<Arguments> pulses) {
        Map<String, PulseConfig> pulseByReceiver = new HashMap<>();
        for (Arguments receiver : receivers) {
            ownPulse(receiver).ifPresent(pulse -> pulseByReceiver.put(receiver.text("refid"), pulse));
        }
        Optional<Statement> replaced = replacedClock(receivers, pulses);
        String name = receiverName(receivers, replaced);
        ForeignClock.refuse(foreignClocks, replaced, name, problems);
        pulses.forEach(pulse -> lock(pulse, name, receivers, pulseByReceiver));
        List<ReceiverConfig> bound = new ArrayList<>();
        for (Arguments receiver : receivers) {
            if (bound.isEmpty()) {
                bound.add(config(receiver, Optional.ofNullable(pulseByReceiver.get(receiver.text("refid")))));
            } else {
                String device = receiver.text("DEVICE");
                error(
                        receiver,
                        device,
                        "receiver " + quote(device) + " is a second one, which is not supported yet",
                        "keep one 'receiver' line");
            }
        }
        return List.copyOf(bound);
    }

    /** The foreign clock that a receiver must replace; none when there is a receiver. */
    private Optional<Statement> replacedClock(List<Arguments> receivers, List<Arguments> pulses) {
        if (!receivers.isEmpty() || !faultyReceivers.isEmpty()) {
            return Optional.empty();
        }
        List<String> locks =
                pulses.stream().flatMap(pulse -> pulse.find("lock").stream()).toList();
        return ForeignClock.replaceable(foreignClocks, locks);
    }

    /** The refid that the receiver has, or should get. */
    private static String receiverName(List<Arguments> receivers, Optional<Statement> replaced) {
        return receivers.stream()
                .findFirst()
                .map(receiver -> receiver.text("refid"))
                .or(() -> replaced.flatMap(ForeignClock::refid))
                .orElse("GPS");
    }

    private Optional<PulseConfig> ownPulse(Arguments receiver) {
        if (receiver.has("pps")) {
            return Optional.of(new PulseConfig(
                    receiver.text("pps"),
                    receiver.choice("edge").equals("clear") ? PulseConfig.Edge.CLEAR : PulseConfig.Edge.ASSERT,
                    receiver.text("refid"),
                    receiver.nanos("width"),
                    lateness(receiver),
                    receiver.findWhole("pps-poll"),
                    receiver.nanos("delay")));
        }
        for (String option : List.of(
                "edge", "width", "offset", "cable-delay", "pps-latency", "pps-latency-error", "pps-poll", "delay")) {
            if (receiver.gives(option)) {
                error(
                        receiver,
                        option + " " + receiver.text(option),
                        "option " + quote(option + " " + receiver.text(option))
                                + " is said of a pulse that is not there",
                        "add 'pps DEVICE', or write " + option + " on the line of 'refclock PPS'");
            }
        }
        return Optional.empty();
    }

    private void lock(
            Arguments pulse, String receiverName, List<Arguments> receivers, Map<String, PulseConfig> pulseByReceiver) {
        String device = pulse.text("DEVICE");
        Optional<String> lock = pulse.find("lock");
        if (lock.isEmpty()) {
            error(
                    pulse,
                    device,
                    "pulses of " + quote(device) + " name no receiver that numbers them",
                    "add 'lock " + Statement.printable(receiverName) + "', the refid of the 'receiver' line");
            return;
        }
        String name = lock.get();
        if (receivers.stream().noneMatch(receiver -> receiver.text("refid").equals(name))) {
            if (!isReportedAlready(name)) {
                error(
                        pulse,
                        "lock " + name,
                        "no receiver has the refid of " + quote("lock " + name),
                        "add 'receiver /dev/serial0 refid " + Statement.printable(name) + "'");
            }
            return;
        }
        PulseConfig earlier = pulseByReceiver.putIfAbsent(name, config(pulse));
        if (earlier != null) {
            error(
                    pulse,
                    device,
                    "pulses of " + quote(device) + " lock to receiver " + quote(name) + ", which has those of "
                            + quote(earlier.device()),
                    "keep one of them");
        }
    }

    /** Whether that name belongs to a clock that is missing only because it was refused. */
    private boolean isReportedAlready(String name) {
        return !faultyReceivers.isEmpty()
                || foreignClocks.stream()
                        .anyMatch(clock ->
                                ForeignClock.refid(clock).filter(name::equals).isPresent());
    }

    private static PulseConfig config(Arguments pulse) {
        String device = pulse.text("DEVICE");
        int colon = device.indexOf(':');
        return new PulseConfig(
                colon < 0 ? device : device.substring(0, colon),
                colon < 0 ? PulseConfig.Edge.ASSERT : PulseConfig.Edge.CLEAR,
                pulse.text("refid"),
                pulse.nanos("width"),
                lateness(pulse),
                pulse.findWhole("pps-poll"),
                pulse.nanos("delay"));
    }

    private static PulseLateness lateness(Arguments pulse) {
        return new PulseLateness(
                pulse.nanos("offset"),
                pulse.nanos("cable-delay"),
                pulse.findNanos("pps-latency"),
                pulse.findNanos("pps-latency-error"));
    }

    private static ReceiverConfig config(Arguments receiver, Optional<PulseConfig> pulse) {
        OptionalInt baud =
                receiver.choice("baud").equals("auto") ? OptionalInt.empty() : OptionalInt.of(receiver.whole("baud"));
        return new ReceiverConfig(
                receiver.text("DEVICE"),
                baud,
                receiver.text("refid"),
                receiver.choice("setup").equals("auto"),
                receiver.choice("antenna").equals("fixed"),
                LabelledPulse.valueOf(receiver.choice("label").toUpperCase(Locale.ROOT)),
                pulse);
    }

    private void error(Arguments arguments, String value, String fault, String cure) {
        problems.accept(arguments.statement().error(value, fault, cure));
    }
}
