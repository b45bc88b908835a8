# shellcheck shell=bash
# tools/home.sh: a folder for what is kept between runs, for a user without one of his own. To be sourced, by scripts
# that stand at the top of the repository; sets HOME and, if need be, XDG_CACHE_HOME.

# Bazel keeps what it builds under the home folder, which a container or a service may not have.
if [ -z "${HOME:-}" ]; then
  HOME=$(getent passwd "$(id -u)" | cut -d: -f6) || HOME=
  export HOME=${HOME:-/}
fi
if [ -z "${XDG_CACHE_HOME:-}" ] && [ ! -w "$HOME" ]; then
  export XDG_CACHE_HOME=${TMPDIR:-/tmp}/weir-cache-$(id -u)
  mkdir -p -m 700 "$XDG_CACHE_HOME"
  # The name can be foretold: nobody else's folder, nor a link to one.
  if [ ! -O "$XDG_CACHE_HOME" ] || [ -L "$XDG_CACHE_HOME" ]; then
    echo "weir: $XDG_CACHE_HOME is somebody else's; set XDG_CACHE_HOME to a folder of your own" >&2
    exit 1
  fi
fi
