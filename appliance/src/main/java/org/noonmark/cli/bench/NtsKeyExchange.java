package org.noonmark.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.noonmark.nts.Aead;
import org.noonmark.nts.KeAnswer;
import org.noonmark.server.AnyServer;

/**
 * {@code bench nts-ke ADDRESS PORT SESSIONS FILE}: establishes keys with a server (RFC 8915, section 4) as many times, and leaves what
 * came of it in a file. Trusts whatever certificate it is shown: nothing but requests to that very server is made of it.
 */
public final class NtsKeyExchange {
    private static final String LABEL = "EXPORTER-network-time-security";

    private NtsKeyExchange() {}

    /** Runs; 0 when all went well. */
    public static int run(String[] args) {
        try {
            SSLContext context = AnyServer.trusting();
            List<NtsSession> sessions = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                sessions.add(establish(context, args[0], Integer.parseInt(args[1]), Aead.AES_SIV_CMAC_256));
            }
            NtsSession.write(Path.of(args[3]), sessions);
            System.out.println("established " + sessions.size());
            return 0;
        } catch (IOException | GeneralSecurityException e) {
            System.err.println("bench nts-ke: " + e.getMessage());
            return 1;
        }
    }

    private static NtsSession establish(SSLContext context, String address, int port, Aead aead)
            throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address, port)) {
            socket.setTcpNoDelay(true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"ntske/1"});
            // In the order in which chronyd's client (GnuTLS 3.7) offers its shares.
            parameters.setNamedGroups(new String[] {"secp256r1", "x25519"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write(KeAnswer.request(List.of(aead)));
            List<byte[]> cookies = cookies(socket.getInputStream(), aead);
            ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
            return NtsSession.of(aead, key(session, aead, 0), key(session, aead, 1), cookies);
        }
    }

    private static List<byte[]> cookies(InputStream in, Aead aead) throws IOException {
        byte[] bytes = new byte[KeAnswer.MOST_BYTES];
        int length = 0;
        while (true) {
            switch (KeAnswer.parse(bytes, length, List.of(aead))) {
                case KeAnswer.Granted granted -> {
                    return granted.cookies();
                }
                case KeAnswer.Refused refused -> throw new IOException("the server gave no cookies: " + refused.why());
                case KeAnswer.Incomplete _ -> {
                    int read = in.read(bytes, length, bytes.length - length);
                    if (read <= 0) {
                        throw new EOFException("the server ended before its response did");
                    }
                    length += read;
                }
            }
        }
    }

    /** RFC 8915, section 5.1: protocol, algorithm, and 0 for requests or 1 for answers. */
    private static byte[] key(ExtendedSSLSession session, Aead aead, int direction) throws GeneralSecurityException {
        try {
            byte[] binding = {0, 0, (byte) (aead.id() >>> 8), (byte) aead.id(), (byte) direction};
            return session.exportKeyingMaterialData(LABEL, binding, aead.keyLength());
        } catch (javax.net.ssl.SSLKeyException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
