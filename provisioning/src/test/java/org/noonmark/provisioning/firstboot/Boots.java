package org.noonmark.provisioning.firstboot;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.noonmark.provisioning.Problem;

/** Boots a machine that exists only in this memory. */
final class Boots {
    static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f owner@laptop";

    private final Map<String, RawFile> boot = new HashMap<>();
    private final Map<String, String> system = new HashMap<>();
    private FirstBoot.Plan last = new FirstBoot.Plan(List.of(), new Report(List.of(), List.of()));
    private List<State.Mended> mended = List.of();
    private boolean keepsData = true;

    Boots with(String name, String text) {
        boot.put(name, RawFile.of(text));
        return this;
    }

    Boots with(String name, byte[] bytes) {
        boot.put(name, RawFile.of(bytes));
        return this;
    }

    Boots toml(String text) {
        return with(NoonmarkToml.NAME, text);
    }

    /** A machine whose data partition did not come. */
    Boots withoutData() {
        keepsData = false;
        return this;
    }

    /** A machine whose data partition was damaged, and made anew at this start. */
    Boots withMendedData() {
        system.clear();
        mended = List.of(new State.Mended("it was made anew", "write the passwords again"));
        return this;
    }

    /** A machine whose boot partition was not mounted this time. */
    Boots withoutBootPartition() {
        boot.clear();
        return this;
    }

    /** Plans, and does what can be seen in files. */
    Boots boot() {
        State state = new State(
                LocalDate.of(2026, 11, 22), keepsData, system, zone -> !zone.equals("Asia/Calcutta"), "1", mended);
        Map<String, RawFile> read = new HashMap<>(boot);
        read.keySet().retainAll(BootFolder.READ);
        last = FirstBoot.plan(new BootFolder(boot.keySet(), read), state);
        for (Step step : last.steps()) {
            switch (step) {
                case Step.WriteFile(String path, String text, boolean _) -> system.put(path, text);
                case Step.Link(String path, String target) -> system.put(path, target);
                case Step.Remove(String path) -> system.remove(path);
                case Step.WriteBoot(String name, RawFile content) -> boot.put(name, content);
                case Step.SetHostname _, Step.StartUnit _, Step.Reboot _ -> {}
            }
        }
        return this;
    }

    List<Step> steps() {
        return last.steps();
    }

    List<Problem> problems() {
        return last.report().problems();
    }

    /** Problems as sentences. */
    List<String> sentences() {
        return problems().stream().map(Problem::toString).toList();
    }

    boolean restarts() {
        return steps().contains(new Step.Reboot());
    }

    Optional<String> system(String path) {
        return Optional.ofNullable(system.get(path));
    }

    String onBoot(String name) {
        return new String(bytesOnBoot(name), StandardCharsets.UTF_8);
    }

    byte[] bytesOnBoot(String name) {
        RawFile file = boot.get(name);
        return file == null ? new byte[0] : file.bytes();
    }

    /** What the report says of a thing. */
    String inForce(String what) {
        return last.report().inForce().stream()
                .filter(line -> line.what().equals(what))
                .map(Report.Line::how)
                .findFirst()
                .orElse("");
    }
}
