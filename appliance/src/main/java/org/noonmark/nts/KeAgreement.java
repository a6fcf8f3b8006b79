package org.noonmark.nts;

/** What a key establishment ends with. */
public sealed interface KeAgreement {
    /** Context of the TLS exporter that both keys have in common (RFC 8915, section 5.1). */
    String EXPORTER_LABEL = "EXPORTER-network-time-security";

    /**
     * Keys.
     *
     * @param aead the algorithm
     * @param compliantGcmSivExport whether the answer says so with chrony's record 1024
     */
    record Agreed(Aead aead, boolean compliantGcmSivExport) implements KeAgreement {
        /** Context of the exporter for the key of requests (client to server), 5 bytes; RFC 8915, section 5.1. */
        public byte[] contextOfC2s() {
            return context(0);
        }

        /** The same for the key of answers (server to client). */
        public byte[] contextOfS2c() {
            return context(1);
        }

        private byte[] context(int direction) {
            return new byte[] {0, KeRequest.NTPV4, (byte) (aead.id() >> 8), (byte) aead.id(), (byte) direction};
        }
    }

    /** The client speaks nothing that this server does. */
    record NoProtocol() implements KeAgreement {}

    /** The client has no algorithm that this server has. */
    record NoAead() implements KeAgreement {}

    /** The request was no request. */
    record Refused(KeError error) implements KeAgreement {}
}
