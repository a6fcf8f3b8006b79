package org.noonmark.pps.gpio;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two lamps: the receiver has a fix, the clock is locked. Both dark when the daemon ends. A board without GPIO, or without the right
 * to it, has no lamps and is told once why; nothing else depends on them. Used by one thread.
 */
public final class FrontPanel implements AutoCloseable {
    private static final Path CHIP = Path.of("/dev/gpiochip0");

    private static final String CURE = "; the user needs the group gpio and /dev/gpiochip0, and the pins must be free;"
            + " without lamps time is served all the same";

    private final @Nullable Context context;
    private final @Nullable Lamp lock;
    private final @Nullable Lamp fix;
    private @Nullable String fault;

    private FrontPanel(@Nullable Context context, @Nullable Lamp lock, @Nullable Lamp fix, @Nullable String fault) {
        this.context = context;
        this.lock = lock;
        this.fix = fix;
        this.fault = fault;
    }

    /**
     * Lights nothing yet. Never fails: see {@link #fault}.
     *
     * @param lockPin GPIO (Broadcom) number of the lamp for "clock locked", or empty
     * @param fixPin the same for "receiver has a fix"
     */
    public static FrontPanel open(OptionalInt lockPin, OptionalInt fixPin) {
        if (lockPin.isEmpty() && fixPin.isEmpty()) {
            return new FrontPanel(null, null, null, null);
        }
        return open(
                () -> Pi4J.newContextBuilder()
                        .add(GpioDDigitalOutputProvider.newInstance())
                        .disableShutdownHook()
                        .build(),
                lockPin,
                fixPin);
    }

    static FrontPanel open(Supplier<Context> board, OptionalInt lockPin, OptionalInt fixPin) {
        Context context = null;
        try {
            context = board.get();
            return new FrontPanel(context, Lamp.of(context, "lock", lockPin), Lamp.of(context, "fix", fixPin), null);
        } catch (RuntimeException | LinkageError e) {
            shutDown(context);
            return new FrontPanel(null, null, null, "no lamps: " + reasonOf(e) + CURE);
        }
    }

    /** One plain sentence with the cure when there are no lamps although they were asked for, or when they failed later. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Lights and darkens the lamps. Cheap when nothing has changed. */
    public void show(boolean locked, boolean hasFix) {
        if (fault != null) {
            return;
        }
        try {
            if (lock != null) {
                lock.set(locked);
            }
            if (fix != null) {
                fix.set(hasFix);
            }
        } catch (RuntimeException e) {
            fault = "the lamps failed: " + reasonOf(e) + CURE;
        }
    }

    @Override
    public void close() {
        show(false, false);
        shutDown(context);
    }

    private static void shutDown(@Nullable Context context) {
        if (context == null) {
            return;
        }
        try {
            context.shutdown();
        } catch (RuntimeException e) {
            // The process is ending or has no lamps anyway: there is nobody left to tell and nothing to undo.
            return;
        }
    }

    private static String reasonOf(Throwable e) {
        String message = e.getMessage();
        String reason = message == null ? e.getClass().getSimpleName() : message.replaceAll("\\s*\n\\s*", " ");
        return Files.exists(CHIP) ? reason : reason + " (there is no " + CHIP + ")";
    }

    /** A pin that is written only when its state changes. */
    private static final class Lamp {
        private final DigitalOutput pin;
        private boolean lit;

        private Lamp(DigitalOutput pin) {
            this.pin = pin;
        }

        static @Nullable Lamp of(Context context, String name, OptionalInt pin) {
            if (pin.isEmpty()) {
                return null;
            }
            return new Lamp(context.create(DigitalOutput.newConfigBuilder(context)
                    .id("noonmark-" + name)
                    .address(pin.getAsInt())
                    .initial(DigitalState.LOW)
                    .shutdown(DigitalState.LOW)
                    .build()));
        }

        void set(boolean wanted) {
            if (wanted != lit) {
                pin.state(DigitalState.getState(wanted));
                lit = wanted;
            }
        }
    }
}
