/* Owns a guest of two kilobytes: it tells on its serial port which PCI functions it sees, proves registers and DMA of an `edu` device, and
   switches itself off.
   Must not need a compiler in the tests: pci-scan.elf is built with
   gcc -m32 -Os -ffreestanding -fno-pie -no-pie -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables \
     -Wl,-Ttext=0x100000,-n,--build-id=none -s -o pci-scan.elf entry.S scan.c */
#include "bare.h"

void scan(void) {
  u32 power = 0x600;
  for (int bus = 0; bus < 64; bus++)
    for (int device = 0; device < 32; device++)
      for (int function = 0; function < 8; function++) {
        u32 id = config(bus, device, function, 0);
        if (id == 0xffffffffu) {
          if (!function) break;
          continue;
        }
        say("PCI ");
        say_hex((u32)bus, 2);
        say_character(':');
        say_hex((u32)device, 2);
        say_character('.');
        say_hex((u32)function, 1);
        say_character(' ');
        say_hex(id & 0xffff, 4);
        say_character(':');
        say_hex(id >> 16, 4);
        say("\r\n");
        /* ICH9's power management, where SeaBIOS put it. */
        if (id == 0x29188086u) power = config(bus, device, function, 0x40) & 0xff80;
        if (id == 0x11e81234u) prove_edu(bus, device, function);
        if (!function && !(config(bus, device, function, 0xc) & 0x800000)) break;
      }
  say("DONE\r\n");
  out16((u16)(power + 4), 0x2000);
  for (;;) __asm__ volatile("hlt");
}
