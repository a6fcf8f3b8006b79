package org.noonmark.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.noonmark.acme.CertificateOrder;
import org.noonmark.acme.DnsProof;
import org.noonmark.acme.HttpProof;
import org.noonmark.acme.NameProof;
import org.noonmark.acme.OrderFailedException;
import org.noonmark.certificates.AcmeSchedule;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.EcKeyPair;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.SigningRequest;
import org.noonmark.certificates.UnusableException;
import org.noonmark.provisioning.NtsConfig;
import org.tinylog.Logger;

/**
 * Keeps a certificate of an ACME service in {@value #PAIR}, key and chain in one file, which is served like an owner's; beside it the
 * account's key and, after a failure, when the next try is due: a box that starts again and again must not ask each time. Orders only by a
 * proven date, on a thread of its own that nothing else waits for.
 */
final class AcmeService implements AutoCloseable, Runnable {
    /** Key and certificates. */
    static final String PAIR = "server.pem";

    private static final String ACCOUNT = "account.pem";
    private static final String FAILURES = "failures";
    private static final String TRIAL = "trial";
    /** More than key, chain and account are. */
    private static final int TRIAL_BYTES = 16 * 1_024;
    /** A file that the owner took away, a name that was added: nobody waits for the minute. */
    private static final Duration GLANCE = Duration.ofMinutes(1);
    /** Before it is looked at again what an order has changed. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final NtsConfig.Acme config;
    private final Path folder;
    private final Supplier<Optional<Instant>> provenNow;
    private final Runnable onIssued;
    private final Thread thread;
    private final Orders orders;
    private volatile String trouble = "";
    /** After a certificate, and after a failure that could not be written down; of the thread alone. */
    private Optional<Rest> unsaved = Optional.empty();

    /** Failures in a row, and until when nothing is ordered. */
    private record Rest(int failures, Instant until) {}

    /** Gets one certificate with its key; waits for it. */
    interface Orders {
        CertifiedKey order() throws OrderFailedException, UnusableException, IOException, InterruptedException;
    }

    /**
     * @param provenNow the time; empty while it was never proven since the start
     * @param onIssued told when there is another certificate
     */
    AcmeService(NtsConfig.Acme config, Supplier<Optional<Instant>> provenNow, Runnable onIssued) {
        this.config = config;
        this.folder = Path.of(config.directory());
        this.provenNow = provenNow;
        this.onIssued = onIssued;
        this.orders = this::order;
        thread = Thread.ofVirtual().name("acme").unstarted(this);
    }

    /** With certificates from elsewhere; for tests, which look themselves. */
    AcmeService(NtsConfig.Acme config, Supplier<Optional<Instant>> provenNow, Orders orders) {
        this.config = config;
        this.folder = Path.of(config.directory());
        this.provenNow = provenNow;
        this.onIssued = () -> {};
        this.orders = orders;
        thread = Thread.ofVirtual().name("acme").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** What it waited for may be there. Any thread may say so; never blocks. */
    void lookNow() {
        LockSupport.unpark(thread);
    }

    /** What is wrong, one sentence with the cure; empty when nothing is. */
    String trouble() {
        return trouble;
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Duration wait = provenNow.get().map(this::look).orElse(GLANCE);
            LockSupport.parkNanos(this, wait.compareTo(GLANCE) < 0 ? wait.toNanos() : GLANCE.toNanos());
        }
    }

