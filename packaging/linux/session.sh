#!/bin/sh
# Runs a program in a desktop session of its own: a fresh home, a virtual screen, a message bus, an
# unlocked keyring and a notification daemon. Nothing of the caller's session is touched, and
# nothing is left running when the program ends.
#
# Usage: session.sh FOLDER PROGRAM [ARGUMENT...]
# FOLDER is emptied and becomes the place of the session's home and of session.log.
# With CONGVAN_SESSION_SCREEN=own the windows appear on the caller's screen.
set -eu

screen="1366x768x24"

if [ "${CONGVAN_SESSION:-}" != inside ]; then
  folder=$1
  rm -rf "$folder"
  mkdir -p "$folder/home"
  # Sockets live here: their paths may not be longer than 107 bytes, so not below the checkout.
  XDG_RUNTIME_DIR=$(mktemp -d "${TMPDIR:-/tmp}/congvan-XXXXXX")
  trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT
  trap 'exit 130' INT TERM HUP
  unset DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL \
    XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_CURRENT_DESKTOP
  # There is no accessibility bus; GTK would complain at every start.
  export XDG_RUNTIME_DIR CONGVAN_SESSION=inside NO_AT_BRIDGE=1 LANG="${LANG:-C.UTF-8}"
  # The screen comes first, so that what the bus starts finds it. What screen and bus have to say
  # goes to the log; descriptors 8 and 9 keep the caller's outputs for the program.
  if [ "${CONGVAN_SESSION_SCREEN:-}" = own ]; then
    export XAUTHORITY="${XAUTHORITY:-$HOME/.Xauthority}" HOME="$folder/home"
    dbus-run-session -- "$0" "$@" 8>&1 9>&2 >"$folder/session.log" 2>&1
  else
    unset WAYLAND_DISPLAY XAUTHORITY
    export HOME="$folder/home"
    xvfb-run -a -s "-screen 0 $screen" dbus-run-session -- "$0" "$@" 8>&1 9>&2 >"$folder/session.log" 2>&1
  fi
  exit
fi

log=$1/session.log
shift
unset CONGVAN_SESSION
exec >&8 2>&9 8>&- 9>&-

has_owner() {
  dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.NameHasOwner "string:$1" 2>/dev/null | grep -q true
}

# Waits until a program has taken its name on the bus; asking it for anything earlier would make
# the bus start a second one.
await() {
  tries=0
  until has_owner "$1"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ]; then
      echo "session.sh: $2 does not answer; see $log" >&2
      exit 1
    fi
    sleep 0.05
  done
}

printf 'congvan' | gnome-keyring-daemon --unlock --components=secrets --daemonize >>"$log" 2>&1
await org.freedesktop.secrets "the keyring (gnome-keyring)"
printf 'x' | secret-tool store --label=probe congvan-session probe 2>>"$log" || {
  echo "session.sh: the keyring does not open; see $log" >&2
  exit 1
}
secret-tool clear congvan-session probe

dunst >>"$log" 2>&1 &
dunst=$!
trap 'kill "$dunst" 2>/dev/null || true' EXIT
await org.freedesktop.Notifications "the notification daemon (dunst)"

status=0
"$@" || status=$?
exit "$status"
