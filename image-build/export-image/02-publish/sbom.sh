#!/usr/bin/env bash
# Writes the list of all that is in the image, as CycloneDX 1.5: Debian's packages, the Java runtime, the libraries.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

# Debian's packages, installed and unpacked: name, version, architecture.
packages() {
  awk 'BEGIN { RS = ""; FS = "\n" } /\nStatus: install ok installed/ {
    for (i = 1; i <= NF; i++) if (match($i, /^(Package|Version|Architecture): /)) value[substr($i, 1, RLENGTH - 2)] = substr($i, RLENGTH + 1)
    print value["Package"], value["Version"], value["Architecture"] }' "$ROOTFS_DIR/var/lib/dpkg/status"
  awk '{ print $1, $2, "arm64" }' "$ROOTFS_DIR/usr/share/noonmark/unpacked-packages"
}

package_components() {
  packages | sort -u | jq -R 'split(" ") | {
    type: "library", name: .[0], version: .[1],
    purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])&distro=\(env.RELEASE)" }'
}

# A jar says itself what it is, in META-INF/maven; one that does not is named after its file.
jar_components() {
  local jar properties group name version
  for jar in "$ROOTFS_DIR"/usr/lib/noonmark/noonmark.jar "$ROOTFS_DIR"/usr/lib/noonmark/lib/*.jar; do
    properties=$(unzip -p "$jar" 'META-INF/maven/*/pom.properties' 2>/dev/null | tr -d '\r' || true)
    group=$(sed -n 's/^groupId=//p' <<<"$properties" | head -n 1)
    name=$(sed -n 's/^artifactId=//p' <<<"$properties" | head -n 1)
    version=$(sed -n 's/^version=//p' <<<"$properties" | head -n 1)
    if [ -z "$name" ]; then
      name=$(basename "$jar" .jar)
      version=${name##*-}
      name=${name%-*}
    fi
    jq -n --arg group "$group" --arg name "$name" --arg version "$version" --arg sha "$(sha256sum <"$jar" | cut -d' ' -f1)" '
      { type: "library", group: $group, name: $name, version: $version, hashes: [{ alg: "SHA-256", content: $sha }],
        purl: "pkg:maven/\($group)/\($name)@\($version)" } | if $group == "" then del(.group, .purl) else . end'
  done
}

java_component() {
  local release=$ROOTFS_DIR/usr/lib/noonmark/java/release
  jq -n --arg version "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$release")" \
    --arg modules "$(sed -n 's/^MODULES="\(.*\)"/\1/p' "$release")" '
    { type: "platform", name: "OpenJDK", version: $version, description: "linked for the image, with the modules \($modules)" }'
}

{
  package_components
  jar_components
  java_component
} | jq -s --arg name "$IMG_NAME" --arg version "$1" --arg serial "$2" \
  --arg time "$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)" '{
  bomFormat: "CycloneDX", specVersion: "1.5", serialNumber: "urn:uuid:\($serial)", version: 1,
  metadata: { timestamp: $time, component: { type: "operating-system", name: $name, version: $version } },
  components: map(. + { "bom-ref": (.purl // "\(.name)@\(.version)") }) }'
