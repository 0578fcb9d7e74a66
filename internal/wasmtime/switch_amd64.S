//go:build linux && !spin_portable

// int32_t spin_switch(void *sp, int32_t (*fn)(spin_hostcall *), spin_hostcall *arg)
//                     rdi       rsi                             rdx
// Calls fn(arg) on the stack whose top is sp, 64-byte aligned, and comes back.
// fn preserves rbp, which therefore carries the caller's stack pointer across;
// the unwind rule based on it lets debuggers walk from one stack to the other.
	.text
	.globl	spin_switch
	.type	spin_switch, @function
	.p2align 4
spin_switch:
	.cfi_startproc
	endbr64
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	movq	%rdi, %rsp
	movq	%rdx, %rdi
	call	*%rsi
	movq	%rbp, %rsp
	popq	%rbp
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	spin_switch, .-spin_switch
	.section .note.GNU-stack,"",@progbits
