package org.noonmark.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.noonmark.nts.Aead;
import org.noonmark.nts.KeAgreement;
import org.noonmark.nts.KeAnswer;
import org.noonmark.sources.NtsKeys;
import org.noonmark.sources.SourceAddress;

/** Establishes keys with NTS servers (RFC 8915, section 4), over TLS 1.3 and nothing older. Any thread; each call waits. */
final class NtsKeyClient {
    /** chrony's: connecting and all that follows, each. */
    private static final int PATIENCE_MILLIS = 16_000;

    /** Of another's explanation. */
    private static final int MOST_WORDS = 200;

    private static final String PROTOCOL = "ntske/1";

    /** How it ended. */
    sealed interface Outcome {
        /** With keys. */
        record Keys(NtsKeys keys) implements Outcome {}

        /** Without: {@code connected} tells whether there was a connection at all, {@code why} is one phrase. */
        record Failure(boolean connected, String why) implements Outcome {}
    }

    /** Finds the addresses of a name; empty when there are none. */
    interface Resolver {
        List<InetAddress> find(String name);
    }

    private final ServerTrust trust;
    private final List<Aead> aeads;
    private final Resolver resolver;
    private final SecureRandom random;

    NtsKeyClient(ServerTrust trust, List<Aead> aeads, Resolver resolver, SecureRandom random) {
        this.trust = trust;
        this.aeads = List.copyOf(aeads);
        this.resolver = resolver;
        this.random = random;
    }

    /**
     * Waits for keys, for at most half a minute.
     *
     * @param name that the server's certificate must have
     * @param withoutGcmSiv whether AEAD 30 is not to be offered
     */
    Outcome establish(String name, InetSocketAddress server, int certificateSet, boolean withoutGcmSiv) {
        List<Aead> offered = aeads.stream()
                .filter(aead -> !withoutGcmSiv || aead != Aead.AES_128_GCM_SIV)
                .toList();
        boolean connected = false;
        try (Socket tcp = new Socket()) {
            tcp.connect(server, PATIENCE_MILLIS);
            connected = true;
            Thread end = Thread.ofVirtual().start(() -> closeLater(tcp));
            try {
                return talk(tcp, name, certificateSet, offered.isEmpty() ? List.of(Aead.AES_SIV_CMAC_256) : offered);
            } finally {
                end.interrupt();
            }
        } catch (IOException | GeneralSecurityException e) {
            return new Outcome.Failure(connected, reason(e, connected));
        }
    }

    /** A server that drips its answer holds nobody up. */
    private static void closeLater(Socket tcp) {
        try {
            Thread.sleep(PATIENCE_MILLIS);
            tcp.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // It is closed, then.
        }
    }

    private Outcome talk(Socket tcp, String name, int certificateSet, List<Aead> offered)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {trust.of(certificateSet)}, random);
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(tcp, host, tcp.getPort(), true)) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setApplicationProtocols(new String[] {PROTOCOL});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.setSoTimeout(PATIENCE_MILLIS);
            tls.startHandshake();
            if (!PROTOCOL.equals(tls.getApplicationProtocol())) {
                return new Outcome.Failure(true, "it does not speak " + PROTOCOL);
            }
            tls.getOutputStream().write(KeAnswer.request(offered));
            return switch (read(tls.getInputStream(), offered)) {
                case KeAnswer.Granted granted -> keys(granted, (ExtendedSSLSession) tls.getSession(), tcp);
                case KeAnswer.Refused refused -> new Outcome.Failure(true, refused.why());
                case KeAnswer.Incomplete _ -> new Outcome.Failure(true, "its answer ends too early");
            };
        }
    }

    private static KeAnswer read(InputStream in, List<Aead> offered) throws IOException {
        byte[] bytes = new byte[KeAnswer.MOST_BYTES];
        int length = 0;
        KeAnswer response = new KeAnswer.Incomplete();
        while (response instanceof KeAnswer.Incomplete && length < bytes.length) {
            int more = in.read(bytes, length, bytes.length - length);
            if (more < 0) {
                return response;
            }
            length += more;
            response = KeAnswer.parse(bytes, length, offered);
        }
        return response;
    }

    private Outcome keys(KeAnswer.Granted granted, ExtendedSSLSession session, Socket tcp)
            throws GeneralSecurityException {
        Optional<SourceAddress> other = Optional.empty();
        if (granted.ntpServer().isPresent()) {
            other = address(granted.ntpServer().get(), tcp.getInetAddress());
            if (other.isEmpty()) {
                return new Outcome.Failure(
                        true, "it names the server " + granted.ntpServer().get() + ", which has no address");
            }
        }
        return new Outcome.Keys(new NtsKeys(
                granted.aead(),
                export(session, granted.contextOfC2s(), granted.aead()),
                export(session, granted.contextOfS2c(), granted.aead()),
                granted.cookies(),
                other,
                granted.ntpPort(),
                0));
    }

    /** Preferably of the kind that keys came by. */
    private Optional<SourceAddress> address(String name, InetAddress like) {
        List<InetAddress> found = new ArrayList<>(resolver.find(name));
        return found.stream()
                .filter(address -> address.getClass() == like.getClass())
                .findFirst()
                .or(() -> found.stream().findFirst())
                .map(SourcesService::addressOf);
    }

    private static byte[] export(ExtendedSSLSession session, byte[] context, Aead aead)
            throws GeneralSecurityException {
        try {
            return session.exportKeyingMaterialData(KeAgreement.EXPORTER_LABEL, context, aead.keyLength());
        } catch (SSLKeyException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static String reason(Exception e, boolean connected) {
        if (!connected) {
            return "there is no connection to its TCP port (" + e.getMessage() + ")";
        }
        return e instanceof SSLException
                ? "no TLS connection: " + innermost(e) + "; check its name, its certificate, and this machine's date"
                : innermost(e);
    }

    /** The words of the certificate's judge say most. */
    private static String innermost(Throwable e) {
        @Nullable Throwable cause = e;
        String words = String.valueOf(e.getMessage());
        for (int depth = 0; cause != null && depth < 8; depth++) {
            words = cause.getMessage() == null ? words : cause.getMessage();
            cause = cause.getCause();
        }
        // A certificate's names are its maker's words.
        String printable = words.replaceAll("[^ -~]", "?");
        return printable.substring(0, Math.min(printable.length(), MOST_WORDS));
    }
}
