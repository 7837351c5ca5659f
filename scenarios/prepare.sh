# Sourced by scenarios/demo.sh and tests/run.sh, from the top of the source tree: installs what is missing, builds quietly.
# POSIX sh: a base system has no other shell for sure.

say() { printf '%s\n' "$*" >&2; }

# packages_for demo|test|all: names of the list, one a line.
packages_for() {
  awk -v want="$1" 'BEGIN { rank["demo"] = 1; rank["test"] = 2; rank["all"] = 3 }
                    /^[^#]/ && NF >= 2 && rank[$2] <= rank[want] { print $1 }' scenarios/packages.txt
}

# install_packages demo|test|all: through apt-get, and only if something is missing.
install_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    say "This is no Debian: nothing is installed. Needed are the counterparts of" $(packages_for "$1")
    return 0
  fi
  missing=
  for package in $(packages_for "$1"); do
    status=$(dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | head -n 1)
    [ "$status" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "Packages are missing. Run this line as root, then this command again:"
    say "  apt-get update && apt-get install -y --no-install-recommends$missing"
    exit 1
  fi
  say "Installing$missing"
  mkdir -p build
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >build/install.log 2>&1 </dev/null; then
    tail -n 30 build/install.log >&2
    say "apt-get failed; its whole output is in build/install.log"
    exit 1
  fi
}

# quietly LOG COMMAND...: one line of progress instead of the command's output; on failure the log's end, and status 1.
# The line comes every ten seconds, with the last step that the log shows ("[12/80]").
quietly() {
  log=$1; shift
  mkdir -p "$(dirname "$log")"
  : >"$log"
  started=$(date +%s)
  "$@" >"$log" 2>&1 </dev/null &
  job=$!
  trap 'kill "$job" 2>/dev/null; exit 130' INT TERM   # A job in the background does not hear Ctrl-C.
  shown=$started
  while kill -0 "$job" 2>/dev/null; do
    sleep 1
    now=$(date +%s)
    if [ $((now - shown)) -ge 10 ]; then
      shown=$now
      say "  $(sed -n 's/^\(\[[0-9]*\/[0-9]*\]\).*/\1/p' "$log" | tail -n 1) $((now - started)) s"
    fi
  done
  code=0
  wait "$job" || code=$?
  trap - INT TERM
  if [ "$code" != 0 ]; then
    say "Failed: $*"
    # Errors first: with several jobs they need not stand at the end.
    grep -n -A 12 -E '^FAILED:|error:|Error' "$log" | head -n 80 >&2
    say "The whole output is in $log"
    return 1
  fi
}

# build PRESET [cmake options]: configures build/PRESET and builds the preset's targets with all cores.
build() {
  preset=$1; shift
  say "Building ($preset)"
  quietly "build/$preset.configure.log" cmake --preset "$preset" "$@" && quietly "build/$preset.log" cmake --build --preset "$preset"
}
