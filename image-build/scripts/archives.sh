# shellcheck shell=bash
# Where this machine takes Debian's packages from; sourced by all that builds with them. The caller has `die MESSAGE`.

# archive_of VARIABLE LABEL: the archive that the variable names, or else the one that this machine's own apt takes packages from:
# mirrors and caches stay in use.
archive_of() {
  local archive=${!1:-}
  if [ -z "$archive" ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2016 # $(REPO_URI) is apt's syntax
    archive=$(apt-get indextargets --format '$(COMPONENT) $(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
      awk -v label="$2" '$1 == "main" && $2 == "Debian" && NF == 4 && $3 == label && !seen { print $4; seen = 1 }')
  fi
  [ -n "$archive" ] || die "apt of this machine knows no archive with the label $2 (was 'apt-get update' run?): set $1 to its address"
  printf '%s\n' "${archive%/}"
}
