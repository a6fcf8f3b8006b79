package org.noonmark.app;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.noonmark.linux.Capability;
import org.noonmark.linux.NativeCalls;
import org.noonmark.linux.ProgramStart;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.xdp.XdpDescriptors;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpMode;
import org.tinylog.Logger;

/**
 * The first moments of a daemon that was started with the capabilities for AF_XDP and is not root: it makes what takes them, gives them up,
 * and becomes itself anew, so that no thread of the one that talks with the network ever had them. The descriptors stay open, and a
 * variable of the environment has their numbers.
 */
public final class PrivilegedStart {
    private static final String VARIABLE = "NOONMARK_XDP";
    private static final String ROOT = "root";

    private PrivilegedStart() {}

    /** Whether this process has capabilities to give up, before it does anything else. */
    public static boolean isNeeded() {
        NativeCalls.require();
        if (Capability.held().isEmpty() || System.getProperty("user.name", "").equals(ROOT)) {
            return false;
        }
        if (System.getenv(VARIABLE) != null) {
            Logger.warn(
                    "the capabilities {} come back by themselves, probably from the file of the program",
                    Capability.held());
            return false;
        }
        return true;
    }

    /**
     * This process becomes the daemon without those capabilities, and begins again. Returns only by an exception.
     *
     * @throws IOException when it cannot; to go on as it is would leave capabilities to the threads of the daemon
     */
    public static void giveUpCapabilities(ApplianceConfig config) throws IOException {
        String text = "";
        List<Integer> descriptors = List.of();
        if (config.xdp().isPresent() && config.port() != 0) {
            try {
                XdpDescriptors made = XdpDescriptors.make(
                        config.xdp().get().interfaceName(), modes(config), XdpService.scope(config));
                text = made.text();
                descriptors = made.all();
            } catch (XdpException e) {
                text = XdpDescriptors.refusal(e);
            }
        }
        Capability.giveUp();
        ProgramStart.again(VARIABLE, text, descriptors);
    }

    /**
     * What was made before.
     *
     * @throws XdpException with the reason why it could not be made
     */
    static Optional<XdpDescriptors> made(Map<String, String> environment) throws XdpException {
        String text = environment.getOrDefault(VARIABLE, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(XdpDescriptors.read(text));
    }

    /** The modes that the owner asks for. */
    static List<XdpMode> modes(ApplianceConfig config) {
        return switch (config.xdp().orElseThrow().mode()) {
            case AUTO -> XdpMode.BEST;
            case NATIVE -> List.of(XdpMode.NATIVE);
            case GENERIC -> List.of(XdpMode.GENERIC);
        };
    }
}
