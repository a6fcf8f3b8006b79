package org.noonmark.provisioning;

/** The daemon's settings, checked. */
public record ApplianceConfig() {}
