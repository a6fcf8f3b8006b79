package org.noonmark.provisioning.firstboot;

/**
 * One thing to do to the machine. Each can be done again without harm, and a power cut between two leaves a state from which all of
 * them lead to the same end.
 */
public sealed interface Step {
    /**
     * Whether it is right to do it although one before it failed. What the running system needs is; but no secret may be taken out of
     * its file, nothing be noted as applied, and the machine not be started again, while something was not kept.
     */
    default boolean mayFollowFailure() {
        return switch (this) {
            case WriteFile(String path, String _, boolean _) -> !path.equals(State.APPLIED);
            case WriteBoot _, Reboot _ -> false;
            case Link _, Remove _, SetHostname _, StartUnit _ -> true;
        };
    }

    /**
     * Write a file of the system, now and for all later starts.
     *
     * @param path below the root, without slash at the beginning: {@code etc/hostname}
     * @param text the whole file
     * @param secret whether only root may read it
     */
    record WriteFile(String path, String text, boolean secret) implements Step {}

    /** Make a symbolic link of the system, now and for all later starts. */
    record Link(String path, String target) implements Step {}

    /** Remove a file or link of the system, now and for all later starts; it may be missing. */
    record Remove(String path) implements Step {}

    /** Give the running machine its name. */
    record SetHostname(String name) implements Step {}

    /** Start a unit of systemd that is new, without waiting for it. */
    record StartUnit(String unit) implements Step {}

    /** Write a file of the boot partition: the new one or the old one is there after a power cut, never half of it. */
    record WriteBoot(String name, RawFile content) implements Step {}

    /** Start the machine again: only then what the firmware reads is in force. Always the last step. */
    record Reboot() implements Step {}
}
