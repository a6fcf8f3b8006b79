package org.noonmark.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.noonmark.provisioning.ServerRules;
import org.tinylog.Logger;

/**
 * Which certificates of servers are believed: those whose chain ends at a known one, which have the server's name, and whose dates hold by the
 * clock of this machine, where they are to be looked at. Files are read anew for each connection, since there are few. Any thread.
 */
final class ServerTrust {
    private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");

    private final ServerRules.Trust trust;
    private final LongSupplier clockNanos;
    private final BooleanSupplier checksDates;

    /**
     * Nothing is read yet.
     *
     * @param clockNanos the time by which dates are judged
     * @param checksDates whether they are
     */
    ServerTrust(ServerRules.Trust trust, LongSupplier clockNanos, BooleanSupplier checksDates) {
        this.trust = trust;
        this.clockNanos = clockNanos;
        this.checksDates = checksDates;
    }

    /**
     * What a connection is to be made with.
     *
     * @param set number of the set of certificates
     * @throws GeneralSecurityException when no certificate is known; the message says so
     */
    X509ExtendedTrustManager of(int set) throws GeneralSecurityException {
        List<X509Certificate> anchors = new ArrayList<>();
        if (set == 0 && trust.system()) {
            anchors.addAll(system());
        }
        trust.certificates().stream()
                .filter(certificates -> certificates.set() == set)
                .forEach(certificates -> anchors.addAll(read(Path.of(certificates.path()))));
        if (anchors.isEmpty()) {
            throw new CertificateException(
                    "no trusted certificates: name some by 'ntstrustedcerts" + (set == 0 ? "'" : " " + set + "'"));
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (int i = 0; i < anchors.size(); i++) {
            store.setCertificateEntry("anchor" + i, anchors.get(i));
        }
        return new Dated(store);
    }

    private static List<X509Certificate> system() throws GeneralSecurityException {
        if (Files.isReadable(SYSTEM)) {
            return read(SYSTEM);
        }
        TrustManagerFactory java = TrustManagerFactory.getInstance("PKIX");
        java.init((KeyStore) null);
        return Stream.of(java.getTrustManagers())
                .flatMap(manager -> manager instanceof X509TrustManager known
                        ? Arrays.stream(known.getAcceptedIssuers())
                        : Stream.empty())
                .toList();
    }

    private static List<X509Certificate> read(Path path) {
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                return files.filter(Files::isRegularFile)
                        .sorted()
                        .flatMap(file -> read(file).stream())
                        .toList();
            } catch (IOException e) {
                Logger.warn("{} cannot be listed: {}", path, e.getMessage());
                return List.of();
            }
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException e) {
            Logger.warn("{} holds no certificates that can be read (PEM): {}", path, e.getMessage());
            return List.of();
        }
    }

    /** Java's own judge, with the date of this machine's clock, or with one at which all certificates of the chain hold. */
    private final class Dated extends X509ExtendedTrustManager {
        private final KeyStore anchors;

        Dated(KeyStore anchors) {
            this.anchors = anchors;
        }

        private X509ExtendedTrustManager judge(X509Certificate[] chain) throws CertificateException {
            try {
                PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
                parameters.setRevocationEnabled(false);
                parameters.setDate(
                        checksDates.getAsBoolean()
                                ? Date.from(Instant.ofEpochSecond(0, clockNanos.getAsLong()))
                                : newest(chain));
                TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
                factory.init(new CertPathTrustManagerParameters(parameters));
                for (TrustManager manager : factory.getTrustManagers()) {
                    if (manager instanceof X509ExtendedTrustManager judge) {
                        return judge;
                    }
                }
                throw new CertificateException("this Java cannot judge certificates");
            } catch (CertificateException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new CertificateException(e);
            }
        }

        private static Date newest(X509Certificate[] chain) {
            return Arrays.stream(chain)
                    .map(certificate -> certificate.getNotBefore().toInstant())
                    .max(Instant::compareTo)
                    .map(Date::from)
                    .orElseGet(() -> Date.from(Instant.EPOCH));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            judge(chain).checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            judge(chain).checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("a server without a connection");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
