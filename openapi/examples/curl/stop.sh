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
  while kill -0 "$1"; do wait "$1"; done 2>/dev/null
  wait "$1"
}

# await_idle PID: waits for a child that need not finish. It is killed when the worker is to stop.
await_idle() {
  idle=$1
  while kill -0 "$1"; do
    if [[ -z $stopped ]]; then
      wait "$1"
    else
      # A child that was started a moment ago may miss a signal.
      kill "$1"
      sleep 0.1
    fi
  done 2>/dev/null
  idle=
  wait "$1"
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
