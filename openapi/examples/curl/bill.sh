# shellcheck shell=bash
# The work.

# bill ENTRY: prints a line for an order. Fails with a reason in $failure if its total is not a decimal number.
bill() {
  local values
  mapfile -t values < <(jq -r '.id, (.fields | .order // "", .total // "", (.takesMs // 0 | tonumber / 1000))
    | tostring | gsub("\n"; " ")' <<<"$1")
  # Stands for work that takes long.
  sleep "${values[3]}" 3>&- &
  await $!
  if [[ ! ${values[2]} =~ ^-?[0-9]+(\.[0-9]+)?$ ]]; then
    failure="the total \"${values[2]}\" is not a decimal number"
    return 1
  fi
  printf '%s %s %s\n' "${values[@]:0:3}"
}
