# shellcheck shell=bash
# The group, as this consumer sees it.

# Creates the group unless it exists. A group that exists keeps its delivery policy.
ensure_group() {
  local body
  body=$(jq -nc --argjson ackTimeoutMs "$ACK_TIMEOUT_MS" \
    '{createStream: true, delivery: {$ackTimeoutMs, maxDeliveries: 5}}')
  retrying ensureGroup PUT "$group_url" "$timeout" "$body"
}

# read_group AFTER: reads the entries that are pending for this consumer after an id, or new ones, for which it waits.
read_group() {
  local body ms=$((WAIT_MS + timeout * 1000))
  body=$(jq -nc --arg consumer "$CONSUMER" --argjson waitMs "$WAIT_MS" --arg after "$1" \
    '{$consumer, count: 10, $waitMs} + if $after == "" then {} else {$after} end')
  retrying readGroup POST "$group_url/read" "${ms%???}.${ms: -3}" "$body" && return
  if [[ -z $stopped ]]; then
    log "readGroup: $reason"
    pause 1
    ensure_group
  fi
  return 1
}

# ack ID
ack() {
  local body
  body=$(jq -nc --arg id "$1" --arg consumer "$CONSUMER" '{ids: [$id], $consumer}')
  settled ackEntries "$1" ack "$body"
}

# nack ID REASON: gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries
# left. Weir keeps a reason of up to 1024 bytes.
nack() {
  local body
  body=$(jq -nc --arg id "$1" --arg consumer "$CONSUMER" --arg reason "${2:0:250}" \
    '{ids: [$id], $consumer, outcome: "retry", $reason}')
  settled nackEntries "$1" nack "$body"
}

# settled NAME ID PATH BODY
settled() {
  if ! retrying "$1" POST "$group_url/$3" "$timeout" "$4"; then
    log "$1 of $2 is dropped: $reason"
  elif jq -e '.notPending != []' "$answer" >/dev/null; then
    log "$2 was given to another consumer meanwhile"
  fi
}

# Deletes this consumer. What it still holds is due at once, and the delivery to it does not count.
leave() {
  retrying deleteConsumer DELETE "$group_url/consumers/$(percent_encoded "$CONSUMER")?pending=release" "$timeout"
  exit 0
}
