package org.noonmark.provisioning.firstboot;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is in place already.
 *
 * @param today for the report; the clock may not have been set yet
 * @param keepsData whether what is written outlives a restart; if not, secrets stay where they are
 * @param kept the files of {@link #KEPT} that earlier runs wrote, by that path
 * @param hasZone whether the system has the data of a time zone
 * @param build what tells this version from others: a later one may understand more of the same files
 * @param mended what was done to the data partition at this start because it was damaged
 */
public record State(
        LocalDate today,
        boolean keepsData,
        Map<String, String> kept,
        Predicate<String> hasZone,
        String build,
        List<Mended> mended) {
    /** Something that was done, and what the owner should do. */
    public record Mended(String what, String cure) {}

    static final String HOSTNAME = "etc/hostname";
    static final String HOSTS = "etc/hosts";
    static final String LOCALTIME = "etc/localtime";
    static final String AUTHORIZED_KEYS = "etc/ssh/authorized_keys.d/" + SshLogin.USER;
    static final String CONSOLE_PASSWORD = "etc/noonmark/console-password";
    static final String WIRED = "etc/systemd/network/10-noonmark-wired.network";
    static final String VLAN_DEVICE = "etc/systemd/network/10-noonmark-vlan.netdev";
    static final String VLAN = "etc/systemd/network/10-noonmark-vlan.network";
    static final String WIRELESS = "etc/systemd/network/10-noonmark-wireless.network";
    static final String WIFI = "etc/wpa_supplicant/wpa_supplicant-wlan0.conf";
    static final String WIFI_WANTED = "etc/systemd/system/multi-user.target.wants/wpa_supplicant@wlan0.service";
    static final String RECEIVER = "etc/noonmark/conf.d/10-provisioned.conf";
    static final String TUNING = "etc/noonmark/tuning.conf";
    static final String ISSUE = "etc/issue.d/noonmark.issue";
    /** What was applied, as sha256sum prints it; the last file that a run writes. */
    static final String APPLIED = "etc/noonmark/provisioned.sha256";

    /** Files whose presence or content matters to a later run. */
    public static final List<String> KEPT = List.of(
            HOSTNAME,
            LOCALTIME,
            AUTHORIZED_KEYS,
            CONSOLE_PASSWORD,
            WIRED,
            VLAN_DEVICE,
            VLAN,
            WIRELESS,
            WIFI,
            WIFI_WANTED,
            RECEIVER,
            TUNING,
            ISSUE,
            APPLIED);

    public State {
        kept = Map.copyOf(kept);
        mended = List.copyOf(mended);
    }

    /** A machine on which nothing was done yet. */
    public static State fresh(LocalDate today) {
        return new State(today, true, Map.of(), _ -> true, "", List.of());
    }

    Optional<String> kept(String path) {
        return Optional.ofNullable(kept.get(path));
    }

    boolean has(String path) {
        return kept.containsKey(path);
    }

    /** Whether an earlier run came to its end, so that there is a state to go back to. */
    boolean wasApplied() {
        return has(APPLIED);
    }
}
