package org.noonmark.provisioning;

/**
 * One {@code allow} or {@code deny}. Of the rules whose subnet holds a client, the one with the longest prefix decides, of equal
 * ones the later; a client that no rule names is denied.
 *
 * @param prefix the subnet; a bare {@code allow} makes one rule for each family
 * @param allow whether clients of the subnet are answered
 * @param all whether the rule also overrides earlier rules for smaller subnets inside {@code prefix} (the word {@code all})
 */
public record AccessRule(IpPrefix prefix, boolean allow, boolean all) {
    @Override
    public String toString() {
        return (allow ? "allow " : "deny ") + (all ? "all " : "") + prefix;
    }
}
