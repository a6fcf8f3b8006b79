package org.noonmark.acme;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Orders certificates from one ACME service (RFC 8555, section 7.4), one at a time; blocks as long as the service takes. */
public final class CertificateOrder {
    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP_PATIENCE = Duration.ofMinutes(5);
    /** For each name: the owner's program may take minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final Set<Status> ENDED = EnumSet.of(Status.VALID, Status.INVALID);
    private static final Set<Status> READY = EnumSet.of(Status.READY, Status.VALID, Status.INVALID);
    /** What acme4j says, by nothing but these words, when {@link #STEP_PATIENCE} is over. */
    private static final String TIMEOUT = "Timeout has been reached";

    private static final String ORDER_CURE = "see its documentation for whom it certifies";

    private final URI service;
    private final SSLContext trust;
    private final NameProof proof;

    /**
     * A service.
     *
     * @param service URL of its directory
     * @param trustedPem authorities that its own certificate is judged by
     * @throws OrderFailedException when {@code trustedPem} holds none
     */
    public CertificateOrder(URI service, String trustedPem, NameProof proof) throws OrderFailedException {
        this.service = service;
        this.trust = trusting(trustedPem);
        this.proof = proof;
    }

    /**
     * Orders a certificate; for each name, a quarter of an hour is the most that it takes.
     *
     * @param account key by which the service knows its customer; who is new becomes one
     * @param signingRequest PKCS #10 for {@code names}, DER
     * @return the server's certificate first, then those that lead towards an authority
     * @throws OrderFailedException when there is none
     */
    public List<X509Certificate> issue(KeyPair account, List<String> names, byte[] signingRequest)
            throws OrderFailedException, InterruptedException {
        Duration patience = PATIENCE.multipliedBy(names.size());
        return within(patience, () -> exchange(account, names, signingRequest));
    }

    /** A service that drips its answers holds nobody up: what was not done in time is interrupted, and forgotten. */
    static <T> T within(Duration patience, Callable<T> work) throws OrderFailedException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("acme-order").start(task);
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new OrderFailedException(
                    "it was not done in " + patience.toMinutes() + " minutes: see whether the service is well", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OrderFailedException failure) {
                throw failure;
            }
            throw new OrderFailedException(reason(e), e);
        } finally {
            task.cancel(true);
        }
    }

    private List<X509Certificate> exchange(KeyPair account, List<String> names, byte[] signingRequest)
            throws AcmeException, OrderFailedException, InterruptedException {
        Session session = new Session(service, new Service(trust));
        session.networkSettings().setTimeout(REQUEST_PATIENCE);
        session.networkSettings().setCompressionEnabled(false);
        try (HttpClient client = session.getHttpClient()) {
            try {
                return issue(session, account, names, signingRequest);
            } finally {
                client.shutdownNow();
            }
        }
    }

    private List<X509Certificate> issue(Session session, KeyPair account, List<String> names, byte[] signingRequest)
            throws AcmeException, OrderFailedException, InterruptedException {
        Order order = new AccountBuilder()
                .agreeToTermsOfService()
                .useKeyPair(account)
                .createLogin(session)
                .newOrder()
                .domains(names)
                .create();
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() != Status.VALID) {
                prove(authorization, ordered(authorization.getIdentifier().getDomain(), names));
            }
        }
        require(await(order, READY), Status.READY, order.getError(), "the order", ORDER_CURE);
        order.execute(signingRequest);
        require(await(order, ENDED), Status.VALID, order.getError(), "the order", ORDER_CURE);
        return order.getCertificate().getCertificateChain();
    }

    /** The name among {@code names} that the service means: what it says itself is shown to no program. */
    static String ordered(String asked, List<String> names) throws OrderFailedException {
        for (String name : names) {
            if (name.equalsIgnoreCase(asked)) {
                return name;
            }
        }
        throw new OrderFailedException("it asks for a proof of the name '" + ServiceWords.printable(asked)
                + "', which was not ordered: ask those who run it");
    }

    private void prove(Authorization authorization, String name)
            throws AcmeException, OrderFailedException, InterruptedException {
        try (NameProof.Shown shown = proof.show(authorization, name)) {
            Challenge challenge = shown.challenge();
            challenge.trigger();
            require(
                    await(challenge, ENDED),
                    Status.VALID,
                    challenge.getError(),
                    "the proof for " + name,
                    proof.cure(name));
        }
    }

    /** How far it is when {@code ends} or the patience is reached. */
    static Status await(PollableResource resource, Set<Status> ends) throws AcmeException, InterruptedException {
        try {
            return resource.waitForStatus(ends, STEP_PATIENCE);
        } catch (AcmeException e) {
            if (TIMEOUT.equals(e.getMessage())) {
                return resource.getStatus();
            }
            throw e;
        }
    }

    static void require(Status met, Status wanted, Optional<Problem> problem, String what, String cure)
            throws OrderFailedException {
        if (met != wanted && met != Status.VALID) {
            String state = met.toString().toLowerCase(Locale.ROOT);
            String detail = problem.flatMap(Problem::getDetail)
                    .map(text -> " (" + ServiceWords.printable(text) + ")")
                    .orElse("");
            boolean ended = met == Status.INVALID;
            throw new OrderFailedException(what + " is "
                    + (ended ? state : "still " + state + " after " + STEP_PATIENCE.toMinutes() + " minutes") + detail
                    + ": " + cure);
        }
    }

    /** A fault of the network wears several coats. */
    private static String reason(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case AcmeServerException said -> {
                    return "it refuses (" + words(said) + "): see its documentation for what it wants";
                }
                case ConnectException _, UnresolvedAddressException _, UnknownHostException _ -> {
                    return "it cannot be reached: check this server's way into the Internet, its name servers and the URL";
                }
                case HttpTimeoutException _ -> {
                    return "it does not answer: check this server's way into the Internet, or wait";
                }
                case SSLException said -> {
                    return "its own certificate is not trusted (" + words(said)
                            + "): check 'trust', or whether somebody is between";
                }
                default -> {}
            }
        }
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return "it is not understood (" + words(innermost) + "): check whether the URL is that of an ACME directory";
    }

    private static String words(Throwable said) {
        return ServiceWords.printable(said.getMessage() == null ? said.toString() : said.getMessage());
    }

    private static SSLContext trusting(String pem) throws OrderFailedException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
                store.setCertificateEntry(Integer.toString(number++), certificate);
            }
            if (number == 0) {
                throw new OrderFailedException("the file of trusted authorities holds none: check 'trust'");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new OrderFailedException(
                    "the file of trusted authorities is damaged (" + e.getMessage() + "): check 'trust'", e);
        }
    }

    /** One that is trusted by the owner's file rather than by what Java brings, which may be nothing. */
    private static final class Service extends GenericAcmeProvider {
        private final SSLContext trust;

        Service(SSLContext trust) {
            this.trust = trust;
        }

        @Override
        public Connection connect(URI server, NetworkSettings settings, HttpClient client) {
            return new ServiceConnection(createHttpConnector(settings, client));
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(settings.getTimeout())
                    .sslContext(trust)
                    .build();
        }
    }
}
