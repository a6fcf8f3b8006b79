package org.noonmark.server;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.noonmark.nts.CookieMaker;
import org.noonmark.nts.KeAgreement;
import org.noonmark.nts.KeError;
import org.noonmark.nts.KeNegotiation;
import org.noonmark.nts.KeRequest;

/** One client's way to its keys (RFC 8915, section 4): a TLS connection, a request, an answer, the end. One virtual thread. */
final class KeConnection implements TlsConnection.Conversation {
    static final String PROTOCOL = "ntske/1";

    private final SocketChannel channel;
    private final TlsConnection tls;
    private final KeNegotiation negotiation;
    private final CookieMaker cookies;
    private KeOutcome outcome = KeOutcome.FAULT;

    KeConnection(
            SocketChannel channel,
            SSLEngine engine,
            ExecutorService workers,
            KeNegotiation negotiation,
            CookieMaker cookies) {
        this.channel = channel;
        this.tls = new TlsConnection(channel, engine, workers);
        this.negotiation = negotiation;
        this.cookies = cookies;
    }

    /** Serves it to the end. */
    KeOutcome serve() {
        try (channel) {
            // A client that names no protocol at all comes so far; another name was refused by TLS itself.
            return tls.converse(this) ? outcome : KeOutcome.TLS_FAILED;
        } catch (AsynchronousCloseException e) {
            return KeOutcome.TOO_SLOW;
        } catch (SSLException e) {
            return KeOutcome.TLS_FAILED;
        } catch (IOException e) {
            return KeOutcome.BROKEN;
        }
    }

    @Override
    public int room() {
        return KeRequest.MOST_BYTES;
    }

    @Override
    public boolean speaks(String applicationProtocol) {
        return applicationProtocol.equals(PROTOCOL);
    }

    @Override
    public Optional<byte[]> answer(byte[] said, int length, boolean isAll, ExtendedSSLSession session)
            throws SSLException {
        KeRequest request = KeRequest.parse(said, length);
        if (request instanceof KeRequest.Incomplete && !isAll) {
            return Optional.empty();
        }
        KeAgreement agreement = switch (request) {
            case KeRequest.Offer offer -> negotiation.agree(offer);
            case KeRequest.Refused refused -> new KeAgreement.Refused(refused.error());
            case KeRequest.Incomplete _ -> new KeAgreement.Refused(KeError.BAD_REQUEST);
        };
        outcome = switch (agreement) {
            case KeAgreement.Agreed _ -> KeOutcome.ESTABLISHED;
            case KeAgreement.NoAead _, KeAgreement.NoProtocol _ -> KeOutcome.NOTHING_IN_COMMON;
            case KeAgreement.Refused _ -> KeOutcome.BAD_REQUEST;
        };
        return Optional.of(answer(agreement, session));
    }

    private byte[] answer(KeAgreement agreement, ExtendedSSLSession session) throws SSLException {
        List<byte[]> sealed = new ArrayList<>(KeNegotiation.COOKIES);
        if (agreement instanceof KeAgreement.Agreed agreed) {
            int length = agreed.aead().keyLength();
            byte[] c2s = session.exportKeyingMaterialData(KeAgreement.EXPORTER_LABEL, agreed.contextOfC2s(), length);
            byte[] s2c = session.exportKeyingMaterialData(KeAgreement.EXPORTER_LABEL, agreed.contextOfS2c(), length);
            for (int i = 0; i < KeNegotiation.COOKIES; i++) {
                sealed.add(cookies.seal(agreed.aead(), c2s, s2c));
            }
        }
        return negotiation.answer(agreement, sealed);
    }
}
