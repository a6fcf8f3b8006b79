package org.noonmark.cli;

/** How a command ends, told to scripts and to systemd. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The report says that something is not as it should be: not synchronised, a failed check. */
    public static final int NOT_GOOD = 1;
    /** The command line cannot be understood. */
    public static final int USAGE = 2;
    /** A wrong configuration. */
    public static final int CONFIGURATION = 3;
    /** No permission. */
    public static final int PERMISSION = 4;
    /** What the machine must give is not there: a directory, a pseudo-terminal. (A missing receiver is a state, not an end.) */
    public static final int UNAVAILABLE = 5;
    /** The port is in use. */
    public static final int PORT_BUSY = 6;
    /** Another daemon runs here. */
    public static final int ANOTHER_INSTANCE = 7;
    /** A native library is missing. */
    public static final int LIBRARY_MISSING = 8;
    /** No daemon answers at the control socket. */
    public static final int NO_DAEMON = 9;
    /** A file that the command line names cannot be read. */
    public static final int NO_INPUT = 10;

    /** The pulses call for a change of the time that is larger than {@code maxchange} allows. */
    public static final int CHANGE_TOO_LARGE = 11;

    private ExitCode() {}
}
