# shellcheck shell=bash
#
# What every script here needs first: the root of the repository, a Swift
# toolchain, and libyaml. Source it; it defines functions and changes nothing
# until `setup` is called.
#
#   source "$(dirname "${BASH_SOURCE[0]}")/lib/setup.bash"
#   setup
#
# Works as root, with sudo, and with neither when nothing is missing. Written
# for bash 3.2 and later, which is what macOS ships.

# The root of the repository, wherever the caller stands.
repository_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

# Prints a message to standard error and ends the script with status 2, the
# status for "could not do the work" as opposed to 1, "did it and it failed".
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  if [ "$#" -gt 0 ]; then
    printf '       %s\n' "$@" >&2
  fi
  exit 2
}

note() {
  printf '%s\n' "$*" >&2
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# Prints a heading that is easy to find in a long log.
heading() {
  printf '\n==> %s\n' "$*"
}

# Prints a number of seconds the way people say them: 8s, 3m 05s.
duration_text() {
  if [ "$1" -lt 60 ]; then
    printf '%ds' "$1"
  else
    printf '%dm %02ds' "$(($1 / 60))" "$(($1 % 60))"
  fi
}

# The flags for `swift build` and `swift test` that several scripts must share,
# one per line. They have to agree: SwiftPM rebuilds everything when they change.
#
# GROVE_WARNINGS_AS_ERRORS=1 turns warnings in this package into errors.
# SwiftPM compiles dependencies with warnings suppressed, so only ours count.
swift_flags() {
  if [ "${GROVE_WARNINGS_AS_ERRORS:-0}" = 1 ]; then
    printf '%s\n' -Xswiftc -warnings-as-errors
  fi
}

# Stops with advice unless a usable `swift` is on the PATH.
require_swift() {
  if ! have swift; then
    die "no Swift toolchain on the PATH" \
      "Swift Grove needs Swift 6.2 or later: https://www.swift.org/install" \
      "or run this in the official container image: docker run -it --rm -v \"\$PWD\":/src -w /src swift:6.3"
  fi

  local version major minor
  version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)"
  if [ -z "$version" ]; then
    note "warning: cannot tell the version of $(command -v swift); going on"
    return
  fi
  major="${version%%.*}"
  minor="${version#*.}"
  minor="${minor%%.*}"
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 2 ]; }; then
    die "Swift $version is too old: 6.2 or later is needed" \
      "https://www.swift.org/install has newer toolchains"
  fi
}

# Whether the compiler will find libyaml's header.
have_libyaml() {
  if have pkg-config && pkg-config --exists yaml-0.1; then
    return 0
  fi
  local directory
  for directory in /usr/include /usr/local/include; do
    if [ -f "$directory/yaml.h" ]; then
      return 0
    fi
  done
  return 1
}

# Runs a command as root: as it stands for root, through sudo for everyone else.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Installs the packages named with apt. `apt-get update` comes first because a
# fresh machine has no package lists; one broken list must not stop the rest,
# so its failure counts only if the installation then fails too.
install_with_apt() {
  note "installing $* with apt-get"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 ||
    note "warning: apt-get update failed; trying the lists that are there"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >&2 ||
    die "apt-get could not install: $*" \
      "install these packages by hand, then run this script again"
}

# Makes sure that libyaml and pkg-config are there, installing them if it can.
require_libyaml() {
  local missing=()
  have_libyaml || missing+=(libyaml-dev)
  have pkg-config || missing+=(pkg-config)
  if [ "${#missing[@]}" -eq 0 ]; then
    return
  fi

  if [ "$(uname -s)" = Darwin ]; then
    if have_libyaml; then
      return
    fi
    die "libyaml is missing" "install it with: brew install libyaml pkg-config"
  fi
  if have apt-get && { [ "$(id -u)" -eq 0 ] || have sudo; }; then
    install_with_apt "${missing[@]}"
    have_libyaml || die "libyaml is still missing after the installation of ${missing[*]}"
    return
  fi
  if have_libyaml; then
    # Only pkg-config is missing, and the compiler finds the header without it.
    return
  fi
  if have apt-get; then
    die "libyaml is missing, and installing it needs root or sudo" \
      "ask an administrator to run: apt-get install ${missing[*]}"
  fi
  die "libyaml is missing" \
    "install libyaml with its headers, and pkg-config, then run this script again" \
    "(Fedora: dnf install libyaml-devel pkgconf; Alpine: apk add yaml-dev pkgconf)"
}

# Everything a build needs, then the root of the repository as working directory.
setup() {
  require_swift
  require_libyaml
  cd "$repository_root" || die "cannot enter $repository_root"
}
