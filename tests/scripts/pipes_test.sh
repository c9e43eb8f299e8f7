#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Scripts under pipefail have no pipe into a reader that leaves before the end (grep -q, grep -m,
# head, sed q): the writer then dies of SIGPIPE, by chance, and so does the pipe's result.
#   pipes_test.sh <root of the repository>
set -euo pipefail
cd "$1"
early='\|&?[[:space:]]*(e?grep[[:space:]]+(-[[:alnum:]-]+[[:space:]]+)*(-[[:alpha:]]*[qm]|--quiet|--silent|--max-count)|head([[:space:]]|$)|sed[[:space:]]+(-[[:alnum:]]+[[:space:]]+)*.[0-9$]*q)'

# That the pattern finds what it is for.
for line in 'a | grep -q b' 'a 2>&1 | grep -Eq b' 'a | grep -E -q b' 'a | head -n 1' 'a | sed 3q' \
  'a | grep -m1 b'; do
  [[ $line =~ $early ]] || { echo "the pattern misses: $line" >&2 && exit 1; }
done

failed=0
looked=0
mapfile -t scripts < <(find .ci scripts examples tools tests -type f \( -name '*.sh' -o -path .ci/run \))
for script in "${scripts[@]}"; do
  [[ $script == tests/scripts/pipes_test.sh ]] && continue
  text=$(<"$script")
  # A pipe may go on in the next line.
  text=${text//|$'\n'/| }
  text=${text//\\$'\n'/ }
  [[ $text == *pipefail* ]] || continue
  looked=$((looked + 1))
  number=0
  while IFS= read -r line; do
    number=$((number + 1))
    if [[ $line != *([[:space:]])\#* && $line =~ $early ]]; then
      echo "$script:$number: $line" >&2
      failed=1
    fi
  done <<<"$text"
done
((looked > 5)) || { echo "only $looked scripts found" >&2 && exit 1; }
exit "$failed"
