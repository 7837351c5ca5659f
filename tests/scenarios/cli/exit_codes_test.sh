#!/bin/sh
# Every exit code that `nines` promises, and one clear message with each.
. "$(dirname "$0")/common.sh"

expect 0 "a run" "$NINES" run small.yaml
says out uptime.all
expect 0 "a run without a word" "$NINES" run small.yaml -q
silent err

expect 0 "one replication alone" "$NINES" run small.yaml -q --only-replication 7
says out "1 replication"

# 2: usage.
expect 2 "no command" "$NINES"
says err "which command?"
expect 2 "an unknown command" "$NINES" vaildate small.yaml
says err "did you mean 'validate'?"
silent out
expect 2 "an unknown option" "$NINES" run small.yaml --replication 3
says err "did you mean '--replications'?"
expect 2 "a command that comes later" "$NINES" advise small.yaml
expect 2 "no scenario" "$NINES" run
expect 2 "two scenarios" "$NINES" run small.yaml small.yaml
expect 2 "an option of another command" "$NINES" validate small.yaml --jobs 2
says err "validate takes no --jobs"
expect 2 "an option twice" "$NINES" run small.yaml --seed 1 --seed 2
expect 2 "jobs below one" "$NINES" run small.yaml --jobs 0
expect 2 "a time without a unit" "$NINES" run small.yaml --max-time 60
expect 2 "a format that is none" "$NINES" run small.yaml --format xml
expect 2 "a kind of file that is none" "$NINES" run small.yaml -o answer.docx
expect 2 "a setting without a value" "$NINES" run small.yaml --set cluster.brokers
for typed in "--seed" "--out=" "--quiet=yes"; do
  expect 2 "$typed" "$NINES" run small.yaml "$typed"
  one_error
done

# 3: the scenario is wrong. Options that change it are checked like it.
sed 's/partitions/partitoins/' small.yaml >typo.yaml
expect 3 "an unknown key" "$NINES" run typo.yaml
says err "typo.yaml:8:"
says err "did you mean 'partitions'?"
silent out
expect 3 "replication above brokers" "$NINES" run small.yaml --set cluster.replication=5
expect 3 "negative replications" "$NINES" run small.yaml --replications -1
says err "--replications -1: error"
expect 3 "a setting that names nothing" "$NINES" run small.yaml --set cluster.nonsense=1
expect 3 "validate of a broken file" "$NINES" validate small.yaml typo.yaml
says out "invalid"

# 4, 7 and 0: what was expected.
expect 4 "an expectation that fails" "$NINES" run small.yaml --set "expect=[failover.per_year <= 0.1]" --replications 300
says out failed
expect 0 "an expectation that holds" "$NINES" run small.yaml --set "expect=[uptime.all >= 90%]" --replications 300
says out passed
expect 7 "an expectation that nobody can decide" "$NINES" run small.yaml --set "expect=[uptime.all >= 99.9999%, cost.month <= 1 USD]" --replications 1
says out undecided
expect 4 "one that fails beside one that is undecided" "$NINES" run small.yaml --set "expect=[failover.per_year <= 0.1, cost.month <= 1 USD]" --replications 300

# 8: what cannot be read.
expect 8 "no such file" "$NINES" run nothing.yaml
one_error
expect 8 "nearly a name of the library" "$NINES" run camunda-three-zone
says err "did you mean 'camunda-three-zones'?"
expect 8 "a directory" "$NINES" run .
one_error
says err "is a directory"

# Names of the library need no file, and a file wins over the name.
expect 0 "a name of the library" "$NINES" validate camunda-three-zones
cp small.yaml camunda-three-zones
expect 0 "a file of that name" "$NINES" validate camunda-three-zones --explain --format csv
says out small
expect 0 "standard input" sh -c '"$NINES" validate - <small.yaml'

finish
