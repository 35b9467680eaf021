#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Asks whether a data type may be released under an access key, with nothing but socat. The key is read from the standard
# input: what stands in an argument list is everybody's to read. Ends with 0 for allowed, 1 for denied, 2 where the agent could
# not be asked.
#
#   sh check.sh HH-CONSUMPTION [/run/akgate/gate.sock] <key-file
set -u

data_type=${1:?'usage: check.sh DATA-TYPE [SOCKET] <KEY-FILE'}
socket=${2:-/run/akgate/gate.sock}
IFS= read -r key || [ -n "${key-}" ] || exit 2

# What goes into the line must be one word each, or it could ask something else. printf is the shell's own: no process, no list.
case $data_type$key in
  *[!A-Za-z0-9_.-]*) echo 'denied bad-question' && exit 2 ;;
esac
reply=$(printf 'CHECK %s data-type=%s timeout=2000\n' "$key" "$data_type" | socat -t 3 - "UNIX-CONNECT:$socket" 2>/dev/null)

# Whatever is not one whole word of allowance is a denial.
case $reply in
  'ALLOW reason=active '*) echo 'allowed active' && exit 0 ;;
  'DENY reason='*) verdict=1 ;;
  'ERROR reason='*) verdict=2 ;;
  *) echo 'denied agent-unreachable' && exit 2 ;;
esac
reason=${reply#* reason=}
echo "denied ${reason%% *}"
exit "$verdict"
