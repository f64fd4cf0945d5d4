/* Owns what the guests of the lab without an operating system share: ports, the serial line, PCI's configuration space, the proof of an `edu`.
   Must not know what a guest does with it. */
typedef unsigned int u32;
typedef unsigned char u8;
typedef unsigned short u16;

static inline void out8(u16 port, u8 value) { __asm__ volatile("outb %0,%1" ::"a"(value), "Nd"(port)); }
static inline void out16(u16 port, u16 value) { __asm__ volatile("outw %0,%1" ::"a"(value), "Nd"(port)); }
static inline void out32(u16 port, u32 value) { __asm__ volatile("outl %0,%1" ::"a"(value), "Nd"(port)); }
static inline u8 in8(u16 port) {
  u8 value;
  __asm__ volatile("inb %1,%0" : "=a"(value) : "Nd"(port));
  return value;
}
static inline u32 in32(u16 port) {
  u32 value;
  __asm__ volatile("inl %1,%0" : "=a"(value) : "Nd"(port));
  return value;
}

static void say_character(char c) {
  while (!(in8(0x3fd) & 0x20)) continue;
  out8(0x3f8, (u8)c);
}
static void say(const char *text) {
  while (*text) say_character(*text++);
}
static void say_hex(u32 value, int digits) {
  while (digits--) {
    u32 digit = (value >> (digits * 4)) & 15;
    say_character((char)(digit < 10 ? '0' + digit : 'a' + digit - 10));
  }
}

static u32 place(int bus, int device, int function, int offset) {
  return 0x80000000u | (u32)(bus << 16) | (u32)(device << 11) | (u32)(function << 8) | (u32)(offset & 0xfc);
}
static u32 config(int bus, int device, int function, int offset) {
  out32(0xcf8, place(bus, device, function, offset));
  return in32(0xcfc);
}
static void set_config(int bus, int device, int function, int offset, u32 value) {
  out32(0xcf8, place(bus, device, function, offset));
  out32(0xcfc, value);
}

static volatile u8 memory[8192] __attribute__((aligned(4096)));

#define PATTERN(i) ((u8)((i) * 7 + 3))

/* docs/specs/edu: 0x08 computes a factorial, 0x80 is the DMA engine, whose own memory is at 0x40000. */
static void prove_edu(int bus, int device, int function) {
  u32 patience = 0, wrong = 0;
  set_config(bus, device, function, 4, config(bus, device, function, 4) | 6);
  volatile u32 *registers = (volatile u32 *)(config(bus, device, function, 0x10) & ~15u);
  registers[2] = 10;
  while (registers[8] & 1) continue;
  say("EDU 10!=");
  say_hex(registers[2], 8);
  for (int i = 0; i < 256; i++) memory[i] = PATTERN(i);
  for (int turn = 0; turn < 2; turn++) {
    registers[32] = turn ? 0x40000 : (u32)memory;
    registers[33] = 0;
    registers[34] = turn ? (u32)(memory + 4096) : 0x40000;
    registers[35] = 0;
    registers[36] = 256;
    registers[37] = 0;
    registers[38] = turn ? 3 : 1;
    while ((registers[38] & 1) && ++patience < 50000000) continue;
  }
  for (int i = 0; i < 256; i++) wrong += memory[4096 + i] != PATTERN(i);
  say(wrong ? " DMA WRONG\r\n" : " DMA OK\r\n");
}
