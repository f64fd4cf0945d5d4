# Owns the guest of the accelerator self-test: a multiboot flat binary that prints one letter for each stage it reaches.
# Must not need firmware services, nor memory above 2 MiB.
#
# Letters go to port 0xe9 (QEMU's debug console). At the end it writes 0x2a to port 0xf4 (isa-debug-exit): QEMU ends with status 85.
# Build and run: see README.md.
.macro say c
  mov $\c,%al
  out %al,$0xe9
.endm
.code32
.globl _start
_start:
mb: .long 0x1BADB002, 0x00010000, -(0x1BADB002+0x00010000), mb, _start, _end, 0, entry
entry:
  mov $0x80000,%esp
  say 'P'                        # 32-bit protected mode, after SeaBIOS and the multiboot option ROM
  cld
  mov $0x10000,%edi
  xor %eax,%eax
  mov $0x1800,%ecx
  rep stosl                      # 0x10000 PML4, 0x11000 PDPT, 0x12000 PD, 0x14000 IDT, 0x15000 TSS
  movl $0x11007,0x10000
  movl $0x12007,0x11000
  movl $0x87,0x12000             # one 2 MiB page, identity, user
  mov $0x10000,%eax
  mov %eax,%cr3
  mov %cr4,%eax
  or $0x20,%eax
  mov %eax,%cr4                  # PAE
  mov $0xc0000080,%ecx
  rdmsr
  or $0x100,%eax
  wrmsr                          # LME
  mov %cr0,%eax
  or $0x80000000,%eax
  mov %eax,%cr0                  # PG
  lgdt gdtr
  ljmp $8,$lm
.code64
lm:
  xor %eax,%eax
  mov %eax,%ds
  mov %eax,%es
  mov $0x10,%eax
  mov %eax,%ss
  mov $0x80000,%esp
  say 'L'                        # 64-bit long mode with paging
  mov $0x14000,%ebx
  mov $h3,%eax
  mov $3,%ecx
  call gate
  mov $h20,%eax
  mov $0x20,%ecx
  call gate
  mov $h80,%eax
  mov $0x30,%ecx
  call gate
  orb $0x60,0x14000+0x30*16+5    # DPL 3
  lidt idtr
  movl $0x70000,0x15004          # TSS.RSP0
  mov $0x28,%eax
  ltr %ax
  int3
  say 'I'                        # exception through the IDT and iretq
  pushq $0x23
  pushq $0x60000
  pushq $0x3002
  pushq $0x1b
  pushq $user
  iretq
user:
  int $0x30                      # from ring 3
  jmp .
h80:
  say 'U'                        # ring 3 and back through the TSS
  mov $0x80000,%esp
  # PIC at 0x20, only IRQ0; PIT 1 kHz
  mov $0x11,%al
  out %al,$0x20
  mov $0x20,%al
  out %al,$0x21
  mov $4,%al
  out %al,$0x21
  mov $1,%al
  out %al,$0x21
  mov $0xfe,%al
  out %al,$0x21
  mov $0x34,%al
  out %al,$0x43
  mov $0xa9,%al
  out %al,$0x40
  mov $4,%al
  out %al,$0x40
  xor %ebp,%ebp
  sti
1: hlt
  cmp $3,%ebp
  jb 1b
  cli
  say 'T'                        # three timer interrupts, with hlt
  mov $20000000,%ecx
2: dec %ecx
  jnz 2b
  say 'S'                        # 20M loop turns: instant on real KVM, ~0.1 s on TCG, very long if the accelerator interprets
  say 10
  mov $0x2a,%al
  out %al,$0xf4
  hlt
h3: iretq
h20:
  inc %ebp
  mov $0x20,%al
  out %al,$0x20
  iretq
gate:
  shl $4,%ecx
  movw %ax,(%rbx,%rcx)
  movw $8,2(%rbx,%rcx)
  movw $0x8e00,4(%rbx,%rcx)
  shr $16,%eax
  movw %ax,6(%rbx,%rcx)
  ret
.align 8
gdt: .quad 0, 0x00209a0000000000, 0x0000920000000000, 0x0020fa0000000000, 0x0000f20000000000
  .word 0x67, 0x5000
  .byte 1, 0x89, 0, 0
  .quad 0
gdtr: .word gdtr-gdt-1
  .long gdt
idtr: .word 0xfff
  .quad 0x14000
_end:
