#!/bin/sh
# Absurd input gets one clear error in short time, never a crash, a hang or a gigabyte.
. "$(dirname "$0")/common.sh"
ulimit -v 4000000 2>/dev/null || true   # Four gigabytes are plenty. (Sanitizers reserve more; these tests do not run under them.)

expect 3 "50,000 brokers" "$NINES" run small.yaml --set cluster.brokers=50000
expect 3 "50,000 nodes and brokers" "$NINES" run small.yaml --set cluster.brokers=50000 --set topology.nodePools.pool.nodes=50000
expect 3 "a million partitions" "$NINES" run small.yaml --set cluster.partitions=1000000
expect 3 "no replicas" "$NINES" run small.yaml --set cluster.replication=0
expect 3 "a negative rate" "$NINES" run small.yaml --set faults.node-loss.rate=-1/year
expect 3 "no nodes" "$NINES" run small.yaml --set topology.nodePools.pool.nodes=0
expect 3 "infinite years" "$NINES" run small.yaml --years inf
expect 3 "an empty file" "$NINES" run - 
expect 3 "another kind of file" "$NINES" run "$NINES"
expect 3 "a line of 10 MB" sh -c 'head -c 10000000 /dev/zero | tr "\0" a | "$NINES" run -'
expect 3 "an endless file" "$NINES" run /dev/zero
expect 3 "two documents" sh -c '{ cat small.yaml; echo ---; cat small.yaml; } | "$NINES" run -'
cat >bomb.yaml <<'YAML'
a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]
h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]
i: &i [*h, *h, *h, *h, *h, *h, *h, *h, *h, *h]
YAML
expect 3 "a YAML bomb" "$NINES" run bomb.yaml
expect 3 "100,000 brackets" sh -c 'head -c 100000 /dev/zero | tr "\0" "[" | "$NINES" run -'
[ "$(wc -c <err)" -lt 20000 ] || fail "an error of $(wc -c <err) bytes"

# The most that is allowed can at least be read and built.
expect 0 "2,000 brokers and 20,000 partitions" "$NINES" validate small.yaml --set cluster.brokers=2000 --set cluster.partitions=20000 --set topology.nodePools.pool.nodes=2000
expect 0 "what they carry, in a moment" "$NINES" run small.yaml -q --replications 1 --max-time 3s --set cluster.brokers=2000 --set cluster.partitions=20000 --set topology.nodePools.pool.nodes=2000
says out "of 2000 tried"

expect 8 "a directory" "$NINES" validate .
if can_be_nobody; then
  cp small.yaml secret.yaml && chmod 000 secret.yaml
  expect 8 "a file without permission" $nobody "$NINES" run secret.yaml
  one_error
fi
long=$(head -c 100000 /dev/zero | tr '\0' x)
expect 8 "a very long name" "$NINES" run "$long"
expect 2 "a very long command" "$NINES" "$long"
[ "$(wc -c <err)" -lt 1000 ] || fail "an error of $(wc -c <err) bytes"
expect 2 "a very long option" "$NINES" run small.yaml "--$long"
[ "$(wc -c <err)" -lt 1000 ] || fail "an error of $(wc -c <err) bytes"

finish
