# A table of externref besides the table of functions, and a global of the program's own.
	.tabletype	__indirect_function_table, funcref
	.tabletype	my_table, externref
	.globl	my_table
my_table:
	.globaltype	my_global, i32
	.globl	my_global
my_global:
	.functype	target (i32) -> (i32)
	.section	.text._start,"",@
	.globl	_start
	.type	_start,@function
_start:
	.functype	_start () -> ()
	i32.const	0
	i32.const	0
	table.get	my_table
	table.set	my_table
	global.get	my_global
	i32.const	1
	i32.add
	global.set	my_global
	i32.const	5
	i32.const	target
	call_indirect	__indirect_function_table, (i32) -> (i32)
	drop
	end_function
	.section	.text.target,"",@
	.type	target,@function
target:
	.functype	target (i32) -> (i32)
	local.get	0
	end_function
	.section	.custom_section.target_features,"",@
	.int8	1
	.int8	43
	.int8	15
	.ascii	"reference-types"
