#!/bin/sh
# opencryptoki's daemon with one software token, in the namespaces of this process alone.
# usage: unshare --mount --ipc --pid --fork --kill-child sh opencryptoki.sh LABEL SO_PIN PIN
# Says "ready" when the token can be used; ends when standard input ends.
set -e
for folder in /var/lib/opencryptoki /run /dev/shm /etc/opencryptoki; do
    mkdir -p "$folder"
    mount -t tmpfs none "$folder"
done
mount -t proc proc /proc
cat > /etc/opencryptoki/opencryptoki.conf <<'CONF'
version opencryptoki-3.1
slot 3
{
stdll = libpkcs11_sw.so
}
CONF
mkdir -p /run/lock/opencryptoki/swtok /run/opencryptoki /var/lib/opencryptoki/swtok/TOK_OBJ
for folder in /run/lock/opencryptoki /run/opencryptoki /var/lib/opencryptoki; do
    chgrp -R pkcs11 "$folder"
    chmod -R 770 "$folder"
done
pkcsslotd >&2
# The token comes with this officer's PIN.
echo "$1" | pkcsconf -I -c 3 -S 87654321 >&2
pkcsconf -P -c 3 -S 87654321 -n "$2" >&2
pkcsconf -u -c 3 -S "$2" -n "$3" >&2
echo ready
cat > /dev/null
