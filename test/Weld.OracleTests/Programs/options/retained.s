# A retained segment, one that nobody needs, and pointers with addends.
	.section	.text.answer,"",@
	.type	answer,@function
answer:
	.functype	answer () -> (i32)
	i32.const	42
	end_function
	.type	keep_me,@object
	.section	.data.keep,"R",@
	.globl	keep_me
	.p2align	2, 0x0
keep_me:
	.int32	11
	.size	keep_me, 4
	.type	drop_me,@object
	.section	.data.drop,"",@
	.globl	drop_me
	.p2align	2, 0x0
drop_me:
	.int32	22
	.size	drop_me, 4
	.type	pointers,@object
	.section	.data.pointers,"R",@
	.p2align	2, 0x0
pointers:
	.int32	keep_me+8
	.int32	keep_me-4
	.int32	answer
	.size	pointers, 12
