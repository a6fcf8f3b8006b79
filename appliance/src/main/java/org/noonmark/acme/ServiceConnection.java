package org.noonmark.acme;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;

/** Requests of one exchange: by TLS alone (RFC 8555, section 6.1), with answers that are neither compressed nor longer than any needs. */
final class ServiceConnection extends DefaultConnection {
    /** A chain of certificates is ten thousand bytes. */
    private static final int MOST_BYTES = 1 << 20;

    ServiceConnection(HttpConnector connector) {
        super(connector);
    }

    @Override
    protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
        if (!url.getProtocol().equals("https")) {
            throw new IOException("it names the address " + url + ", which is none of https");
        }
        HttpRequest.Builder request = httpConnector
                .createRequestBuilder(url)
                .header("Accept-Charset", "utf-8")
                .header("Accept-Language", session.getLanguageHeader());
        body.accept(request);
        try {
            HttpResponse<InputStream> answer =
                    httpClient.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofInputStream(), MOST_BYTES));
            if (answer.headers().firstValue("Content-Encoding").isPresent()) {
                answer.body().close();
                throw new IOException("its answer is compressed, which nobody asked for");
            }
            lastResponse = answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
