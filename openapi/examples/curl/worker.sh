#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# A worker that bills orders: an example of a client for Weir. It needs Bash 4, curl 7.84 and jq 1.6.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")" || exit

: "${WEIR_URL:=http://127.0.0.1:7070}" "${STREAM:=orders}" "${GROUP:=billing}"
# Two consumers of the same name would read each other's pending entries when they start.
: "${CONSUMER:=$HOSTNAME-$$}"
: "${WAIT_MS:=30000}" "${ACK_TIMEOUT_MS:=30000}"

# Only this user can read what is in it: the token, and the current answer.
directory=$(mktemp -d) || exit

# Standard output is for results, so the log goes to standard error.
log() { printf '%s\n' "$*" >&2; }

source ./stop.sh
source ./request.sh
source ./group.sh
source ./heartbeat.sh
source ./bill.sh

work() {
  local after=0-0 entries entry
  ensure_group
  # First what this consumer read before it was interrupted. It has read all of it when a page is empty.
  while [[ -z $stopped ]]; do
    read_group "$after" || continue
    mapfile -t entries < <(jq -c '.entries[]' "$answer")
    [[ -z $after ]] || after=$(jq -r '.entries[-1].id // ""' "$answer")
    start_heartbeat
    for entry in "${entries[@]}"; do
      [[ -z $stopped ]] || break
      settle "$entry"
      drop_first
    done
    stop_heartbeat
  done
}

settle() {
  local id is_deleted order total seconds
  { read -r id && read -r is_deleted && IFS= read -r order && IFS= read -r total && read -r seconds; } < <(
    jq -r '.id, .fields == null, (.fields | .order // "", .total // "", (.takesMs // 0 | tonumber / 1000))
      | tostring | gsub("\n"; " ")' <<<"$1"
  )
  # An entry without fields was deleted while it was pending.
  if [[ $is_deleted == true ]] || bill "$id" "$order" "$total" "$seconds"; then
    ack "$id"
  else
    log "$id failed: $failure"
    nack "$id" "$failure"
  fi
}

work
leave
