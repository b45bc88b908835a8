# shellcheck shell=bash
# tools/chroot.sh: a Debian of our own in a folder of the cache, for programs that this system has in no package, or in
# an older version. To be sourced, by scripts that stand at the top of the repository.
#
#   chroot_make WHO NAME PACKAGE...   makes the folder, a Debian sid with these packages, unless it is there; $chroot is
#                                     its name then, and it is this script's alone until that ends. Needs root,
#                                     debootstrap (which it installs) and a Debian mirror.
#   chroot_run COMMAND...             runs a command in $chroot
#
# WHO begins what is said on stderr. To have a newer sid, remove the folder.

chroot_die() {
  echo "$chroot_who: $*" >&2
  exit 1
}

# The first Debian mirror that this machine's own apt uses.
chroot_mirror() {
  {
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources
    sed -n 's/^deb  *\(\[[^]]*\]  *\)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list
  } 2>/dev/null | grep '/debian/\{0,1\}$' | head -n 1
}

# chroot_enter FOLDER COMMAND...: with a /proc and process numbers of its own, and, if $chroot_shows is set, with that
# folder to be read as /weir. What the command leaves running ends with it. Where the system forbids this: in a bare
# chroot, which does for programs that need none of it.
chroot_enter() {
  local folder=$1
  shift
  set -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
  if unshare --mount --pid --fork true 2>/dev/null; then
    unshare --mount --pid --fork --kill-child /bin/sh -ec '
      folder=$0 shows=$1
      shift
      mount -t proc proc "$folder/proc"
      if [ -n "$shows" ]; then
        mkdir -p "$folder/weir"
        mount --bind "$shows" "$folder/weir"
        mount -o remount,bind,ro "$folder/weir"
      fi
      exec chroot "$folder" "$@"' "$folder" "${chroot_shows:-}" "$@"
  else
    chroot "$folder" "$@"
  fi
}

chroot_run() { chroot_enter "$chroot" "$@"; }

# Whether $chroot is there and has these packages.
chroot_has() {
  local package list=$chroot/var/lib/dpkg
  for package in "$@"; do
    [ "$(dpkg-query --admindir="$list" -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || return 1
  done
}

chroot_fill() {
  local from=$1 keyring=()
  shift
  # Where Debian's keys are not installed, debootstrap says that it does not check.
  [ ! -r /usr/share/keyrings/debian-archive-keyring.gpg ] ||
    keyring=(--keyring=/usr/share/keyrings/debian-archive-keyring.gpg)
  # A mirror may stand still: the dates of its lists say nothing here.
  debootstrap --variant=minbase ${keyring[@]+"${keyring[@]}"} sid "$chroot.new" "$from" &&
    chroot_enter "$chroot.new" apt-get -o Acquire::Check-Valid-Until=false update &&
    chroot_enter "$chroot.new" apt-get install -y --no-install-recommends "$@" &&
    chroot_enter "$chroot.new" apt-get clean
}

# chroot_tell LOG: how far the work is, now and then, as long as this script runs.
chroot_tell() {
  local seconds=0
  while sleep 10 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + 10))
    echo "$chroot_who: ... $seconds s: $(tail -n 1 "$1" | cut -c1-90)"
  done
}

chroot_make() {
  . tools/home.sh
  chroot_who=$1 chroot=${XDG_CACHE_HOME:-$HOME/.cache}/weir/$2
  shift 2
  [ "$(id -u)" -eq 0 ] || chroot_die "$* is wanted in a Debian sid in $chroot, and that needs root: repeat it with sudo"
  [ -z "${chroot_shows:-}" ] || unshare --mount --pid --fork true 2>/dev/null ||
    chroot_die "$* is wanted in a Debian sid in $chroot, which needs mounts of its own" \
      "(in a container: CAP_SYS_ADMIN; in a chroot: a root that is a mount point)"
  PATH=$PATH:/usr/sbin:/sbin
  local from log lock teller status=0
  mkdir -p "$(dirname "$chroot")"
  exec {lock}>"$chroot.lock"
  flock --nonblock "$lock" || {
    echo "$chroot_who: waiting for another run to be done with $chroot" >&2
    flock "$lock"
  }
  if ! chroot_has "$@"; then
    command -v apt-get >/dev/null || chroot_die "$* is wanted in a Debian sid, which only Debian and its like can make"
    tools/setup.sh debootstrap
    command -v debootstrap >/dev/null || chroot_die "debootstrap is missing: apt-get install debootstrap"
    from=$(chroot_mirror) || true  # sed complains of patterns that match no file
    [ -n "$from" ] || chroot_die "no Debian mirror in /etc/apt: add a source of Debian's"
    echo "$chroot_who: making a Debian sid with $* in $chroot, once; takes some minutes" >&2
    rm -rf "$chroot.new"
    log=$(mktemp)
    chroot_tell "$log" >&2 {lock}>&- &
    teller=$!
    chroot_fill "$from" "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$teller" && wait "$teller" 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
      tail -n 20 "$log" >&2
      chroot_die "could not make $chroot; the whole output is in $log"
    fi
    rm -rf "$log" "$chroot"
    mv "$chroot.new" "$chroot"  # complete, or not there
  fi
}
