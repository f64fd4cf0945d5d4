# Owns the multiboot header of the guest that watches PCI, its stack, and a timer that wakes it from `hlt`: who spins is emulated twice.
# Must not do anything else.
.section .multiboot,"a"
.align 4
.long 0x1BADB002, 0x0, -(0x1BADB002)
.text
.globl _start
_start:
  cli
  mov $stack_top, %esp
  lgdt gdt_register
  ljmp $8, $1f
1:
  mov $16, %ax
  mov %ax, %ds
  mov %ax, %es
  mov %ax, %ss
  # The timer's gate is at 0x20; nothing else is let through.
  mov $tick, %eax
  mov %ax, idt + 0x20 * 8
  movw $8, idt + 0x20 * 8 + 2
  movw $0x8e00, idt + 0x20 * 8 + 4
  shr $16, %eax
  mov %ax, idt + 0x20 * 8 + 6
  lidt idt_register
  call watch
tick:
  push %eax
  mov $0x20, %al
  out %al, $0x20
  pop %eax
  iret
.align 8
gdt:
  .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_register:
  .word 23
  .long gdt
idt_register:
  .word 0x21 * 8 - 1
  .long idt
.section .note.GNU-stack,"",@progbits
.bss
.align 16
idt:
.space 0x21 * 8
.align 16
.space 16384
stack_top:
