package org.noonmark.doctor;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.noonmark.provisioning.ApplianceConfig;

/**
 * What was found on the machine, without a judgement.
 *
 * @param board the computer itself
 * @param boot what it was started with
 * @param service how the daemon's unit stands
 * @param ports serial ports of receivers
 * @param pulses pulse devices
 * @param processes programs that run, as far as they matter here
 * @param network cables and addresses
 * @param probes what questions over the network brought
 * @param disks file systems that are written to, or should be
 * @param program what is installed
 */
public record MachineFacts(
        Board board,
        Boot boot,
        Service service,
        List<Port> ports,
        List<PulseDevice> pulses,
        List<Program> processes,
        Network network,
        Probes probes,
        List<Disk> disks,
        Installed program) {
    /** Where {@code noonmark update} writes how the last one ended: HOW=word, TEXT=sentence. */
    public static final String UPDATE_NOTE = "/data/update/last";

    /**
     * The computer.
     *
     * @param model as the firmware says; empty: no device tree, so no Raspberry Pi
     * @param throttled the firmware's bits (get_throttled); empty: it does not say
     * @param undervolted the alarm of the sensor rpi_volt; empty: there is none
     */
    public record Board(String model, OptionalInt throttled, Optional<Boolean> undervolted) {
        boolean isRaspberryPi() {
            return model.startsWith("Raspberry Pi");
        }
    }

    /**
     * What the kernel and the firmware were told.
     *
     * @param commandLine of the kernel
     * @param configTxt of the firmware; empty: not found
     * @param kernel its release
     * @param pulseDriver whether the module pps-gpio is there for that kernel; empty: it cannot be told
     */
    public record Boot(String commandLine, String configTxt, String kernel, Optional<Boolean> pulseDriver) {}

    /**
     * The daemon's unit and configuration.
     *
     * @param active the unit's ActiveState, such as {@code failed}; empty: no systemd, or no unit
     * @param lastWords the last lines of its journal, the latest last
     * @param configFile that was read
     * @param fileExists whether that file is there
     * @param config that was read; empty: it cannot be used
     * @param problems of that file that keep the daemon from starting
     * @param silence why the daemon gave no account; empty when it did
     */
    public record Service(
            String active,
            List<String> lastWords,
            String configFile,
            boolean fileExists,
            Optional<ApplianceConfig> config,
            List<Ill> problems,
            Silence silence) {
        public Service {
            lastWords = List.copyOf(lastWords);
            problems = List.copyOf(problems);
        }
    }

    /** Why the daemon gave no account. */
    public enum Silence {
        /** It gave one. */
        NONE,
        /** Nobody listens at the control socket. */
        NOBODY,
        /** It takes the request and does not answer. */
        MUTE,
        /** This user may not ask. */
        FORBIDDEN
    }

    /** What is wrong, and what to do. */
    public record Ill(String what, String cure) {}

    /**
     * A serial port.
     *
     * @param path as configured
     * @param exists whether it is there
     * @param real what it is by its true name, such as {@code /dev/ttyS0}
     * @param holders programs other than the daemon that have it open
     */
    public record Port(String path, boolean exists, String real, List<Program> holders) {
        public Port {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A pulse device.
     *
     * @param path as configured
     * @param exists whether it is there
     * @param edges pulses that the kernel has counted since it started (assert and clear); empty: it does not say
     */
    public record PulseDevice(String path, boolean exists, OptionalLong edges) {}

    /**
     * A running program.
     *
     * @param pid its number
     * @param name such as {@code chronyd}
     * @param arguments its command line, the words parted by spaces
     */
    public record Program(long pid, String name, String arguments) {
        @Override
        public String toString() {
            return name + " (pid " + pid + ")";
        }
    }

    /**
     * Cables and addresses.
     *
     * @param interfaces without loopback
     * @param nameServers of {@code /etc/resolv.conf}
     * @param portHolder the program that has UDP port 123, if it is not the daemon; empty: none, or not known
     * @param firewall the kernel's packet filter as nft lists it; empty: none, or it could not be read
     */
    public record Network(
            List<Interface> interfaces,
            List<String> nameServers,
            Optional<Program> portHolder,
            Optional<String> firewall) {
        public Network {
            interfaces = List.copyOf(interfaces);
            nameServers = List.copyOf(nameServers);
        }
    }

    /**
     * A network interface.
     *
     * @param name such as {@code eth0}
     * @param up whether it is switched on
     * @param carrier whether something answers at the other end of the cable
     * @param addresses that it has, without those of the link alone
     */
    public record Interface(String name, boolean up, boolean carrier, List<String> addresses) {
        public Interface {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * What questions brought.
     *
     * @param dhcp offers on the LAN
     * @param names host names that the configuration needs, looked up
     * @param ntp time, asked as a client does
     * @param nts keys and time with them; empty: not asked
     */
    public record Probes(Dhcp dhcp, List<Lookup> names, List<TimeAnswer> ntp, Optional<KeyAnswer> nts) {
        public Probes {
            names = List.copyOf(names);
            ntp = List.copyOf(ntp);
        }
    }

    /** What DHCP servers offer. */
    public sealed interface Dhcp {
        /** Nobody asked; why, one phrase. */
        record NotAsked(String why) implements Dhcp {}

        /** Asked; of each server that answered one, none when none did. */
        record Asked(List<Offer> offers) implements Dhcp {
            public Asked {
                offers = List.copyOf(offers);
            }
        }
    }

    /**
     * An offer.
     *
     * @param server address of the DHCP server
     * @param timeServers option 42
     */
    public record Offer(String server, List<String> timeServers) {
        public Offer {
            timeServers = List.copyOf(timeServers);
        }
    }

    /** A host name and whether it has an address. */
    public record Lookup(String name, boolean found) {}

    /**
     * An answer to a client.
     *
     * @param address that was asked
     * @param loopback whether that is this machine's own
     * @param outcome what came
     */
    public record TimeAnswer(String address, boolean loopback, Outcome outcome) {
        /** What came. */
        public enum Outcome {
            /** Time, proven. */
            SYNCHRONISED,
            /** An answer that says that the time is not proven. */
            UNSYNCHRONISED,
            /** Nothing. */
            NONE,
            /** It was not asked: the allow list leaves this machine's own address out. */
            DENIED
        }
    }

    /**
     * Keys for NTS, and time with them.
     *
     * @param name that the certificate was asked for
     * @param trouble why not; empty when both were had
     */
    public record KeyAnswer(String name, String trouble) {}

    /**
     * A file system.
     *
     * @param path where it is mounted
     * @param purpose what is kept there, such as {@code settings and state}
     * @param mounted whether anything is mounted there
     * @param readOnly whether it cannot be written though it should be
     * @param freeBytes left for anybody but root
     * @param totalBytes all
     * @param errors that the file system has counted; 0 where it does not count
     * @param unwritable a directory on it that the daemon must write to and may not; empty: none
     */
    public record Disk(
            String path,
            String purpose,
            boolean mounted,
            boolean readOnly,
            long freeBytes,
            long totalBytes,
            long errors,
            String unwritable) {}

    /**
     * What is installed, and what day it is.
     *
     * @param version of this command
     * @param builtUnixSeconds when it was built
     * @param nowUnixSeconds the machine's clock
     * @param update what the last update of the system came to, one phrase; empty: none, or it went well
     */
    public record Installed(String version, long builtUnixSeconds, long nowUnixSeconds, String update) {}

    public MachineFacts {
        ports = List.copyOf(ports);
        pulses = List.copyOf(pulses);
        processes = List.copyOf(processes);
        disks = List.copyOf(disks);
    }
}
