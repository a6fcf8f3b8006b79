package org.noonmark.status;

/** chrony's log files, with the names of chrony.conf(5). */
public enum LogFile {
    MEASUREMENTS(
            "   Date (UTC) Time     IP Address   L St 123 567 ABCD  LP RP Score    Offset  Peer del. Peer disp.  Root del. Root disp. Refid     MTxRx"),
    STATISTICS(
            "   Date (UTC) Time     IP Address    Std dev'n Est offset  Offset sd  Diff freq   Est skew  Stress  Ns  Bs  Nr  Asym"),
    SELECTION("   Date (UTC) Time     IP Address   S EOpts Reach Score Last sample  Low end   High end"),
    TRACKING(
            "   Date (UTC) Time     IP Address   St   Freq ppm   Skew ppm     Offset L Co  Offset sd Rem. corr. Root delay Root disp. Max. error"),
    REFCLOCKS("   Date (UTC) Time         Refid  DP L P  Raw offset   Cooked offset      Disp."),
    TEMPCOMP("   Date (UTC) Time        Temp.       Comp.");

    private final String columns;

    LogFile(String columns) {
        this.columns = columns;
    }

    /** What the columns mean, between two rules, as chrony writes it every so many lines. */
    public String banner() {
        String rule = "=".repeat(columns.length()) + "\n";
        return rule + columns + "\n" + rule;
    }
}
