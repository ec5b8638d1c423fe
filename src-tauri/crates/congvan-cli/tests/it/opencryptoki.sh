#!/bin/sh
# opencryptoki's daemon with one software token, in the namespaces of this process alone.
# usage: unshare [--user --map-root-user] --mount --ipc --pid --fork --kill-child \
#            sh opencryptoki.sh LABEL SO_PIN PIN
# Says "ready" when the token can be used; ends when standard input ends.
set -e
for folder in /var/lib/opencryptoki /run /dev/shm /etc/opencryptoki; do
    mkdir -p "$folder"
    mount -t tmpfs none "$folder"
done
mount -t proc proc /proc
# The daemon wants its group. In a user's own namespace that group has no number; root's has.
if ! chgrp pkcs11 /run 2> /dev/null; then
    sed 's/^pkcs11:.*/pkcs11:x:0:root/' /etc/group > /run/group
    mount --bind /run/group /etc/group
fi
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
