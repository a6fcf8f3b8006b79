package org.noonmark.status;

import java.util.List;

/**
 * What the server has done since the start.
 *
 * @param listening the addresses it serves at, such as {@code 0.0.0.0:123}
 * @param requests packets received
 * @param answered packets answered
 * @param sendFailures answers among these that the kernel refused to send
 * @param refusals packets not answered, by reason
 * @param clients addresses in the client table
 * @param authenticated answers with a checked authenticator
 * @param ntsAuthenticated those of them with NTS
 * @param ntsNaks answers that told a client that its NTS cookies are not known
 * @param interleaved answers in interleaved mode
 * @param stampsHeld pairs of stamps kept for clients in interleaved mode
 * @param stampSpanSeconds from the first to the last answer of those pairs
 * @param clientsForgotten clients that had to make room for others in the table
 * @param driverStamps requests whose arrival was stamped by the XDP program in the network's driver
 * @param kernelStamps requests whose arrival was stamped by the kernel
 * @param daemonStamps requests whose arrival was stamped by the daemon, later and less surely
 * @param commands requests at the control socket
 * @param commandsRefused those among them that were malformed, too long or too many
 */
public record ServerStatus(
        List<String> listening,
        long requests,
        long answered,
        long sendFailures,
        List<Refusal> refusals,
        int clients,
        long authenticated,
        long ntsAuthenticated,
        long ntsNaks,
        long interleaved,
        int stampsHeld,
        int stampSpanSeconds,
        long clientsForgotten,
        long driverStamps,
        long kernelStamps,
        long daemonStamps,
        long commands,
        long commandsRefused) {

    /** Nothing served yet. */
    public static final ServerStatus NONE =
            new ServerStatus(List.of(), 0, 0, 0, List.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Packets not answered for one reason.
     *
     * @param reason in lower case, such as {@code not allowed}
     * @param count since the start
     */
    public record Refusal(String reason, long count) {}

    public ServerStatus {
        listening = List.copyOf(listening);
        refusals = List.copyOf(refusals);
    }

    /** Packets not answered. */
    public long refused() {
        return refusals.stream().mapToLong(Refusal::count).sum();
    }
}
