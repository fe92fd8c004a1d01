# shellcheck shell=bash
# What keeps entries during long work: a process in the background that extends the entries in hand, so that the group
# does not give them to another consumer.

in_hand=$directory/in-hand

# Starts it for the entries of the answer. Groups without `ackTimeoutMs` take no entries away.
start_heartbeat() {
  local seconds
  jq -r '.entries[].id' "$answer" >"$in_hand"
  seconds=$(jq -r '[.entries[].ackBeforeMs // empty] | if length > 0 then min / 3000 else "" end' "$answer")
  # The worker alone holds this pipe: 3>&- closes it for its other children. The heartbeat ends with the pipe, even if
  # the worker is killed.
  [[ -z $seconds ]] || exec 3> >(beat "$seconds")
}

stop_heartbeat() { exec 3>&-; }

# The first entry in hand is settled.
drop_first() {
  tail -n +2 "$in_hand" >"$in_hand.next"
  mv "$in_hand.next" "$in_hand"
}

# beat SECONDS: extends whenever it has waited for this long for the end of the pipe.
beat() {
  local body
  # The worker handles signals, and has its own answers.
  trap '' INT
  answer=$directory/extended
  while read -r -t "$1"; (( $? > 128 )); do
    [[ -s $in_hand ]] || continue
    # The ids are named: an entry whose delivery got lost on the way must fall due.
    body=$(jq -nRc --arg consumer "$CONSUMER" '{$consumer, ids: [inputs]}' "$in_hand")
    # The next one comes anyway.
    request POST "$group_url/extend" "$timeout" "$body" || log "extendEntries: $reason"
  done
}
