#!/bin/sh
# What is written is whole or not there, and a failure to write is never silent.
. "$(dirname "$0")/common.sh"
no_leftovers() {
  left=$(find . -name '*.tmp' | head -n 3)
  [ -z "$left" ] || fail "$1 leaves $left"
}

for kind in h5 json jsonl csv md; do
  expect 0 "-o answer.$kind" "$NINES" run small.yaml -q -o "answer.$kind"
  [ -s "answer.$kind" ] || fail "answer.$kind is empty"
done
no_leftovers "a run"
for format in table json jsonl csv markdown; do
  expect 0 "--format $format" "$NINES" run small.yaml -q --format "$format"
  says out uptime.all
done
"$NINES" run small.yaml -q --format json >stdout.json
"$NINES" run small.yaml -q -o file.json >table
cmp -s stdout.json file.json || fail "--format json and -o x.json differ"
"$NINES" run small.yaml -q --format csv -o no_extension >table || fail "-o without an extension takes --format's"
says no_extension metric,value
NO_COLOR=1 "$NINES" run small.yaml -q >table
if grep -q "$(printf '\033')" table; then fail "escape sequences in a file"; fi

# An old file is replaced as a whole; a symbolic link stays one.
echo old >old.json
ln -s old.json link.json
expect 0 "-o over a link" "$NINES" run small.yaml -q -o link.json
[ -L link.json ] || fail "the link was replaced"
says old.json uptime.all

# Standard output that takes nothing.
if [ -w /dev/full ]; then
  for words in "run small.yaml -q" "list" "schema" "help" "version" "init" "validate small.yaml"; do
    code=0
    "$NINES" $words >/dev/full 2>err || code=$?
    [ "$code" = 8 ] || fail "nines $words >/dev/full: exit code $code"
    one_error
  done
  expect 8 "-o /dev/full" "$NINES" run small.yaml -q --format json -o /dev/full
  one_error
  [ -c /dev/full ] || fail "/dev/full was replaced"
fi
code=0
"$NINES" version >&- 2>err || code=$?
[ "$code" = 8 ] || fail "closed standard output: exit code $code"
code=0
"$NINES" run small.yaml -q -o closed.json >&- 2>err || code=$?
[ "$code" = 8 ] || fail "closed standard output beside -o: exit code $code"
[ "$(head -c 1 closed.json)" = "{" ] || fail "the table went into the file"
# A reader that has gone: the right side closes the pipe, and only then the left side writes to it.
{
  until [ -e gone ]; do sleep 0.01; done
  code=0
  "$NINES" schema 2>err || code=$?
  echo $code >code
} | {
  exec 0<&-
  : >gone
  until [ -s code ]; do sleep 0.01; done
}
[ "$(cat code)" = 8 ] || fail "a reader that has gone: exit code $(cat code)"
one_error

# Files that cannot be written.
expect 8 "a folder that is not there" "$NINES" run small.yaml -q -o nowhere/x.json
one_error
expect 8 "the same as HDF5" "$NINES" run small.yaml -q -o nowhere/x.h5
one_error
mkdir folder.json folder.h5
expect 8 "a directory" "$NINES" run small.yaml -q -o folder.json
expect 8 "a directory as HDF5" "$NINES" run small.yaml -q -o folder.h5
if can_be_nobody; then
  mkdir locked && chmod 555 locked
  expect 8 "a folder without permission" $nobody "$NINES" run small.yaml -q -o locked/x.json
  one_error
  expect 8 "the same as HDF5" $nobody "$NINES" run small.yaml -q -o locked/x.h5
  one_error
  mkdir open && chmod 777 open
  expect 0 "a folder with permission" $nobody "$NINES" run small.yaml -q -o open/x.h5
fi

# A disk that fills up: a file size limit stands for it (RLIMIT_FSIZE, in blocks of 512 bytes).
echo precious >precious.json
code=0
sh -c 'trap "" XFSZ; ulimit -f 1; exec "$NINES" run small.yaml -q -o precious.json' >/dev/null 2>err || code=$?
[ "$code" = 8 ] || fail "a disk that fills up: exit code $code"
[ "$(cat precious.json)" = precious ] || fail "the old file was lost"
code=0
sh -c 'trap "" XFSZ; ulimit -f 1; exec "$NINES" run small.yaml -q -o full.h5' >/dev/null 2>err || code=$?
[ "$code" = 8 ] || fail "a disk that fills up under HDF5: exit code $code"
[ ! -e full.h5 ] || fail "a partial HDF5 file has the final name"
no_leftovers "a disk that fills up"

finish
