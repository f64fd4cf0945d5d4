/* Owns a guest of two kilobytes that does what ACPI has an operating system do when cards come and go: it tells of a card that came, drives
   an `edu` by DMA, and lets go of what it is asked for. QEMU's docs/specs/acpi_pci_hotplug has the registers.
   Must not need a compiler in the tests: pci-watch.elf is built with
   gcc -m32 -Os -I../pci-scan -ffreestanding -fno-pie -no-pie -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables \
     -Wl,-Ttext=0x100000,-n,--build-id=none -s -o pci-watch.elf entry.S watch.c */
#include "bare.h"

/* Of q35. Writing a bus to SELECT shows what came (read once) and what is asked for there, a bit a slot. */
enum { CAME = 0xcc0, ASKED = 0xcc4, EJECT = 0xcc8, SELECT = 0xcd0, BUSES = 64 };

static u8 known[256];

/* Its memory window, where firmware left room; what is behind it may write to memory. */
static u32 open_bridge_to(int bus) {
  for (int device = 0; device < 32; device++)
    for (int function = 0; function < 8; function++) {
      if (config(0, device, function, 0) == 0xffffffffu || (config(0, device, function, 0xc) >> 16 & 0x7f) != 1) continue;
      if ((int)(config(0, device, function, 0x18) >> 8 & 0xff) != bus) continue;
      set_config(0, device, function, 4, config(0, device, function, 4) | 6);
      return (config(0, device, function, 0x20) & 0xfff0) << 16;
    }
  return 0;
}

static void look(void) {
  for (int bus = 1; bus < 64; bus++) {
    u32 id = config(bus, 0, 0, 0);
    if (id == 0xffffffffu) {
      if (known[bus]) say("WENT\r\n");
      known[bus] = 0;
      continue;
    }
    if (known[bus]) continue;
    known[bus] = 1;
    say("CAME");
    /* A card with several functions comes with all of them at once, or not wholly. */
    for (int function = 0; function < 8; function++) {
      u32 one = config(bus, 0, function, 0);
      if (one == 0xffffffffu) continue;
      say_character(' ');
      say_hex(one & 0xffff, 4);
      say_character(':');
      say_hex(one >> 16, 4);
    }
    say("\r\n");
    if (id != 0x11e81234u) continue;
    set_config(bus, 0, 0, 0x10, open_bridge_to(bus));
    prove_edu(bus, 0, 0);
  }
}

/* The timer ticks by itself, 18 times a second; the interrupt controller takes it to gate 0x20 alone. */
static void let_timer_through(void) {
  static const u8 first[] = {0x11, 0x20, 4, 1}, second[] = {0x11, 0x28, 2, 1};
  for (int i = 0; i < 4; i++) {
    out8(i ? 0x21 : 0x20, first[i]);
    out8(i ? 0xa1 : 0xa0, second[i]);
  }
  out8(0x21, 0xfe);
  out8(0xa1, 0xff);
}

void watch(void) {
  let_timer_through();
  look();
  say("WATCHING\r\n");
  for (;;) {
    u32 changed = 0;
    __asm__ volatile("sti; hlt; cli");
    for (u32 bus = 0; bus < BUSES; bus++) {
      out32(SELECT, bus);
      u32 asked = in32(ASKED);
      changed |= in32(CAME) | asked;
      if (asked) out32(EJECT, asked);
    }
    if (changed) look();
  }
}
