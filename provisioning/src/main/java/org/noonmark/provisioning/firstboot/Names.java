package org.noonmark.provisioning.firstboot;

import java.util.Locale;
import java.util.Optional;

/** Host name and time zone. */
final class Names {
    private Names() {}

    /** What the image came with is left alone until a file says something; what a file no longer says goes back to the standard. */
    static void into(Draft draft, Settings settings) {
        Optional<String> hostname = settings.get(Keys.HOSTNAME).map(name -> name.toLowerCase(Locale.ROOT));
        if (hostname.isPresent() || draft.state().has(State.HOSTNAME)) {
            hostname(draft, hostname.orElse(Keys.HOSTNAME.standard()));
        }
        settings.find(Keys.TIMEZONE).ifPresent(zone -> {
            if (!draft.state().hasZone().test(zone.value())) {
                settings.refuse(Keys.TIMEZONE, "is not known to this system", "write the zone's present name");
            }
        });
        Optional<String> zone = settings.get(Keys.TIMEZONE);
        if (zone.isPresent() || draft.state().has(State.LOCALTIME)) {
            String name = zone.orElse(Keys.TIMEZONE.standard());
            draft.link(State.LOCALTIME, "../usr/share/zoneinfo/" + name);
            draft.say("Time zone", name);
        }
    }

    private static void hostname(Draft draft, String name) {
        draft.write(State.HOSTNAME, name + "\n");
        draft.write(State.HOSTS, """
                %s127.0.0.1 localhost
                127.0.1.1 %s
                ::1 localhost ip6-localhost ip6-loopback
                ff02::1 ip6-allnodes
                ff02::2 ip6-allrouters
                """.formatted(GeneratedFile.HEADER, name));
        draft.now(new Step.SetHostname(name));
        draft.say("Host name", name);
    }
}
