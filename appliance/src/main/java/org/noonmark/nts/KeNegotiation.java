package org.noonmark.nts;

import java.util.List;
import java.util.Optional;

/**
 * Chooses what the client gets, and writes it (RFC 8915, section 4). The client's order decides: its dearest algorithm that is allowed here.
 *
 * @param aeads that may be chosen
 * @param ntpServer name or address that the client shall ask for the time, ASCII; empty: the one it has asked for keys
 * @param ntpPort UDP port that it shall ask
 */
public record KeNegotiation(List<Aead> aeads, Optional<String> ntpServer, int ntpPort) {
    /** Cookies of an answer: as many as the RFC's clients keep (section 5.7). */
    public static final int COOKIES = 8;

    private static final int STANDARD_NTP_PORT = 123;

    public KeNegotiation {
        aeads = List.copyOf(aeads);
    }

    /** What {@code offer} gets. */
    public KeAgreement agree(KeRequest.Offer offer) {
        if (!offer.protocols().contains(KeRequest.NTPV4)) {
            return new KeAgreement.NoProtocol();
        }
        for (int id : offer.aeads()) {
            Optional<Aead> aead = aeads.stream().filter(each -> each.id() == id).findFirst();
            boolean gcmSiv = id == Aead.AES_128_GCM_SIV.id();
            // Without its record 1024 it may be a chrony that derives other keys from the same handshake: nothing would
            // be understood.
            if (aead.isPresent() && (!gcmSiv || offer.compliantGcmSivExport())) {
                return new KeAgreement.Agreed(aead.get(), gcmSiv);
            }
        }
        return new KeAgreement.NoAead();
    }

    /**
     * The answer, at most {@code 8} cookies and 100 bytes long.
     *
     * @param cookies each for one request; of the {@link KeAgreement.Agreed agreed} keys, empty without any
     */
    public byte[] answer(KeAgreement agreement, List<byte[]> cookies) {
        KeRecords records = new KeRecords();
        switch (agreement) {
            case KeAgreement.Refused refused ->
                records.add(KeRecords.ERROR, true, refused.error().code());
            case KeAgreement.NoProtocol _ -> records.add(KeRecords.NEXT_PROTOCOL, true, new byte[0]);
            case KeAgreement.NoAead _ ->
                records.add(KeRecords.NEXT_PROTOCOL, true, KeRequest.NTPV4)
                        .add(KeRecords.AEAD_ALGORITHM, true, new byte[0]);
            case KeAgreement.Agreed agreed -> add(records, agreed, cookies);
        }
        return records.message();
    }

    private void add(KeRecords records, KeAgreement.Agreed agreed, List<byte[]> cookies) {
        records.add(KeRecords.NEXT_PROTOCOL, true, KeRequest.NTPV4)
                .add(KeRecords.AEAD_ALGORITHM, true, agreed.aead().id());
        if (agreed.compliantGcmSivExport()) {
            records.add(KeRecords.COMPLIANT_GCM_SIV_EXPORT, false, new byte[0]);
        }
        ntpServer.ifPresent(server -> records.add(KeRecords.SERVER, true, server));
        if (ntpPort != STANDARD_NTP_PORT && ntpPort != 0) {
            records.add(KeRecords.PORT, true, ntpPort);
        }
        cookies.forEach(cookie -> records.add(KeRecords.NEW_COOKIE, false, cookie));
    }
}
