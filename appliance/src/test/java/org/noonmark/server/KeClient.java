package org.noonmark.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client of key establishment by the JDK's own TLS sockets, which trusts one authority and checks the server's name. */
public final class KeClient {
    /** NTPv4, AEAD 15, end. */
    public static final String AEAD_15 = "80010002000080040002000f80000000";

    private final SSLContext context;
    private String[] protocols = {"TLSv1.3"};
    private String[] applications = {"ntske/1"};
    private String name = "localhost";
    private String[] signatures = {};

    /** What came back. */
    public static final class Keys {
        private final List<byte[]> cookies;
        private final List<Integer> records;
        private final byte[] c2s;
        private final byte[] s2c;

        Keys(List<byte[]> cookies, List<Integer> records, byte[] c2s, byte[] s2c) {
            this.cookies = cookies;
            this.records = records;
            this.c2s = c2s;
            this.s2c = s2c;
        }

        public List<byte[]> cookies() {
            return cookies;
        }

        public List<Integer> records() {
            return records;
        }

        public byte[] c2s() {
            return c2s;
        }

        public byte[] s2c() {
            return s2c;
        }
    }

    public KeClient(X509Certificate trusted) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("ca", trusted);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
    }

    public KeClient speaking(String... versions) {
        protocols = versions;
        return this;
    }

    public KeClient offering(String... names) {
        applications = names;
        return this;
    }

    /** Signatures that it can check; any where none is said. */
    public KeClient verifying(String... schemes) {
        signatures = schemes;
        return this;
    }

    public KeClient callingIt(String host) {
        name = host;
        return this;
    }

    /** The whole exchange with {@code request} in hexadecimal digits. */
    public Keys exchange(InetSocketAddress server, String request) throws IOException {
        try (SSLSocket socket = connect(server)) {
            socket.getOutputStream().write(HexFormat.of().parseHex(request));
            byte[] answer = readAll(socket.getInputStream());
            List<byte[]> cookies = new ArrayList<>();
            List<Integer> records = new ArrayList<>();
            int aead = 0;
            for (int at = 0; at + 4 <= answer.length; ) {
                int type = unsigned16(answer, at) & 0x7fff;
                int length = unsigned16(answer, at + 2);
                byte[] body = Arrays.copyOfRange(answer, at + 4, at + 4 + length);
                records.add(type);
                if (type == 5) {
                    cookies.add(body);
                } else if (type == 4 && length == 2) {
                    aead = unsigned16(body, 0);
                }
                at += 4 + length;
            }
            ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
            int length = aead == 17 ? 64 : aead == 30 ? 16 : 32;
            return new Keys(cookies, records, key(session, aead, 0, length), key(session, aead, 1, length));
        }
    }

    /** A TLS connection that is made, and silent. */
    public SSLSocket connect(InetSocketAddress server) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        try {
            socket.setSoTimeout(20_000);
            socket.connect(server);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(protocols);
            parameters.setApplicationProtocols(applications);
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (signatures.length > 0) {
                parameters.setSignatureSchemes(signatures);
            }
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static byte[] key(ExtendedSSLSession session, int aead, int direction, int length) throws IOException {
        return session.exportKeyingMaterialData(
                "EXPORTER-network-time-security", new byte[] {0, 0, 0, (byte) aead, (byte) direction}, length);
    }

    private static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        in.transferTo(out);
        return out.toByteArray();
    }

    private static int unsigned16(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }
}
