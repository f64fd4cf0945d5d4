#!/bin/sh
# build.sh OUT: the program as it is shipped. The same compiler gives the same bytes: no build id, no timestamps, no debug information.
set -eu
out=$(realpath -m "$1")
cd "$(dirname "$0")"
# On arm64 the compiler would call a library for atomics, and there is none.
case $("${CC:-gcc}" -dumpmachine) in aarch64*) inline=-mno-outline-atomics ;; *) inline= ;; esac
exec "${CC:-gcc}" $inline -std=c11 -Os -Wall -Wextra -Werror -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie \
  -fno-asynchronous-unwind-tables -fno-ident -fcf-protection=none -ffunction-sections -fdata-sections \
  -Wl,--gc-sections,--build-id=none,-z,noexecstack,-z,norelro -s -o "$out" main.c journal.c verbs.c memory.c preparation.c places.c forms.c judgement.c vfio.c group-move.c mdev.c virtual-function.c run-state.c host-life.c pci.c request.c links.c text.c sys-linux.c
