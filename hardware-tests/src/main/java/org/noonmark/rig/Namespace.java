package org.noonmark.rig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace with nothing but its own loopback. A machine in QEMU gets its user-mode network inside it: the ports that QEMU
 * forwards are reachable there, and the machine cannot reach anything else. (QEMU's own {@code restrict=on} would also drop the
 * machine's answers to forwarded UDP.)
 */
final class Namespace implements AutoCloseable {
    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes it; needs root. */
    static Namespace create(String purpose) throws IOException {
        Namespace made = new Namespace(
                "noonmark-" + purpose + "-" + ProcessHandle.current().pid());
        Peers.Output.require("ip", "netns", "add", made.name);
        Peers.Output.require("ip", "netns", "exec", made.name, "ip", "link", "set", "lo", "up");
        return made;
    }

    /** What to put before a command that shall run inside. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    /** {@code command}, run inside. */
    ProcessBuilder inside(List<String> command) {
        List<String> whole = new ArrayList<>(prefix());
        whole.addAll(command);
        return new ProcessBuilder(whole);
    }

    @Override
    public void close() throws IOException {
        Peers.Output.require("ip", "netns", "del", name);
    }
}
