#!/usr/bin/env bash
# The Java runtime for arm64, linked on this machine: the host's jlink over the modules of Debian's arm64 JDK. The host's own
# JDK may have no module files at all, and never those of another processor.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

# What the daemon and the command use (java.net.http: ACME), what the libraries ask for by reflection (java.logging: JNA;
# java.management: tinylog), and the elliptic curves of TLS. The check below stops the build when a new dependency needs more.
modules=java.base,java.logging,java.management,java.net.http,jdk.management,jdk.unsupported,jdk.crypto.ec,jdk.net

target=$REPOSITORY/appliance/target
package=openjdk-25-jdk-headless

# Optional for the libraries and unused here: pictures (JNA), databases and directories as log targets (tinylog).
unused=java.desktop,java.sql,java.naming

# What a dependency lacks would show only when a class is loaded, on the board: jdeps says it now.
check_modules() {
  local needed module jar acme='' jars=("$target/noonmark.jar")
  for jar in "$target"/lib/*.jar; do
    # acme4j describes itself as a module of one that is not shipped (appliance/pom.xml); on the class path jdeps does not read that.
    case $jar in
      */acme4j-*) acme=$jar ;;
      *) jars+=("$jar") ;;
    esac
  done
  needed=$("$JAVA_HOME/bin/jdeps" --ignore-missing-deps --multi-release 25 -summary -recursive --class-path "$acme" "${jars[@]}")
  while read -r module; do
    case ,$modules,$unused, in
      *",$module,"*) ;;
      *) die "the program needs the Java module $module: add it to $SUB_STAGE_DIR/00-run.sh" ;;
    esac
  done < <(awk '$3 ~ /^(java|jdk)[.]/ { print $3 }' <<<"$needed" | sort -u)
}

link() {
  local unpacked=$STAGE_WORK_DIR/jdk
  fetch_debs "$STAGE_WORK_DIR/debs" "$package"
  dpkg-deb -x "$STAGE_WORK_DIR/debs/$package"_*.deb "$unpacked"
  # zip-0: the image is packed as a whole, which does better on modules that are not packed already (12.5 MB against 19.3).
  # --strip-java-debug-attributes rather than --strip-debug: that one calls this machine's objcopy on arm64 libraries.
  "$JAVA_HOME/bin/jlink" --module-path "$unpacked/usr/lib/jvm/java-25-openjdk-arm64/jmods" --add-modules "$modules" \
    --compress zip-0 --strip-java-debug-attributes --no-header-files --no-man-pages --output "$ROOTFS_DIR/usr/lib/noonmark/java"
  sort -u "$STAGE_WORK_DIR/unpacked-packages" >>"$ROOTFS_DIR/usr/share/noonmark/unpacked-packages"
}

[ -f "$target/noonmark.jar" ] || die "$target/noonmark.jar is missing; './dev image' builds it first"
"${JAVA_HOME:?set it to a JDK 25}/bin/jlink" --version | grep -q '^25' || die "JAVA_HOME=$JAVA_HOME is no JDK 25"
mkdir -p "$ROOTFS_DIR/usr/lib/noonmark"
check_modules
link
