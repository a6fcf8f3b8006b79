package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.noonmark.provisioning.ConfigFiles;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.Problem;

/** The daemon's configuration: receiver, who may ask, and the owner's own lines, checked as the daemon would. */
final class TimeServer {
    private static final String FILE = "provisioned.conf";

    /**
     * What an owner's line may not say, with the reason: what other files say cannot be checked here, and the other commands and the
     * health check ask at the socket of the image; without an answer they would start the daemon anew for ever.
     */
    private static final Map<String, String> OUT_OF_PLACE = Map.of(
            "include", "reads other files, which cannot be checked here",
            "confdir", "reads other files, which cannot be checked here",
            "controlsocket", "takes the socket away from the commands that ask there");

    private TimeServer() {}

    static void into(Draft draft, Settings settings, Receiver receiver) {
        List<String> lines = new ArrayList<>();
        lines.add(GeneratedFile.HEADER.strip());
        lines.add(receiver.line());
        Optional<List<String>> allowed = settings.get(Keys.ALLOW);
        allowed.ifPresent(subnets -> allow(subnets, lines));
        if (allowed.filter(subnets -> subnets.stream().anyMatch(subnet -> subnet.endsWith("/0")))
                .isPresent()) {
            settings.find(Keys.ALLOW)
                    .orElseThrow()
                    .given()
                    .remark("answers the whole internet if that can reach it", "name your own networks");
        }
        int own = own(draft, settings, lines);
        boolean said = Keys.all()
                .filter(key -> key.section().equals("receiver") || key.section().equals("ntp"))
                .anyMatch(settings::has);
        if (said || draft.state().has(State.RECEIVER)) {
            draft.write(State.RECEIVER, String.join("\n", lines) + "\n");
        }
        draft.say("Receiver", receiver.summary());
        draft.say(
                "Who may ask",
                allowed.map(subnets -> subnets.isEmpty() ? "nobody" : String.join(", ", subnets))
                        .orElse("the networks that this machine is on"));
        if (own > 0) {
            draft.say("chrony.conf", own == 1 ? "one more line" : own + " more lines");
        }
    }

    /** Takes back the rules of the file before, then allows; the machine itself may always ask. */
    private static void allow(List<String> subnets, List<String> lines) {
        lines.add("# [ntp] allow, in place of the rules of noonmark.conf");
        lines.add("deny all");
        lines.add("allow 127.0.0.0/8");
        lines.add("allow ::1");
        subnets.forEach(subnet -> lines.add("allow " + subnet));
    }

    /** Adds the owner's lines that are right; returns how many. */
    private static int own(Draft draft, Settings settings, List<String> lines) {
        Optional<Settings.Found<String>> text = settings.find(Keys.CHRONY_CONF);
        if (text.isEmpty()) {
            return 0;
        }
        lines.add("# [ntp] chrony_conf");
        Given given = text.get().given();
        List<String> own = new ArrayList<>(text.get().value().lines().toList());
        int first = lines.size() + 1;
        refuseOutOfPlace(given, own);
        // A line may be wrong only beside another: look again without what was wrong, until nothing is.
        for (Map<Integer, Problem> found = errors(draft, given, lines, own, first, true); !found.isEmpty(); ) {
            found.keySet().forEach(at -> own.set(at, "# refused: " + own.get(at).strip()));
            found = errors(draft, given, lines, own, first, false);
        }
        lines.addAll(own);
        return (int) own.stream()
                .filter(line -> !line.isBlank() && "!;#%".indexOf(line.strip().charAt(0)) < 0)
                .count();
    }

    private static void refuseOutOfPlace(Given given, List<String> own) {
        for (int at = 0; at < own.size(); at++) {
            String word = own.get(at).strip().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
            String reason = OUT_OF_PLACE.get(word);
            if (reason != null) {
                given.refuseLine(
                        given.textLine() + at,
                        given.name() + ": '" + word + "' " + reason,
                        "remove the line, or write what it is for into this file");
                own.set(at, "# refused: " + own.get(at).strip());
            }
        }
    }

    /** Index of each wrong line of the owner's. Errors are told; what is right but odd is told the first time only. */
    private static Map<Integer, Problem> errors(
            Draft draft, Given given, List<String> lines, List<String> own, int first, boolean tellWarnings) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(own);
        Map<Integer, Problem> wrong = new TreeMap<>();
        for (Problem problem :
                new ConfigReader(new OneFile(String.join("\n", all))).read(FILE).problems()) {
            int at = problem.line() - first;
            if (problem.line() == 0 || at < 0 || at >= own.size()) {
                continue;
            }
            boolean tell = problem.isError() ? wrong.putIfAbsent(at, problem) == null : tellWarnings;
            if (tell) {
                draft.accept(new Problem(
                        problem.severity(),
                        given.file(),
                        given.textLine() + at,
                        given.key(),
                        problem.value(),
                        given.name() + ": " + problem.fault().replaceAll("\\bline (\\d+)\\b", "another line"),
                        problem.cure()));
            }
        }
        return wrong;
    }

    /** The text that is checked; the owner's lines cannot include other files. */
    private record OneFile(String text) implements ConfigFiles {
        @Override
        public FileText read(String path) {
            return path.equals(FILE)
                    ? new FileText.Text(text)
                    : new FileText.Unreadable("the boot partition's file must say all itself");
        }

        @Override
        public Listing list(String directory) {
            return new Listing.Unlisted("the boot partition's file must say all itself");
        }
    }
}
