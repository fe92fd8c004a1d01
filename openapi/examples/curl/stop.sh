# shellcheck shell=bash
# How the worker is told to stop, and how it waits. Bash runs no trap while it waits for a command in the foreground, so
# all commands that may take long run in the background.

# Not empty after the first SIGTERM or SIGINT.
stopped=

# The child that is killed when the worker is to stop.
idle=

stop() {
  stopped=yes
  # A second signal ends the worker at once.
  trap 'exit 143' TERM INT
  [[ -z $idle ]] || kill "$idle" 2>/dev/null
}

clean_up() {
  local children
  mapfile -t children < <(jobs -pr)
  (( ${#children[@]} == 0 )) || kill "${children[@]}" 2>/dev/null
  rm -rf -- "$directory"
}

trap stop TERM INT
trap clean_up EXIT

# await PID: waits for a child, also if a signal arrives meanwhile. Returns its status.
await() {
  local status
  while wait "$1"; status=$?; (( status > 128 )) && kill -0 "$1" 2>/dev/null; do :; done
  return "$status"
}

# await_idle PID: waits for a child that need not finish. It is killed when the worker is to stop.
await_idle() {
  local status
  idle=$1
  # A child that was started a moment ago may miss a signal.
  while [[ -n $stopped ]] && kill "$idle" 2>/dev/null; do sleep 0.1; done
  await "$idle"
  status=$?
  idle=
  return "$status"
}

# pause SECONDS: waits, but not longer than until the worker is to stop. After that, waits for a second at most.
pause() {
  if [[ -n $stopped ]]; then
    sleep "$(jq -n --argjson seconds "$1" '[$seconds, 1] | min')"
  else
    sleep "$1" 3>&- &
    await_idle $!
  fi
}
