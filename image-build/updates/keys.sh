# shellcheck shell=bash disable=SC2034 # used by those that source it
# With what bundles are signed, and what the image accepts: the owner's, or a key for tries. Sourced by the stages; sets UPDATE_*.

# A self-signed key of this machine, made once: a later build's bundle must suit an earlier build's image.
if [ -z "$UPDATE_KEY" ]; then
  keys=$CACHE_DIR/update-key-for-tries
  if [ ! -e "$keys" ]; then
    rm -rf "$keys.new"
    (umask 077 && mkdir "$keys.new")
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj '/CN=Noonmark bundles for tries' \
      -addext keyUsage=critical,digitalSignature -keyout "$keys.new/key.pem" -out "$keys.new/certificate.pem" 2>/dev/null
    mv "$keys.new" "$keys"
  fi
  UPDATE_KEY=$keys/key.pem
  UPDATE_CERTIFICATE=$keys/certificate.pem
  UPDATE_KEYRING=$UPDATE_CERTIFICATE
  log "bundles are signed with the key for tries in $keys"
fi
