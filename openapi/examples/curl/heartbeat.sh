# shellcheck shell=bash
# What keeps entries during long work: a process in the background that extends the entries in hand, so that the group
# does not give them to another consumer.

# The ids of the entries in hand, and the file in which it finds them.
in_hand=()
in_hand_file=$directory/in-hand

# Starts it for the entries of the answer. Groups without `ackTimeoutMs` take no entries away.
start_heartbeat() {
  local seconds
  mapfile -t in_hand < <(jq -r '.entries[].id' "$answer")
  write_in_hand
  seconds=$(jq -r '[.entries[].ackBeforeMs // empty] | if length > 0 then min / 3000 else "" end' "$answer")
  # The worker alone holds this pipe: 3>&- closes it for its other children. The heartbeat ends with the pipe, even if
  # the worker is killed.
  [[ -z $seconds ]] || exec 3> >(beat "$seconds")
}

stop_heartbeat() { exec 3>&-; }

# The first entry in hand is settled.
drop_first() {
  in_hand=("${in_hand[@]:1}")
  write_in_hand
}

write_in_hand() { printf '%s\n' "${in_hand[*]}" >"$in_hand_file"; }

# beat SECONDS: extends whenever it has waited for this long for the end of the pipe.
beat() {
  local ids body
  # The worker handles signals, also those for all processes of a service, and has its own answers.
  trap '' INT TERM
  answer=$directory/extended
  while read -r -t "$1"; (( $? > 128 )); do
    read -r -a ids <"$in_hand_file"
    (( ${#ids[@]} > 0 )) || continue
    # The ids are named: an entry whose delivery got lost on the way must fall due.
    body=$(jq -nc --arg consumer "$CONSUMER" '{$consumer, ids: $ARGS.positional}' --args "${ids[@]}")
    # The next one comes anyway.
    request POST "$group_url/extend" "$timeout" "$body" || log "extendEntries: $reason"
  done
}
