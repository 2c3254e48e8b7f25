# Words shared by the scripts of this folder.

export DEBIAN_FRONTEND=noninteractive

fail() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

# Mirrors of Debian are now and then out of reach for some seconds; three tries, then the run is red for a clear reason.
update_package_lists() {
  local try
  for try in 1 2 3; do
    apt-get update -qq </dev/null && return
    [ "$try" = 3 ] || sleep $((try * 5))
  done
  fail 'apt-get update failed three times; is there a way to a mirror of Debian?'
}
