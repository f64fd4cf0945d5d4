# Owns the multiboot header of the PCI scan, and its stack.
# Must not do anything else.
.section .multiboot,"a"
.align 4
.long 0x1BADB002, 0x0, -(0x1BADB002)
.text
.globl _start
_start:
  mov $stack_top, %esp
  call scan
1:
  hlt
  jmp 1b
.section .note.GNU-stack,"",@progbits
.bss
.align 16
.space 16384
stack_top:
