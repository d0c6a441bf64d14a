#!/bin/busybox sh
# First process of the guest: this machine's root, read-only, under a layer of memory; then guest.sh in it.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
# "deep_ble=FOLDER|FOLDER" on the kernel's line: the project's tests/deep-ble, and the unpacked packages.
words=$($b sed -n 's/.*deep_ble=\([^ ]*\).*/\1/p' /proc/cmdline)
while read -r module; do $b insmod "/modules/$module" || echo "module $module does not load"; done < /modules/order
$b mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 root /machine || $b poweroff -f
$b mount -t 9p -o rw,trans=virtio,version=9p2000.L,msize=512000 run /run-folder || $b poweroff -f
$b mount -t tmpfs layer /layer
$b mkdir /layer/upper /layer/work
$b mount -t overlay -o lowerdir=/machine,upperdir=/layer/upper,workdir=/layer/work root /whole || $b poweroff -f
for folder in proc sys dev; do $b mount -o move /$folder /whole/$folder; done
$b mkdir -p /whole/mnt/run
$b mount -o move /run-folder /whole/mnt/run
exec $b switch_root /whole /bin/sh "${words%%|*}/guest.sh" "${words##*|}"
