# Sourced by the tests of the command line: a scratch folder, small scenarios and checks. $NINES is the program.
set -u
: "${NINES:?the path of the program}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0

fail() {
  printf 'FAILED: %s\n' "$1"
  [ ! -s out ] || sed 's/^/  out| /' out | head -n 20
  [ ! -s err ] || sed 's/^/  err| /' err | head -n 20
  failures=$((failures + 1))
}

# expect CODE what COMMAND...: runs it with standard output in `out` and standard error in `err`.
expect() {
  code=$1 what=$2
  shift 2
  got=0
  timeout 60 "$@" >out 2>err </dev/null || got=$?
  [ "$got" = "$code" ] || fail "$what: exit code $got instead of $code"
}

# Root may write anywhere, so permissions are tested as nobody: $nobody stands before the command. Fails where that is not possible.
nobody=
[ "$(id -u)" != 0 ] || nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
can_be_nobody() { chmod 755 "$scratch" && $nobody "$NINES" version >/dev/null 2>&1; }

says() { grep -qF -- "$2" "$1" || fail "'$2' does not stand in $1"; }
silent() { [ ! -s "$1" ] || fail "$1 is not empty"; }
one_error() { [ "$(grep -c 'error' err)" = 1 ] || fail "not exactly one error"; }

finish() {
  [ "$failures" = 0 ] || exit 1
  exit 0
}

# Three nodes that each fail three times a year; nothing else happens.
cat >small.yaml <<'YAML'
apiVersion: nines/v1
kind: Scenario
metadata: {name: small}
catalogs: {faults: none}
topology:
  regions: [{name: r, zones: [a, b, c]}]
  nodePools: {pool: {zones: r/*, nodes: 3, type: m6i.large, disk: {type: gp3, size: 10Gi}}}
cluster: {profile: zeebe-8.9, nodePool: pool, brokers: 3, partitions: 3, replication: 3, load: none}
faults:
  node-loss: {scope: node, effect: stop, rate: 3/year, duration: {exponential: {mean: 1h}}}
simulation: {years: 1, replications: 30}
YAML
