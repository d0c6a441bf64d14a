#!/bin/sh
# Makes the small file system that the guest boots from: busybox, the kernel modules in order, init.sh.
# initramfs.sh MODULES BUSYBOX OUT      (MODULES = …/lib/modules/VERSION of an unpacked kernel package)
set -eu
here=$(dirname "$(readlink -f "$0")")
modules=$(readlink -f "$1") busybox=$2 out=$3
version=$(basename "$modules")
# Debian leaves this to the package's installation, which we do not do.
"$busybox" depmod -b "${modules%/lib/modules/*}" "$version"
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -r "$work"' EXIT
for folder in bin modules proc sys dev machine run-folder layer whole; do mkdir "$work/$folder"; done
cp "$busybox" "$work/bin/busybox"
install -m 755 "$here/init.sh" "$work/init"
: > "$work/modules/order"
# The root of this machine; the emulated controller; and what pairing computes with, random numbers included: the
# kernel would fetch these by itself, but finds no modprobe on a machine without kmod.
for wanted in virtio_pci 9pnet_virtio 9p overlay \
    sha3_generic sha512_generic jitterentropy_rng drbg cmac ecb algif_hash algif_skcipher ecdh_generic bluetooth hci_vhci uhid; do
  line=$(grep -E "/$wanted\.ko[^:]*:" "$modules/modules.dep" || true)
  if [ -z "$line" ]; then
    grep -q "/$wanted\.ko" "$modules/modules.builtin" || echo "this kernel has no module $wanted" >&2
    continue
  fi
  # "module: needs needs …", the first to be loaded last.
  for module in $(echo "${line#*:}" | tr ' ' '\n' | tac) "${line%%:*}"; do
    name=$(basename "$module")
    name=${name%.xz}
    [ -e "$work/modules/$name" ] && continue
    case $module in
      *.xz) xz -dc "$modules/$module" > "$work/modules/$name" ;;
      *.ko) cp "$modules/$module" "$work/modules/$name" ;;
      *) echo "$module is packed in a way that is not known here" >&2; exit 1 ;;
    esac
    echo "$name" >> "$work/modules/order"
  done
done
(cd "$work" && find . | "$busybox" cpio -o -H newc 2> /dev/null | gzip -1) > "$out.new"
mv "$out.new" "$out"
