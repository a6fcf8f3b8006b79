package org.noonmark.provisioning.firstboot;

/** What every file has that is made from noonmark.toml. */
final class GeneratedFile {
    static final String HEADER =
            "# Made from noonmark.toml on the boot partition by 'noonmark provision'; changes here are overwritten.\n";

    private GeneratedFile() {}
}
