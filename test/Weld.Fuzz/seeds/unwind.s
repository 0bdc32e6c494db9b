# The tag that throws.cpp needs, as libunwind defines it, and the functions of libc++abi.
	.tagtype	__cpp_exception i32
	.globl	__cpp_exception
	.functype	__cxa_begin_catch (i32) -> (i32)
	.functype	__cxa_end_catch () -> ()
	.functype	might_fail (i32) -> (i32)
__cpp_exception:

	.section	.text.catching,"",@
	.globl	__cxa_begin_catch
	.type	__cxa_begin_catch,@function
__cxa_begin_catch:
	.functype	__cxa_begin_catch (i32) -> (i32)
	local.get	0
	end_function

	.globl	__cxa_end_catch
	.type	__cxa_end_catch,@function
__cxa_end_catch:
	.functype	__cxa_end_catch () -> ()
	end_function

	.section	.text.failing,"",@
	.globl	might_fail
	.type	might_fail,@function
might_fail:
	.functype	might_fail (i32) -> (i32)
	local.get	0
	throw	__cpp_exception
	end_function
