# shellcheck shell=bash
# Requests to Weir.

# The seconds in which Weir must answer a request that does not wait for entries.
timeout=5

# Where the body of the last answer is.
answer=$directory/answer

# On a command line, all users of this machine could read the token.
printf '%s' "${WEIR_TOKEN:+authorization: Bearer $WEIR_TOKEN}" >"$directory/token"

# percent_encoded TEXT: as a segment of a path.
percent_encoded() { jq -nr --arg text "$1" '$text | @uri'; }

group_url=$WEIR_URL/v1/streams/$(percent_encoded "$STREAM")/groups/$(percent_encoded "$GROUP")

# request METHOD URL SECONDS [BODY]: sends a request. Afterwards an answer is in $answer. A refusal fails with its code,
# whether it is retryable and its request id. What is no answer of Weir fails without a code. Both have a $reason, and
# a $delay in seconds before the next request.
request() {
  local options=() came status type retry_after problem
  code='' retryable='' request_id='' delay=1
  [[ $# -lt 4 ]] || options=(--header 'content-type: application/json' --data-binary "$4")
  : >"$answer"
  # Neither a .curlrc nor anything else makes curl follow redirects: it would turn a POST into a GET.
  curl --disable --no-location --silent --show-error --path-as-is --globoff --max-time "$3" \
    --request "$1" --header "@$directory/token" "${options[@]}" --output "$answer" \
    --write-out '%{http_code}\n%{content_type}\n%header{retry-after}\n' "$2" \
    >"$answer.came" 2>"$answer.error" 3>&- &
  if [[ $2 == "$group_url/read" ]]; then await_idle $!; else await $!; fi || {
    read -r reason <"$answer.error"
    return 1
  }
  mapfile -t came <"$answer.came"
  status=${came[0]} type=${came[1]} retry_after=${came[2]}
  reason="$status with ${type:-no content type}"
  [[ $type == *json* ]] || return 1
  mapfile -t problem < <(jq -r --arg header "$retry_after" '
    if .code then
      .code, .retryable, .requestId, (.detail | gsub("\\s+"; " ")),
      ([.retryAfterMs // ($header | tonumber? // 1) * 1000, 60000] | min / 1000)
    else
      "ok"
    end' "$answer" 2>"$answer.error")
  case ${#problem[@]} in
    1) [[ $status == 2?? ]] ;;
    5)
      code=${problem[0]} retryable=${problem[1]} request_id=${problem[2]} delay=${problem[4]}
      reason="$code: ${problem[3]}"
      return 1
      ;;
    *)
      reason+=', but not valid JSON'
      return 1
      ;;
  esac
}

# retrying NAME METHOD URL SECONDS [BODY]: sends a request until it is answered. Fails if somebody deleted the stream,
# the group or the consumer, or if a poll is cut because the worker is to stop. Any other problem that would come again
# ends the worker: entries that were not given back fall due after their time. When the worker is to stop, it has two
# more tries.
retrying() {
  local name=$1 tries_left=2
  shift
  while true; do
    request "$@" && return
    case $code in stream-not-found | group-not-found | consumer-not-found) return 1 ;; esac
    [[ $name != readGroup || -z $stopped ]] || return 1
    if [[ -n $code && ( $retryable == false || ( -n $stopped && $tries_left == 0 ) ) ]]; then
      log "$reason (request $request_id)"
      exit 1
    elif [[ -n $stopped && $tries_left == 0 ]]; then
      log "stopped: $reason"
      exit 0
    fi
    [[ -z $stopped ]] || (( tries_left-- ))
    log "$name will be sent again: $reason"
    pause "$delay"
  done
}
