package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noonmark.doctor.MachineFacts.Disk;
import org.noonmark.doctor.MachineFacts.Installed;
import org.noonmark.status.ChainLink;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.Finding;

/** The card, the program on it, and the date. */
final class StoreChecks {
    private static final long LEAST_FREE_BYTES = 16 << 20;
    private static final int LEAST_FREE_PERCENT = 3;
    private static final long DAY = 86_400;
    /** GPS counts weeks modulo 1024; a date is taken for the nearest one after the build, so a build is good for so long. */
    private static final long ERA_DAYS = 1024 * 7;

    private static final long ERA_MARGIN_DAYS = 3 * 365;
    private static final String REPLACE =
            "save settings and keys elsewhere ('sudo noonmark config backup - | ssh HOST \"cat >clock.backup\"'), and replace the card: it wears out";

    private StoreChecks() {}

    static List<Finding> of(MachineFacts facts, Optional<DaemonAccount> account) {
        List<Finding> findings = new ArrayList<>();
        facts.disks().forEach(disk -> disk(disk, findings));
        if (facts.disks().isEmpty()) {
            findings.add(Finding.notExamined(ChainLink.DISK, "this machine has no data partition of ours"));
        }
        program(facts.program(), account, findings);
        date(facts.program(), account, findings);
        return findings;
    }

    private static void disk(Disk disk, List<Finding> findings) {
        String name = disk.path() + " (" + disk.purpose() + ")";
        if (!disk.mounted()) {
            findings.add(
                    Finding.warning(
                            ChainLink.DISK,
                            name + " is not mounted, so what is learned and set lasts until the next start only",
                            "restart once: it is repaired at the start; if it stays so, replace the card ('journalctl -b -u data.mount')"));
        } else if (disk.readOnly()) {
            findings.add(Finding.warning(
                    ChainLink.DISK,
                    name + " has become read-only"
                            + (disk.errors() > 0 ? format(" after %d errors", disk.errors()) : ""),
                    "restart once: it is repaired at the start; if it comes again, replace the card"));
        } else if (disk.errors() > 0) {
            findings.add(
                    Finding.warning(ChainLink.DISK, format("%s has counted %d errors", name, disk.errors()), REPLACE));
        } else if (isFull(disk)) {
            findings.add(Finding.warning(
                    ChainLink.DISK,
                    format(
                            "%s is full: %d MB of %d MB are free",
                            name, disk.freeBytes() >> 20, disk.totalBytes() >> 20),
                    "remove what is not needed there: 'du -xh " + disk.path() + " | sort -h' shows what is large"));
        } else if (!disk.unwritable().isEmpty()) {
            findings.add(Finding.warning(
                    ChainLink.DISK,
                    "the daemon may not write to " + disk.unwritable(),
                    "chown -R noonmark: " + disk.unwritable()));
        } else {
            findings.add(Finding.ok(
                    ChainLink.DISK,
                    format("%s: %d MB of %d MB are free", name, disk.freeBytes() >> 20, disk.totalBytes() >> 20)));
        }
    }

    private static boolean isFull(Disk disk) {
        return disk.totalBytes() > 0
                && disk.freeBytes() < LEAST_FREE_BYTES
                && disk.freeBytes() * 100 < disk.totalBytes() * LEAST_FREE_PERCENT;
    }

    private static void program(Installed program, Optional<DaemonAccount> account, List<Finding> findings) {
        if (!program.update().isEmpty()) {
            findings.add(Finding.warning(
                    ChainLink.UPDATE,
                    program.update(),
                    "try it again, or stay with what runs: 'sudo rm " + MachineFacts.UPDATE_NOTE + "' forgets it"));
        }
        boolean other =
                account.map(each -> !each.version().equals(program.version())).orElse(false);
        if (other) {
            findings.add(Finding.warning(
                    ChainLink.UPDATE,
                    format(
                            "the daemon that runs is version %s, installed is %s",
                            account.get().version(), program.version()),
                    "systemctl restart noonmark"));
        }
        long left = ERA_DAYS - (program.nowUnixSeconds() - program.builtUnixSeconds()) / DAY;
        if (left < ERA_MARGIN_DAYS) {
            findings.add(Finding.warning(
                    ChainLink.UPDATE,
                    format(
                            "this program is of %s, and receivers that count weeks modulo 1024 are dated by it only until %s",
                            day(program.builtUnixSeconds()), day(program.builtUnixSeconds() + ERA_DAYS * DAY)),
                    "install a newer version before that day"));
        }
        if (findings.stream().noneMatch(each -> each.link() == ChainLink.UPDATE)) {
            findings.add(Finding.ok(
                    ChainLink.UPDATE, format("version %s of %s", program.version(), day(program.builtUnixSeconds()))));
        }
    }

    /** Before the time is proven a clock without a battery may show anything; only after it must be right. */
    private static void date(Installed program, Optional<DaemonAccount> account, List<Finding> findings) {
        boolean proven = account.map(DaemonAccount::synchronised).orElse(false);
        boolean copied = account.map(each -> !each.steersClock()).orElse(false);
        if (program.nowUnixSeconds() + DAY < program.builtUnixSeconds() && copied) {
            findings.add(Finding.warning(
                    ChainLink.DATE,
                    format(
                            "the machine's clock says %s, which is before this program was built; the daemon serves a corrected copy and leaves it (-x)",
                            day(program.nowUnixSeconds())),
                    "run without -x, or let another program set the clock; certificates and logs bear its date"));
        } else if (program.nowUnixSeconds() + DAY < program.builtUnixSeconds() && !proven) {
            findings.add(
                    Finding.warning(
                            ChainLink.LOCK,
                            format(
                                    "the machine's clock says %s, which is before this program was built",
                                    day(program.nowUnixSeconds())),
                            "give the receiver a fix: it sets the date; a battery clock (dtoverlay=i2c-rtc) keeps it over a power cut"));
        } else {
            findings.add(Finding.ok(ChainLink.DATE, "the machine's clock says " + day(program.nowUnixSeconds())));
        }
    }

    private static LocalDate day(long unixSeconds) {
        return LocalDate.ofEpochDay(Math.floorDiv(unixSeconds, DAY));
    }
}
