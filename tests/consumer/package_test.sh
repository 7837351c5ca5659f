#!/bin/sh
# The two Debian packages: built, looked into, unpacked and used; nothing is installed into the system.
set -eu
: "${NINES_BINARY_DIR:?the folder of the build}" "${NINES_SOURCE_DIR:?the source tree}"
for program in cpack dpkg-deb dpkg-shlibdeps file; do
  command -v $program >/dev/null 2>&1 || { echo "skipped: $program is not installed"; exit 77; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
failures=0
fail() {
  printf 'FAILED: %s\n' "$1"
  failures=$((failures + 1))
}

cpack --config "$NINES_BINARY_DIR/CPackConfig.cmake" -G DEB -B "$scratch/made" >log 2>&1 || { tail -n 30 log; fail "cpack"; exit 1; }
version=$("$NINES_BINARY_DIR/nines" version | cut -d' ' -f2)
cli=made/nines_${version}_$(dpkg --print-architecture).deb dev=made/libnines-dev_${version}_$(dpkg --print-architecture).deb
dpkg-deb -c "$cli" | awk '{ print $6 }' >cli.list
dpkg-deb -c "$dev" | awk '{ print $6 }' >dev.list
dpkg-deb -I "$cli" >cli.control
dpkg-deb -I "$dev" >dev.control
dpkg-deb -x "$cli" cli
dpkg-deb -x "$dev" dev

has() { grep -qx "./usr/$2" "$1.list" || fail "$1 lacks $2"; }
lacks() { ! grep -q "$2" "$1.list" || fail "$1 holds $2"; }
for path in bin/nines share/man/man1/nines.1.gz share/man/man1/nines-run.1.gz share/bash-completion/completions/nines \
  share/zsh/vendor-completions/_nines share/fish/vendor_completions.d/nines.fish share/doc/nines/copyright share/doc/nines/README.md \
  share/doc/nines/library/camunda-three-zones.yaml share/nines/scenario.schema.json; do has cli $path; done
for path in include/nines/sim/base/time.hpp include/nines/models/world/world.hpp include/nines/scenarios/run/answer.hpp lib/nines/libmodels_world.a \
  lib/nines/libscenarios_run.a lib/cmake/nines/ninesConfig.cmake lib/cmake/nines/ninesTargets.cmake share/doc/libnines-dev/copyright \
  share/doc/libnines-dev/examples/main.cpp; do has dev $path; done
lacks cli /include/
lacks cli '\.a$'
lacks dev /bin/

says() { grep -q "$2" "$1.control" || fail "the control file of $1 lacks $2"; }
says cli '^ Package: nines$'
says cli '^ Depends: .*libhdf5.*libstdc++6'
says cli '^ Maintainer: nines developers '
says cli '^ Description: High-availability and Raft fault-tolerance simulator'
says dev '^ Package: libnines-dev$'
says dev '^ Depends: .*libhdf5-dev'
[ "$(du -s dev/usr/lib/nines | cut -f1)" -lt 30000 ] || fail "the packaged libraries are not stripped"
grep -q 'Apache License' cli/usr/share/doc/nines/copyright || fail "no licence"

# Every command has its page, and every page its command.
"$NINES_BINARY_DIR/nines" completion bash | sed -n "s/^      words='\(run .*\)'/\1/p" | head -n 1 | tr ' ' '\n' | sort >commands
sed -n 's|^./usr/share/man/man1/nines-\(.*\)\.1\.gz$|\1|p' cli.list | sort >pages
[ -s pages ] && cmp -s commands pages || fail "pages of other commands than there are: $(comm -3 commands pages | tr '\n' ' ')"

# The program by itself, without its source tree.
nines=$scratch/cli/usr/bin/nines
[ "$("$nines" version | cut -d" " -f1,2)" = "nines $version" ] || fail "the packaged program does not tell its version"
"$nines" list >list || fail "the packaged program cannot list"
grep -q camunda-three-zones list || fail "the packaged program has no library"
"$nines" validate camunda-three-zones >/dev/null || fail "the packaged program cannot read its library"
! file "$nines" | grep -q 'not stripped' || fail "the packaged program is not stripped"
if command -v man >/dev/null 2>&1; then
  MANWIDTH=100 man -l cli/usr/share/man/man1/nines-incident.1.gz 2>errors </dev/null | grep -q 'nines incident FILE|NAME' || fail "man shows no page"
  [ ! -s errors ] || fail "man complains: $(cat errors)"
fi

# The libraries are found where they were unpacked.
mkdir consumer
cp dev/usr/share/doc/libnines-dev/examples/* consumer
cmake -S consumer -B consumer/build -G Ninja -DCMAKE_PREFIX_PATH="$scratch/dev/usr" >log 2>&1 || { tail -n 20 log; fail "the packaged libraries are not found"; }
exit $((failures > 0))
