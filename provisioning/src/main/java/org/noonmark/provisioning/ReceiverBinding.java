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

    ReceiverBinding(Consumer<Problem> problems) {
        this.problems = problems;
    }

    List<ReceiverConfig> bind(List<Arguments> receivers, List<Arguments> pulses) {
        Map<String, PulseConfig> pulseByReceiver = new HashMap<>();
        for (Arguments receiver : receivers) {
            ownPulse(receiver).ifPresent(pulse -> pulseByReceiver.put(receiver.text("refid"), pulse));
        }
        pulses.forEach(pulse -> lock(pulse, receivers.getFirst(), pulseByReceiver));
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

    private void lock(Arguments pulse, Arguments receiver, Map<String, PulseConfig> pulseByReceiver) {
        String device = pulse.text("DEVICE");
        if (!new Kind.PulseDevice().accepts(device)) {
            error(
                    pulse,
                    device,
                    "'refclock PPS' has " + quote(device) + ", expected " + new Kind.PulseDevice().expected(),
                    "write that in its place");
            return;
        }
        Optional<String> lock = pulse.find("lock");
        if (lock.isEmpty()) {
            error(
                    pulse,
                    device,
                    "pulses of " + quote(device) + " name no receiver that numbers them",
                    "add 'lock " + Statement.printable(receiver.text("refid")) + "', the refid of the 'receiver' line");
            return;
        }
        PulseConfig earlier = pulseByReceiver.putIfAbsent(lock.get(), config(pulse));
        if (earlier != null) {
            error(
                    pulse,
                    device,
                    "pulses of " + quote(device) + " lock to receiver " + quote(lock.get()) + ", which has those of "
                            + quote(earlier.device()),
                    "keep one of them");
        }
    }

    private static PulseConfig config(Arguments pulse) {
        String device = pulse.text("DEVICE");
        int colon = device.indexOf(':');
        return new PulseConfig(
                colon < 0 ? device : device.substring(0, colon),
                colon < 0 ? PulseConfig.Edge.ASSERT : PulseConfig.Edge.CLEAR,
                pulse.find("refid").orElse("PPS"),
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
