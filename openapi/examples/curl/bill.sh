# shellcheck shell=bash
# The work.

# bill ID ORDER TOTAL SECONDS: prints a line for an order. Fails with a reason in $failure if its total is not a decimal
# number.
bill() {
  # Stands for work that takes long.
  sleep "$4" 3>&- &
  await $!
  if [[ ! $3 =~ ^-?[0-9]+(\.[0-9]+)?$ ]]; then
    failure="the total \"$3\" is not a decimal number"
    return 1
  fi
  printf '%s %s %s\n' "$1" "$2" "$3"
}
