#!/bin/sh
# The completion scripts do what they are for: bash completes with the printed script, zsh and fish read theirs; man renders every page.
. "$(dirname "$0")/common.sh"

expect 0 "completion bash" "$NINES" completion bash
silent err
cp out nines.bash
expect 2 "completion of another shell" "$NINES" completion csh
one_error
expect 2 "completion of no shell" "$NINES" completion
one_error
expect 2 "the manual of no command" "$NINES" manual rnu
says err "did you mean 'run'"

touch my-cluster.yaml 'with blank.yaml'
# completes 'WORDS BEFORE' WORD EXPECTED...: exactly these, in any order; '...' at the end: at least these.
cat >complete.bash <<'BASH'
source ./nines.bash
read -ra COMP_WORDS <<<"nines $1"
COMP_WORDS+=("$2")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_nines
printf '%s\n' "${COMPREPLY[@]}"
BASH
completes() {
  before=$1 word=$2
  shift 2
  if ! bash complete.bash "$before" "$word" 2>err | LC_ALL=C sort >out; then fail "bash: $before $word"; fi
  silent err
  : >wanted
  more=
  for one in "$@"; do
    [ "$one" != ... ] || { more=yes; continue; }
    printf '%s\n' "$one" >>wanted
  done
  LC_ALL=C sort -o wanted wanted
  if [ -n "$more" ]; then
    [ -z "$(LC_ALL=C comm -23 wanted out)" ] || fail "nines $before $word: not offered: $(LC_ALL=C comm -23 wanted out)"
  else
    cmp -s wanted out || fail "nines $before $word: not just $*"
  fi
}

if command -v bash >/dev/null 2>&1; then
  bash -n nines.bash || fail "bash cannot read its completion"
  completes "" val validate
  completes "" ru run
  completes "" --h --help
  completes "run" etcd-th etcd-three-zones
  completes "run" my my-cluster.yaml
  completes "run" with "with blank.yaml"
  completes "compare camunda-three-zones" etcd etcd-five-nodes etcd-three-zones
  completes "run x" --rep --replications
  completes "run x" --m --method --max-time
  completes "validate x" --e --explain
  completes "fit log.csv" --e --elements --effect
  completes "list" pro profiles
  completes "list" "" scenarios sweeps profiles faults distances disks prices
  completes "help" inc incident
  completes "completion" "" bash zsh fish
  completes "run x --format" "" table json jsonl csv markdown ...
  completes "explain x --format" m mermaid markdown
  completes "explain x --format =" d dot
  completes "explain x --format" = table json markdown mermaid dot
  completes "run x --method" ex exact
  completes "compare x y --method" ra ""
  completes "fuzz --profile" etcd-3 etcd-3.5 ...
  completes "run x -o" my my-cluster.yaml
  completes "run x --seed" "" ""
  completes "--seed 7 run x --method" r rare
  completes "--seed = 7 run x --method" r rare
  completes "-q run x --method" r rare
  completes "nonsense" "" ""
else
  echo "bash is not installed: its completion is not tried"
fi

expect 0 "completion zsh" "$NINES" completion zsh
cp out _nines
if command -v zsh >/dev/null 2>&1; then
  zsh -n ./_nines || fail "zsh cannot read its completion"
else
  echo "zsh is not installed: its completion is not read"
fi
expect 0 "completion fish" "$NINES" completion fish
cp out nines.fish
if command -v fish >/dev/null 2>&1; then
  fish --no-execute nines.fish || fail "fish cannot read its completion"
  [ "$(fish -c 'source nines.fish; complete -C "nines run x --method ex"' | cut -f1)" = exact ] || fail "fish does not complete a method"
  [ "$(fish -c 'source nines.fish; complete -C "nines val"' | cut -f1)" = validate ] || fail "fish does not complete a command"
else
  echo "fish is not installed: its completion is not read"
fi

# Pages: nothing that roff warns of, and what a reader looks for is in the text.
mkdir pages
"$NINES" manual >pages/nines.1 || fail "the manual"
for command in $(bash complete.bash "" "" 2>/dev/null || echo run list); do
  case $command in -*) continue ;; esac
  "$NINES" manual "$command" >"pages/nines-$command.1" || fail "the manual of $command"
done
[ "$(ls pages | wc -l)" -gt 10 ] || command -v bash >/dev/null 2>&1 || echo "bash is not installed: few pages are looked at"
if command -v groff >/dev/null 2>&1; then
  for page in pages/*; do
    groff -man -Tutf8 -ww -z "$page" >err 2>&1 || fail "$page"
    silent err
  done
else
  echo "groff is not installed: no page is rendered"
fi
if command -v man >/dev/null 2>&1; then
  MANWIDTH=100 man -l pages/nines-run.1 >out 2>err </dev/null || fail "man cannot show a page"
  for text in "nines run FILE|NAME [options]" "--relative-error SHARE" "-o, --out FILE" "EXIT STATUS" "nines(1)"; do says out "$text"; done
else
  echo "man is not installed: no page is shown"
fi

finish
