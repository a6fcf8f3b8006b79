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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Orders certificates from one ACME service (RFC 8555, section 7.4), one at a time; blocks as long as the service takes. */
public final class CertificateOrder {
    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP_PATIENCE = Duration.ofMinutes(5);
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
     * Orders a certificate.
     *
     * @param account key by which the service knows its customer; who is new becomes one
     * @param signingRequest PKCS #10 for {@code names}, DER
     * @return the server's certificate first, then those that lead towards an authority
     * @throws OrderFailedException when there is none
     */
    public List<X509Certificate> issue(KeyPair account, List<String> names, byte[] signingRequest)
            throws OrderFailedException, InterruptedException {
        Session session = new Session(service, new Service(trust));
        session.networkSettings().setTimeout(REQUEST_PATIENCE);
        try (HttpClient client = session.getHttpClient()) {
            try {
                return issue(session, account, names, signingRequest);
            } finally {
                client.shutdownNow();
            }
        } catch (AcmeException | AcmeLazyLoadingException | AcmeProtocolException e) {
            throw new OrderFailedException(reason(e), e);
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
                prove(authorization);
            }
        }
        require(order.waitUntilReady(STEP_PATIENCE), Status.READY, order.getError(), "the order", ORDER_CURE);
        order.execute(signingRequest);
        require(order.waitForCompletion(STEP_PATIENCE), Status.VALID, order.getError(), "the order", ORDER_CURE);
        return order.getCertificate().getCertificateChain();
    }

    private void prove(Authorization authorization) throws AcmeException, OrderFailedException, InterruptedException {
        try (NameProof.Shown shown = proof.show(authorization)) {
            Challenge challenge = shown.challenge();
            challenge.trigger();
            String name = authorization.getIdentifier().getDomain();
            require(
                    challenge.waitForCompletion(STEP_PATIENCE),
                    Status.VALID,
                    challenge.getError(),
                    "the proof for " + name,
                    proof.cure(name));
        }
    }

    private static void require(Status met, Status wanted, Optional<Problem> problem, String what, String cure)
            throws OrderFailedException {
        if (met != wanted && met != Status.VALID) {
            String detail = problem.flatMap(Problem::getDetail)
                    .map(text -> " (" + text + ")")
                    .orElse("");
            throw new OrderFailedException(
                    what + " is " + met.toString().toLowerCase(Locale.ROOT) + detail + ": " + cure);
        }
    }

    /** A fault of the network wears several coats. */
    private static String reason(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case AcmeServerException said -> {
                    return "it refuses (" + said.getMessage() + "): see its documentation for what it wants";
                }
                case ConnectException _, UnresolvedAddressException _, UnknownHostException _ -> {
                    return "it cannot be reached: check this server's way into the Internet, its name servers and the URL";
                }
                case HttpTimeoutException _ -> {
                    return "it does not answer: check this server's way into the Internet, or wait";
                }
                case SSLException said -> {
                    return "its own certificate is not trusted (" + said.getMessage()
                            + "): check 'trust', or whether somebody is between";
                }
                default -> {}
            }
        }
        return "it is not understood (" + e.getMessage() + "): check whether the URL is that of an ACME directory";
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
        public HttpClient createHttpClient(NetworkSettings settings) {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(settings.getTimeout())
                    .sslContext(trust)
                    .build();
        }
    }
}
