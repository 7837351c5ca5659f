#!/bin/sh
# Runs both commands of the README on a base Debian 12: apt-get, sh, git, root and nothing else. Needs root, debootstrap and a Debian mirror.
#   sh tests/house/bare_machine.sh [demo|test|both]      default: both
# What is committed is what is tested: the machine gets a clone. NINES_BARE names the folder of the machine; it is kept when it is given.
set -eu
cd "$(dirname "$0")/../.."
what=${1:-both}
source=$PWD
[ "$(id -u)" = 0 ] || { echo "This needs root: debootstrap and chroot." >&2; exit 1; }
command -v debootstrap >/dev/null 2>&1 || { echo "Install debootstrap first: apt-get install -y debootstrap" >&2; exit 1; }

keep=${NINES_BARE:+yes}
machine=${NINES_BARE:-$(mktemp -d)}
mirror=${NINES_MIRROR:-http://deb.debian.org/debian}
clean_up() {
  umount -l "$machine/proc" 2>/dev/null || true
  [ -n "$keep" ] || rm -rf --one-file-system "$machine"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

began=$(date +%s)
say() { echo "== $(($(date +%s) - began)) s: $*"; }

if [ ! -x "$machine/usr/bin/git" ]; then
  say "a base Debian 12 into $machine"
  debootstrap --variant=minbase --include=git bookworm "$machine" "$mirror" >"$machine.log" 2>&1 || { tail "$machine.log"; exit 1; }
  rm -f "$machine.log"
fi
cp /etc/resolv.conf "$machine/etc/resolv.conf"
echo "deb $mirror bookworm main" >"$machine/etc/apt/sources.list"
mount -t proc proc "$machine/proc"
rm -rf "$machine/srv/nines"
git clone -q --no-local "$source" "$machine/srv/nines"

in_machine() {
  chroot "$machine" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} sh -c "cd /srv/nines && $1"
}
status=0
if [ "$what" != test ]; then
  say "sh scenarios/demo.sh"
  in_machine "sh scenarios/demo.sh" || { status=1; say "the demo FAILED"; }
fi
if [ "$what" != demo ]; then
  say "sh tests/run.sh"
  in_machine "sh tests/run.sh" || { status=1; say "the tests FAILED"; }
fi
in_machine "git status --short" | head
say "done, status $status"
exit $status
