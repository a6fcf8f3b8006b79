package org.noonmark.provisioning.firstboot;

/** Settings of the machine, as the tuning service reads them: an empty value leaves a thing as the kernel has it. */
final class Tuning {
    private Tuning() {}

    static void into(Draft draft, Settings settings) {
        boolean said = Keys.section("tuning").orElseThrow().keys().stream().anyMatch(settings::has);
        if (!said && !draft.state().has(State.TUNING)) {
            return;
        }
        String governor = settings.get(Keys.GOVERNOR, Keys.GOVERNOR.standard());
        boolean affinity = settings.get(Keys.IRQ_AFFINITY, true);
        draft.write(
                State.TUNING,
                GeneratedFile.HEADER
                        + row("GOVERNOR", governor.equals("default") ? "" : governor)
                        + row("CPU_DMA_LATENCY", settings.get(Keys.CPU_DMA_LATENCY, true) ? "0" : "")
                        + row("PPS_IRQ_AFFINITY", affinity ? "3" : "")
                        + row("ETH_IRQ_AFFINITY", affinity ? "2" : "")
                        + row("EEE", settings.get(Keys.EEE, false) ? "" : "off")
                        + row("COALESCE", settings.get(Keys.COALESCING, false) ? "" : "off"));
        draft.say("Tuning", "as [tuning] says");
    }

    private static String row(String key, String value) {
        return key + "=" + value + "\n";
    }
}
