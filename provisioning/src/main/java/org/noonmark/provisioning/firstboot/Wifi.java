package org.noonmark.provisioning.firstboot;

import java.util.Optional;
import java.util.Set;
import org.noonmark.provisioning.Printable;

/** The wireless network. What is refused here leaves an earlier one in force: it may be the only way to the machine. */
final class Wifi {
    private static final Set<String> DECISIVE = Set.of(Keys.SSID.path(), Keys.WIFI_PASSWORD.path());
    private static final String UNIT = "wpa_supplicant@wlan0.service";

    private Wifi() {}

    /** Returns whether there is a wireless network that the settings name. */
    static boolean into(Draft draft, Settings settings) {
        Optional<WifiNetwork> network = network(draft, settings);
        if (network.isPresent()) {
            draft.writeSecret(State.WIFI, network.get().text());
            draft.write(State.WIRELESS, Network.wireless(settings, draft));
            draft.link(State.WIFI_WANTED, "/usr/lib/systemd/system/wpa_supplicant@.service");
            draft.then(new Step.StartUnit(UNIT));
            draft.say(
                    "Wi-Fi",
                    "network '" + settings.get(Keys.SSID).map(Printable::of).orElse("") + "', "
                            + (network.get().preSharedKey().isEmpty() ? "open" : "its password is kept in the system"));
        } else if (draft.refused(DECISIVE)
                && draft.state().has(State.WIFI)
                && draft.state().wasApplied()) {
            draft.say("Wi-Fi", "as before, because of the refused line");
        } else {
            draft.removeIfKept(State.WIFI_WANTED);
            draft.removeIfKept(State.WIFI);
            draft.removeIfKept(State.WIRELESS);
            draft.say("Wi-Fi", "not used");
        }
        return network.isPresent();
    }

    private static Optional<WifiNetwork> network(Draft draft, Settings settings) {
        Optional<Settings.Found<String>> name = settings.find(Keys.SSID);
        if (name.isEmpty()) {
            if (!draft.refused(DECISIVE)) {
                settings.refuse(Keys.WIFI_PASSWORD, "is there without a network's name", "write 'ssid = ' above it");
            }
            return Optional.empty();
        }
        String ssid = WifiNetwork.ssidOf(name.get().value());
        Optional<String> key = settings.get(Keys.WIFI_PASSWORD)
                .map(password -> WifiNetwork.keyOf(ssid, password))
                .or(() -> draft.state().kept(State.WIFI).flatMap(text -> WifiNetwork.keptKey(text, ssid)));
        if (key.isEmpty()) {
            if (!draft.refused(DECISIVE)) {
                settings.refuse(
                        Keys.SSID, "has no password", "write 'password = ' below it, and \"\" for an open network");
            }
            return Optional.empty();
        }
        if (!settings.has(Keys.COUNTRY)) {
            name.get().given().remark("is there without a country", Keys.COUNTRY.cure() + ", or what yours is");
        }
        return Optional.of(
                new WifiNetwork(ssid, key.get(), settings.get(Keys.COUNTRY), settings.get(Keys.HIDDEN, false)));
    }
}
