#!/bin/sh
# Second stage, in the guest: D-Bus, bluetoothd, the service, the bridge; then the scenarios; then what the service holds.
# guest.sh PACKAGES      (unpacked Debian packages); everything else stands in /mnt/run/settings, which xtask writes.
packages=$1
here=$(dirname "$0")
run=/mnt/run
. $run/settings                     # python wardlight bridge code scenarios
export PATH=$packages/usr/sbin:$packages/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TZ=UTC
export LD_LIBRARY_PATH=$packages/lib/x86_64-linux-gnu:$packages/usr/lib/x86_64-linux-gnu
export PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
busybox() { "$packages/bin/busybox" "$@"; }
say() { read -r up _ < /proc/uptime; echo "guest, $up s: $*"; }
# What cannot go on tells why, and ends the machine.
give_up() { say "GIVES UP: $*"; busybox poweroff -f; }
# until SECONDS WHAT COMMAND...: waits for a command to succeed
until_there() {
  limit=$1 what=$2; shift 2
  while ! "$@" > /dev/null 2>&1; do
    limit=$((limit - 1))
    [ $limit -gt 0 ] || give_up "$what is not there in time"
    sleep 1
  done
  say "$what is there"
}

say "kernel $(uname -r)"
# Nothing of this machine's own bonds and sockets; /tmp and /var/lib stay, since the checkout may lie there.
mkdir -p /var/lib/dbus /var/lib/bluetooth /etc/dbus-1/system.d /etc/bluetooth
for folder in /run /var/lib/dbus /var/lib/bluetooth; do busybox mount -t tmpfs memory $folder; done
mkdir -p /run/dbus /run/ward /run/bridge
busybox ifconfig lo up
[ -e /dev/vhci ] || busybox mknod /dev/vhci c 10 137
cp "$packages/etc/dbus-1/system.d/bluetooth.conf" /etc/dbus-1/system.d/
cp "$packages/etc/bluetooth/main.conf" /etc/bluetooth/
policy=/usr/share/dbus-1/system.conf
[ -e $policy ] || policy=$packages$policy

dbus-daemon --config-file="$policy" --nofork --nopidfile > $run/dbus.log 2>&1 &
until_there 60 "the message bus" test -S /run/dbus/system_bus_socket
dbus-monitor --system "sender='org.bluez'" "destination='org.bluez'" > $run/dbus-trace.log 2>&1 &
"$packages/usr/libexec/bluetooth/bluetoothd" -n > $run/bluetoothd.log 2>&1 &

# In memory: a database wants locks and shared memory, which a folder of the other machine has not.
cp $run/ward/* /run/ward/
(cd /run/ward && exec "$wardlight" serve --config wardlight.toml) > $run/service.log 2>&1 &
until_there 120 "the service" busybox wget -q -O /dev/null http://127.0.0.1:8080/readyz
"$bridge" enrol --config $run/bridge.toml --code "$code" > $run/enrol.log 2>&1 || give_up "the bridge does not enrol: $(cat $run/enrol.log)"

# shellcheck disable=SC2086  # words of their own
"$python" "$here/scenarios.py" $run/facts.jsonl $scenarios 2> $run/scenarios.log &
scenarios_pid=$!
until_there 120 "the Bluetooth adapter" dbus-send --system --print-reply --dest=org.bluez /org/bluez/hci0 \
  org.freedesktop.DBus.Properties.Get string:org.bluez.Adapter1 string:Address
# As under a supervisor: the bridge ends on purpose when the Bluetooth service does.
(while :; do "$bridge" run --config $run/bridge.toml; echo "the bridge has ended ($?)"; sleep 2; done) > $run/bridge.log 2>&1 &
wait $scenarios_pid
"$python" "$here/read_out.py" /run/ward/ward.db $run/facts.jsonl || say "what the service holds cannot be read"
busybox dmesg > $run/kernel.log
say "done"
sync
busybox poweroff -f
