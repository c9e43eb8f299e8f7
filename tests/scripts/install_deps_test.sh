#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# scripts/install-deps.sh against an apt that is made up here: what Debian has is installed, whatever
# the length of apt's answer and the language it is in; what it has not is left out, aloud.
#   install_deps_test.sh <root of the repository>
set -euo pipefail
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"

# Nothing is installed. An answer longer than a pipe holds, so that a reader that leaves early breaks
# the pipe for certain; oneDNN has a candidate, XNNPACK is known but has none, OpenCV is unknown.
cat >"$work/bin/dpkg-query" <<'END'
#!/bin/sh
exit 1
END
cat >"$work/bin/apt-cache" <<'END'
#!/usr/bin/env bash
[[ ${LC_ALL-} == C ]] || exec echo "Kandidat: unbekannt"
case $2 in
  libdnnl-dev) candidate=2.6-1 ;;
  libxnnpack-dev) candidate='(none)' ;;
  libopencv-*) exit 0 ;;
  *) candidate=1 ;;
esac
printf '%s:\n  Installed: (none)\n  Candidate: %s\n  Version table:\n' "$2" "$candidate" || exit 1
for ((i = 0; i < 3000; ++i)); do
  echo "     $candidate 500 a line for each of many versions" || exit 1
done
END
cat >"$work/bin/apt-get" <<END
#!/bin/sh
echo "\$@" >>"$work/calls"
END
cat >"$work/bin/sudo" <<'END'
#!/bin/sh
exec "$@"
END
chmod +x "$work"/bin/*

said=$(PATH=$work/bin:$PATH LANGUAGE=de "$root/scripts/install-deps.sh" bench compare)
calls=$(<"$work/calls")

failed=0
expect() { # <text> <pattern> <what>
  # shellcheck disable=SC2053 # a pattern is meant
  if [[ $1 != $2 ]]; then
    echo "not so: $3" >&2
    failed=1
  fi
}
expect "$calls" "*install*libdnnl-dev*" "what apt has is installed"
expect "$said" "*Debian has no libxnnpack-dev here: left out*" "no candidate: left out"
expect "$said" "*Debian has no libopencv-dnn-dev here: left out*" "unknown: left out"
if [[ $said == *"no libdnnl-dev"* || $calls == *libxnnpack-dev* ]]; then
  echo "left out what apt has, or installed what it has not" >&2
  failed=1
fi
if ((failed)); then
  printf 'it said:\n%s\nit called apt-get with:\n%s\n' "$said" "$calls" >&2
fi
exit "$failed"
