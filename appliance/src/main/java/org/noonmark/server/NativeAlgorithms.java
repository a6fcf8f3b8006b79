package org.noonmark.server;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.tinylog.Logger;

/**
 * What is dear in a TLS handshake, by a library in C (AWS-LC): signatures and the agreement on a key over P-256, which take Java three to ten
 * times as long. Of the library's provider only these are offered. Its digests and ciphers would be found before Java's own for every
 * packet, and cost a call out of Java each time.
 */
public final class NativeAlgorithms extends Provider {
    private static final long serialVersionUID = 1;

    /** Type and name as Java's TLS asks for them. */
    private static final Map<String, List<String>> OFFERED = Map.of(
            "KeyPairGenerator", List.of("EC"),
            "KeyAgreement", List.of("ECDH"),
            "Signature", List.of("RSASSA-PSS", "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA"));

    private NativeAlgorithms(Provider library) {
        super("NoonmarkNative", "1", "what is dear in a TLS handshake");
        OFFERED.forEach((type, names) ->
                names.forEach(name -> putService(new Handed(this, library.getService(type, name)))));
    }

    /** Has TLS use the library from now on, where there is one for this processor; else Java goes on by itself, and the log says so. */
    public static void prefer() {
        Throwable missing = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        if (missing == null) {
            Security.insertProviderAt(new NativeAlgorithms(AmazonCorrettoCryptoProvider.INSTANCE), 1);
        } else {
            Logger.info(
                    "TLS handshakes take several times longer, as the library for them cannot be loaded: {}",
                    missing.getMessage());
        }
    }

    /** The same key as the library holds it, which would else make it anew, and check it, for every signature; {@code key} where it cannot. */
    static PrivateKey held(PrivateKey key) {
        if (Security.getProvider("NoonmarkNative") == null) {
            return key;
        }
        try {
            return (PrivateKey) KeyFactory.getInstance(key.getAlgorithm(), AmazonCorrettoCryptoProvider.INSTANCE)
                    .translateKey(key);
        } catch (NoSuchAlgorithmException | InvalidKeyException _) {
            return key;
        }
    }

    /** A service of the library's, under this provider's name. */
    private static final class Handed extends Service {
        private final Service library;

        Handed(Provider provider, Service library) {
            super(provider, library.getType(), library.getAlgorithm(), library.getClassName(), List.of(), Map.of());
            this.library = library;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return library.newInstance(parameter);
        }

        @Override
        public boolean supportsParameter(Object parameter) {
            return library.supportsParameter(parameter);
        }
    }
}
