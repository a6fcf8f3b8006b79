package org.noonmark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.noonmark.nts.CookieKey;
import org.noonmark.nts.CookieKeys;
import org.noonmark.nts.CookieKeysText;
import org.noonmark.provisioning.CookieKeysConfig;
import org.noonmark.status.CookieKeyStatus;
import org.tinylog.Logger;

/**
 * The cookie keys in force. Either they are this server's own: made at the first start, rotated, and kept in a file that is replaced as a
 * whole. Or the file is another's, and is read again when it changes. A kill or a power cut at any moment leaves a file with keys that
 * open the cookies of clients, since a key is in the file a rotation before it seals.
 *
 * <p>Packet threads read the keys; this object's own thread, and whoever says {@code rekey}, replaces them.
 */
final class CookieKeyring implements Supplier<CookieKeys>, Runnable {
    /** The file's name in its directory. */
    static final String FILE = "cookie-keys";

    private static final Duration GLANCE = Duration.ofSeconds(5);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private final Optional<Path> file;
    private final long rotateSeconds;
    private final RandomGenerator random;
    private final Supplier<OptionalLong> provenSeconds;
    private final LongSupplier monotonicNanos;
    private volatile CookieKeys keys;
    private long tookOverNanos;
    private String textInForce = "";
    private volatile String trouble = "";

    /**
     * Reads the keys of an earlier run, or makes the first ones.
     *
     * @param random fit for secrets
     * @param provenSeconds the time, seconds since 1970; empty while it is not proven
     */
    CookieKeyring(
            CookieKeysConfig config,
            RandomGenerator random,
            Supplier<OptionalLong> provenSeconds,
            LongSupplier monotonicNanos) {
        this.file = config.directory().map(directory -> Path.of(directory).resolve(FILE));
        this.rotateSeconds = config.rotateSeconds();
        this.random = random;
        this.provenSeconds = provenSeconds;
        this.monotonicNanos = monotonicNanos;
        this.keys = CookieKeys.first(random);
        this.tookOverNanos = monotonicNanos.getAsLong();
        if (file.isPresent() && !load(file.get()) && !isShared()) {
            save();
        }
    }

    /** Whether the file is another server's. */
    private boolean isShared() {
        return rotateSeconds == 0 && file.isPresent();
    }

    @Override
    public CookieKeys get() {
        return keys;
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(GLANCE);
                try {
                    onGlance();
                } catch (RuntimeException e) {
                    complain("the NTS cookie keys could not be looked after, by a fault of this program (" + e
                            + "); those in force are kept: please report it");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rotates when it is time, or looks for other keys in the file. */
    synchronized void onGlance() {
        if (isShared()) {
            load(file.orElseThrow());
            return;
        }
        OptionalLong now = provenSeconds.get();
        long ranSeconds = (monotonicNanos.getAsLong() - tookOverNanos) / NANOS_PER_SECOND;
        if (now.isPresent() && (keys.sinceSeconds() == 0 || keys.sinceSeconds() > now.getAsLong())) {
            keys = keys.since(Math.max(1, now.getAsLong() - ranSeconds));
            save();
        }
        // Before the time is proven the file's date cannot be judged: the time that this run has lasted can.
        long age = now.isPresent() ? now.getAsLong() - keys.sinceSeconds() : ranSeconds;
        if (rotateSeconds != 0 && age >= rotateSeconds) {
            rotate();
        } else if (!trouble.isEmpty()) {
            save();
        }
    }

    /** Rotates at once, or reads the file of another server at once; what was done, in one sentence. */
    synchronized String rekey() {
        if (!isShared()) {
            rotate();
            return "new NTS cookies are sealed with key " + keys.current().name()
                    + "; those of the two keys before it still open";
        }
        return load(file.orElseThrow())
                ? "NTS cookie keys are as in " + file.get() + ": new cookies are sealed with key "
                        + keys.current().name()
                : trouble;
    }

    /** Whether something is wrong with the file: a sentence, or nothing. Never waits for the file. */
    String trouble() {
        return trouble;
    }

    /** All that may be told of the keys. */
    synchronized CookieKeyStatus status() {
        CookieKeys now = keys;
        OptionalLong proven = provenSeconds.get();
        long next = rotateSeconds == 0 || now.sinceSeconds() == 0 ? 0 : now.sinceSeconds() + rotateSeconds;
        return new CookieKeyStatus(
                file.map(Path::toString).orElse(""),
                isShared(),
                rotateSeconds,
                next,
                proven.orElse(0),
                CookieKeyStatus.keys(
                        key(now.next()),
                        key(now.current()),
                        now.previous().stream().map(CookieKeyring::key).toList()),
                trouble);
    }

    private static CookieKeyStatus.Key key(CookieKey key) {
        return new CookieKeyStatus.Key(key.name(), "", key.sinceSeconds());
    }

    private void rotate() {
        keys = keys.rotated(random, provenSeconds.get().orElse(0));
        tookOverNanos = monotonicNanos.getAsLong();
        save();
        Logger.info("new NTS cookies are sealed with key {}", keys.current().name());
    }

    private void save() {
        if (file.isEmpty()) {
            return;
        }
        String text = CookieKeysText.format(keys);
        try {
            DurableFile.replace(file.get(), text, DurableFile.SECRET);
            textInForce = text;
            trouble = "";
        } catch (IOException e) {
            complain(
                    file.get() + ": the NTS cookie keys cannot be written (" + e
                            + "), so clients need new cookies after a restart: check the directory, its owner and the room on it");
        }
    }

    /** Whether the keys in force are those of the file now. */
    private boolean load(Path path) {
        try {
            String text = Files.readString(path, StandardCharsets.US_ASCII);
            if (!text.equals(textInForce)) {
                CookieKeys read = CookieKeysText.parse(text);
                keys = read;
                textInForce = text;
                tookOverNanos = monotonicNanos.getAsLong();
                warnOfReaders(path);
                Logger.info(
                        "{}: NTS cookie keys read; new cookies are sealed with key {}",
                        path,
                        read.current().name());
            }
            trouble = "";
            return true;
        } catch (NoSuchFileException e) {
            if (isShared()) {
                complain(path + ": no such file yet, so NTS cookies of the other servers do not open here: copy it from"
                        + " the server that rotates the keys ('ntsrotate 0' says that this one does not)");
            }
        } catch (IOException e) {
            complain(path + ": the NTS cookie keys cannot be read (" + e
                    + "), and clients of before need new cookies: check the file and its owner");
        } catch (CookieKeysText.MalformedException e) {
            complain(path + ": no NTS cookie keys, for " + e.getMessage()
                    + (isShared() ? "; those in force are kept" : "; new ones are made, and clients need new cookies"));
        }
        return false;
    }

    private static void warnOfReaders(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (OTHERS.stream().anyMatch(permissions::contains)) {
            Logger.warn(
                    "{}: others than the owner can read these secrets, and forge NTS cookies: chmod 600 {}",
                    path,
                    path);
        }
    }

    private void complain(String what) {
        if (!what.equals(trouble)) {
            Logger.warn(what);
        }
        trouble = what;
    }
}
