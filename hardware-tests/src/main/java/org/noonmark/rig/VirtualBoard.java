package org.noonmark.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machines of QEMU that the image boots on: their device tree and the arguments that make them. */
enum VirtualBoard {
    /**
     * A Raspberry Pi 3: SD card, USB network, the PL011 on the header for the receiver, the mini UART as console. Its GPIO lines cannot
     * be moved from outside, so there are no pulses.
     */
    RASPI3B("ttyS1") {
        @Override
        Path deviceTree(BootFiles boot, Path folder) throws IOException {
            Path console = folder.resolve("qemu-console.dtbo");
            Path source = folder.resolve("qemu-console.dts");
            try (InputStream resource = Objects.requireNonNull(
                    VirtualBoard.class.getResourceAsStream("qemu-console.dts"), "a resource of this package")) {
                Files.write(source, resource.readAllBytes());
            }
            Peers.Output.require(
                    "dtc", "-@", "-q", "-I", "dts", "-O", "dtb", "-o", console.toString(), source.toString());
            Path merged = folder.resolve("board.dtb");
            List<String> command = new ArrayList<>(List.of(
                    "fdtoverlay",
                    "-i",
                    boot.folder().resolve("bcm2837-rpi-3-b.dtb").toString(),
                    "-o",
                    merged.toString()));
            for (String overlay : boot.overlays()) {
                command.add(boot.folder()
                        .resolve("overlays")
                        .resolve(overlay + ".dtbo")
                        .toString());
            }
            command.add(console.toString());
            Peers.Output.require(command.toArray(String[]::new));
            return merged;
        }

        @Override
        List<String> shape() {
            return List.of("-M", "raspi3b");
        }

        @Override
        List<String> throughUBoot(BootFiles boot, Path tree, String commandLine) {
            return List.of("-kernel", boot.kernel().toString(), "-dtb", tree.toString(), "-append", commandLine);
        }

        @Override
        List<String> devices(Path card, Path receiverSocket, Path console) {
            return List.of(
                    "-drive",
                    "file=" + card + ",format=raw,if=sd",
                    "-device",
                    "usb-net,netdev=net",
                    "-chardev",
                    "socket,id=receiver,server=on,wait=off,path=" + receiverSocket,
                    "-serial",
                    "chardev:receiver",
                    "-chardev",
                    "file,id=console,path=" + console,
                    "-serial",
                    "chardev:console");
        }
    },

    /**
     * QEMU's own machine: virtio disk and network, the receiver on a 16550 ({@code /dev/ttyS0}), and pulses: {@code pps-gpio} stands on
     * the line of the GPIO controller that has the power key otherwise.
     */
    VIRT("ttyAMA0") {
        private static final Pattern GPIO = Pattern.compile("pl061@\\w+ \\{.*?phandle = <(0x\\w+)>", Pattern.DOTALL);

        @Override
        Path deviceTree(BootFiles boot, Path folder) throws IOException {
            Path plain = folder.resolve("virt.dtb");
            List<String> dump = new ArrayList<>(List.of("qemu-system-aarch64"));
            dump.addAll(shape());
            // No card: its ROM is of a package that nothing else here takes.
            dump.addAll(List.of("-machine", "dumpdtb=" + plain, "-display", "none", "-nic", "none"));
            Peers.Output.require(dump.toArray(String[]::new));
            Path source = folder.resolve("virt.dts");
            Peers.Output.require("dtc", "-q", "-I", "dtb", "-O", "dts", "-o", source.toString(), plain.toString());
            String tree = Files.readString(source);
            Matcher gpio = GPIO.matcher(tree);
            if (!gpio.find() || !tree.contains("gpio-keys {")) {
                throw new IOException("QEMU's virt machine has no PL061 or no power key in " + source);
            }
            // Line 3 of the controller, active high (0).
            String pulses =
                    "gps-pps {\n\t\tcompatible = \"pps-gpio\";\n\t\tgpios = <" + gpio.group(1) + " 3 0>;\n\t};\n\n\t";
            Files.writeString(source, tree.replace("gpio-keys {", pulses + "gpio-keys {\n\t\tstatus = \"disabled\";"));
            Path merged = folder.resolve("board.dtb");
            Peers.Output.require("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", merged.toString(), source.toString());
            return merged;
        }

        // Debian's U-Boot for this machine lies beside the image; what the kernel is told stands in the device tree, as
        // a Pi's firmware does it.
        @Override
        List<String> throughUBoot(BootFiles boot, Path tree, String commandLine) throws IOException {
            Peers.Output.require("fdtput", "-t", "s", tree.toString(), "/chosen", "bootargs", commandLine);
            String image = Objects.requireNonNull(System.getProperty("noonmark.image"), "-Dnoonmark.image=FILE");
            String firmware = image.replaceFirst("[.]img$", ".boot/u-boot-qemu.bin");
            return List.of("-bios", firmware, "-dtb", tree.toString());
        }

        @Override
        List<String> shape() {
            // With ACPI, QEMU takes the GPIO controller away as soon as there is a firmware such as U-Boot.
            return List.of("-M", "virt,acpi=off", "-cpu", "cortex-a72", "-smp", "2", "-m", "1024");
        }

        @Override
        List<String> devices(Path card, Path receiverSocket, Path console) {
            return List.of(
                    "-drive",
                    "file=" + card + ",format=raw,if=virtio",
                    // The boot ROM of the network card is in a package that is not needed for anything else.
                    "-device",
                    "virtio-net-pci,netdev=net,romfile=",
                    "-chardev",
                    "socket,id=receiver,server=on,wait=off,path=" + receiverSocket,
                    "-device",
                    "pci-serial,chardev=receiver",
                    "-chardev",
                    "file,id=console,path=" + console,
                    "-serial",
                    "chardev:console");
        }
    };

    /** QEMU's Pi has no watchdog that counts: to start it is to reset the machine. */
    private static final String NO_WATCHDOG = "systemd.watchdog_sec=0";

    private final String consoleDevice;

    VirtualBoard(String consoleDevice) {
        this.consoleDevice = consoleDevice;
    }

    /** Makes the device tree in {@code folder}, with the overlays that config.txt asks for where the machine is a Pi. */
    abstract Path deviceTree(BootFiles boot, Path folder) throws IOException;

    /** The arguments that shape the machine, and with it the device tree. */
    abstract List<String> shape();

    abstract List<String> devices(Path card, Path receiverSocket, Path console);

    /** The arguments that start U-Boot, for an image that updates itself; it finds the rest on the card. */
    abstract List<String> throughUBoot(BootFiles boot, Path tree, String commandLine) throws IOException;

    /** The arguments that start the kernel, as a Pi's firmware does. */
    List<String> directly(BootFiles boot, Path tree, String commandLine) {
        return List.of(
                "-kernel",
                boot.kernel().toString(),
                "-initrd",
                boot.initramfs().toString(),
                "-dtb",
                tree.toString(),
                "-append",
                commandLine);
    }

    /** What the kernel is told besides cmdline.txt. */
    String commandLine() {
        return "console=" + consoleDevice + ",115200 panic=-1 " + LongerLimits.words()
                + (this == RASPI3B ? " " + NO_WATCHDOG : "");
    }
}
