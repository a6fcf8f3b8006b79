package org.noonmark.server;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.noonmark.certificates.CertifiedKey;

/**
 * The keys and certificates of the server at one moment. The client's word for the server (SNI) chooses among them; a client that says none,
 * as those that know an address only, gets the first that names an address, else the first. Immutable: other keys make another one, and
 * handshakes under way end with what they began with.
 */
public final class TlsIdentity {
    private TlsIdentity() {}

    /**
     * To be said before Java loads its TLS: a client comes back in weeks, with a whole handshake, so tickets to resume by would be made for
     * nobody.
     */
    public static void makeNoTickets() {
        System.setProperty("jdk.tls.server.newSessionTicketCount", "0");
    }

    /** A TLS context that speaks for {@code pairs}, at least one, the dearest first. */
    public static SSLContext of(List<CertifiedKey> pairs) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            // Nobody but clients is there to be trusted, and they show no certificates.
            context.init(new KeyManager[] {new Choice(pairs)}, new TrustManager[0], null);
            // A client comes once in weeks: to remember it would only cost memory.
            context.getServerSessionContext().setSessionCacheSize(1);
            return context;
        } catch (KeyManagementException e) {
            throw new IllegalStateException("keys that were checked", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS 1.3", e);
        }
    }

    /**
     * The pair for a client that says {@code name}, whose key is of type {@code keyType}; empty when none is: JSSE then asks for the next
     * type that the client knows, so that an RSA and an EC pair of one name serve both kinds of clients.
     *
     * @param keyType EC, RSA or another that JSSE knows
     */
    static Optional<CertifiedKey> chosen(List<CertifiedKey> pairs, Optional<String> name, String keyType) {
        return meant(pairs, name).stream()
                .filter(pair -> pair.certificate().getPublicKey().getAlgorithm().equals(keyType))
                .findFirst();
    }

    /** Those that a client could mean; all of them where it would refuse each, or says nothing by which to tell. */
    private static List<CertifiedKey> meant(List<CertifiedKey> pairs, Optional<String> name) {
        List<CertifiedKey> meant = pairs.stream()
                .filter(pair -> name.map(pair::speaksFor)
                        .orElseGet(() -> !pair.addresses().isEmpty()))
                .toList();
        return meant.isEmpty() ? pairs : meant;
    }

    /** Aliases are places in the list. */
    private static final class Choice extends X509ExtendedKeyManager {
        private final List<CertifiedKey> pairs;
        private final List<PrivateKey> keys;

        Choice(List<CertifiedKey> pairs) {
            this.pairs = List.copyOf(pairs);
            keys = pairs.stream().map(pair -> NativeAlgorithms.held(pair.key())).toList();
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return chosen(pairs, nameSaidTo(engine), keyType)
                    .map(pair -> Integer.toString(pairs.indexOf(pair)))
                    .orElse(null);
        }

        private static Optional<String> nameSaidTo(SSLEngine engine) {
            if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
                for (SNIServerName said : session.getRequestedServerNames()) {
                    if (said instanceof SNIHostName name) {
                        return Optional.of(name.getAsciiName());
                    }
                }
            }
            return Optional.empty();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return pairs.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.get(Integer.parseInt(alias));
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }
    }
}
