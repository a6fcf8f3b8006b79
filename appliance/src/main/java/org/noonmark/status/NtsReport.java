package org.noonmark.status;

/**
 * {@code nts cert} and {@code nts ca}, and the object {@code nts} of the status: listening, waiting, connections, established, refusals
 * (reason and count), certificates (origin, names, notBefore and notAfter in seconds since 1970, sha256), authority (name, notAfterSeconds,
 * sha256) and troubles.
 */
public final class NtsReport {
    private NtsReport() {}

    /** The certificates that are served, for a person. */
    public static String certificates(NtsStatus nts) {
        StringBuilder out = new StringBuilder(512);
        for (NtsStatus.Certificate certificate : nts.certificates()) {
            out.append("certificate  ").append(certificate.origin()).append('\n');
            out.append("  for        ")
                    .append(String.join(", ", certificate.names()))
                    .append('\n');
            out.append("  holds      from ")
                    .append(Figures.date(certificate.notBeforeSeconds()))
                    .append(" to ")
                    .append(Figures.date(certificate.notAfterSeconds()))
                    .append('\n');
            out.append("  SHA-256    ").append(certificate.fingerprint()).append('\n');
        }
        nts.authority()
                .ifPresent(authority -> out.append("authority    ")
                        .append(authority.name())
                        .append("\n  holds      to ")
                        .append(Figures.date(authority.notAfterSeconds()))
                        .append("\n  SHA-256    ")
                        .append(authority.fingerprint())
                        .append('\n'));
        if (!nts.waiting().isEmpty()) {
            out.append(nts.waiting()).append('\n');
        }
        nts.troubles().forEach(trouble -> out.append("! ").append(trouble).append('\n'));
        return out.isEmpty()
                ? "NTS is not served: add 'ntsca /var/lib/noonmark/nts' to noonmark.conf\n"
                : out.toString();
    }

    /** The whole as one object. */
    public static String json(NtsStatus nts) {
        JsonWriter json = new JsonWriter().beginObject();
        members(nts, json);
        return json.endObject().toString();
    }

    /** Its members. */
    static void members(NtsStatus nts, JsonWriter json) {
        json.beginArray("listening");
        nts.listening().forEach(json::element);
        json.endArray().field("waiting", nts.waiting()).field("connections", nts.connections());
        json.field("established", nts.established()).beginArray("refusals");
        for (ServerStatus.Refusal refusal : nts.refusals()) {
            json.beginObject().field("reason", refusal.reason());
            json.field("count", refusal.count()).endObject();
        }
        json.endArray().beginArray("certificates");
        for (NtsStatus.Certificate certificate : nts.certificates()) {
            json.beginObject().field("origin", certificate.origin()).beginArray("names");
            certificate.names().forEach(json::element);
            json.endArray().field("notBeforeSeconds", certificate.notBeforeSeconds());
            json.field("notAfterSeconds", certificate.notAfterSeconds())
                    .field("sha256", certificate.fingerprint())
                    .endObject();
        }
        json.endArray();
        nts.authority()
                .ifPresent(authority -> json.beginObject("authority")
                        .field("name", authority.name())
                        .field("notAfterSeconds", authority.notAfterSeconds())
                        .field("sha256", authority.fingerprint())
                        .endObject());
        json.beginArray("troubles");
        nts.troubles().forEach(json::element);
        json.endArray();
    }

    /** The authority's certificate as an object: name, notAfterSeconds, sha256, pem. */
    public static String json(NtsStatus.Authority authority) {
        return new JsonWriter()
                .beginObject()
                .field("name", authority.name())
                .field("notAfterSeconds", authority.notAfterSeconds())
                .field("sha256", authority.fingerprint())
                .field("pem", authority.pem())
                .endObject()
                .toString();
    }

    /** Whether something is wrong that a person should see to. */
    public static boolean isGood(NtsStatus nts) {
        return nts.troubles().isEmpty() && !nts.certificates().isEmpty();
    }
}