    /** Orders if that is due; how long until the next look. */
    Duration look(Instant now) {
        Optional<Rest> rest = rest().filter(before -> isCredible(before, now));
        try {
            Instant due = AcmeSchedule.due(pair(), config.names(), now);
            Instant next = rest.map(Rest::until).filter(due::isBefore).orElse(due);
            if (now.isBefore(next)) {
                if (now.isBefore(due)) {
                    trouble = "";
                }
                return Duration.between(now, next);
            }
            renew();
        } catch (OrderFailedException | UnusableException | IOException e) {
            onFailure(String.valueOf(e.getMessage()), rest, now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            Logger.error(e, "ACME: a fault of this program");
            onFailure("this program has a fault, see the log: please report it", rest, now);
        }
        return MOMENT;
    }

    /** A next try that is farther away than any pause was written by a clock that was wrong. */
    private static boolean isCredible(Rest rest, Instant now) {
        return !rest.until().isAfter(now.plus(AcmeSchedule.pauseAfter(rest.failures())));
    }

    private void renew() throws OrderFailedException, UnusableException, IOException, InterruptedException {
        checkWritable();
        CertifiedKey issued = orders.order();
        Optional<Instant> now = provenNow.get();
        if (now.isPresent()) {
            Thread.sleep(AcmeSchedule.untilValid(issued, now.get()));
            Optional<String> fault = provenNow.get().flatMap(then -> AcmeSchedule.fault(issued, config.names(), then));
            if (fault.isPresent()) {
                throw new OrderFailedException(fault.get());
            }
        }
        DurableFile.replace(folder.resolve(PAIR), LocalAuthority.text(issued), DurableFile.SECRET);
        unsaved = now.map(then -> new Rest(0, then.plus(AcmeSchedule.pauseAfter(issued))));
        trouble = "";
        Logger.info("ACME: a certificate for {} from {}", names(), config.service());
        onIssued.run();
        try {
            DurableFile.remove(folder.resolve(FAILURES));
        } catch (IOException e) {
            // Its next try is in the past; the pause after the next failure will be longer, no more.
        }
    }

    /** Before somebody is asked for what could not be kept. */
    private void checkWritable() throws IOException {
        Path trial = folder.resolve(TRIAL);
        try {
            Files.createDirectories(folder);
            DurableFile.replace(trial, " ".repeat(TRIAL_BYTES), DurableFile.SECRET);
            Files.delete(trial);
        } catch (IOException e) {
            throw new IOException(
                    "nothing can be written in " + folder + " (" + e + "): give it room, and to the daemon's user", e);
        }
    }

    private CertifiedKey order() throws OrderFailedException, UnusableException, IOException, InterruptedException {
        KeyPair key = EcKeyPair.make();
        CertificateOrder order = new CertificateOrder(URI.create(config.service()), trusted(), proof());
        var chain = order.issue(account(), config.names(), SigningRequest.of(key, config.names()));
        String text = LocalAuthority.text(new CertifiedKey(key.getPrivate(), chain));
        return CertifiedKey.of(text, text);
    }

    private String trusted() throws IOException {
        try {
            return Files.readString(Path.of(config.trust()), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + config.trust() + " of authorities to trust: check 'trust'", e);
        }
    }

    private NameProof proof() {
        return config.hook()
                .<NameProof>map(program -> new DnsProof(Path.of(program)))
                .orElseGet(() -> new HttpProof(config.httpPort()));
    }

    private KeyPair account() throws IOException {
        Path file = folder.resolve(ACCOUNT);
        try {
            return EcKeyPair.parse(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            Logger.info("ACME: a new account with {}", config.service());
        } catch (UnusableException e) {
            Logger.warn("{}: {}; a new account is made", file, e.getMessage());
        }
        KeyPair account = EcKeyPair.make();
        DurableFile.replace(file, EcKeyPair.text(account), DurableFile.SECRET);
        return account;
    }

    private Optional<CertifiedKey> pair() {
        try {
            String text = Files.readString(folder.resolve(PAIR), StandardCharsets.US_ASCII);
            return Optional.of(CertifiedKey.of(text, text));
        } catch (UnusableException | IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Rest> rest() {
        return unsaved.or(this::savedRest);
    }

    private Optional<Rest> savedRest() {
        try {
            List<String> words = List.of(Files.readString(folder.resolve(FAILURES), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1));
            return Optional.of(new Rest(
                    Math.clamp(Long.parseLong(words.get(0)), 1, 1_000),
                    Instant.ofEpochSecond(Long.parseLong(words.get(1)))));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private void onFailure(String why, Optional<Rest> before, Instant begun) {
        int count = 1 + before.map(Rest::failures).orElse(0);
        // An order may have taken longer than the pause.
        Instant next = provenNow
                .get()
                .orElse(begun)
                .plus(AcmeSchedule.pauseAfter(count))
                .truncatedTo(ChronoUnit.SECONDS);
        String said = "ACME: no certificate for " + names() + " from " + config.service() + ", as "
                + why.replaceAll("[^ -~]", "?") + "; what is there is served on, and the next try is at " + next;
        Logger.warn(said);
        trouble = said;
        try {
            DurableFile.replace(
                    folder.resolve(FAILURES), count + " " + next.getEpochSecond() + "\n", DurableFile.SECRET);
            unsaved = Optional.empty();
        } catch (IOException e) {
            // The folder itself is the trouble then, and was told.
            unsaved = Optional.of(new Rest(count, next));
        }
    }

    private String names() {
        return String.join(", ", config.names());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
