using Weld.Air.Interpretation;
using Weld.Air.Tests.Text;

namespace Weld.Air.Tests.Interpretation;

/// <summary>What run lines cannot say: limits, the host, memory, variadic arguments, wasm64.</summary>
public sealed class InterpreterTests
{
    [Fact]
    public void Endless_programs_stop()
    {
        AirModule module = Parsing.Succeeds("fn @f() -> noreturn {\n  loop %again {\n    repeat %again\n  }\n}\nfn @g() {\n  call @g()\n  ret\n}\n");
        var options = new InterpreterOptions { MostSteps = 5000, MostCalls = 100 };
        Assert.Equal(TrapReason.StepLimit, Call(module, "f", options).Trap!.Reason);
        Assert.Equal(TrapReason.CallLimit, Call(module, "g", options).Trap!.Reason);
    }

    [Fact]
    public void Endless_tail_calls_need_no_frames()
    {
        AirModule module = Parsing.Succeeds("fn @f() -> u8 {\n  %p = alloc [10000]u64\n  %r = call_always_tail @f()\n  ret %r\n}\n");
        Assert.Equal(TrapReason.StepLimit, Call(module, "f", new InterpreterOptions { MostSteps = 10_000 }).Trap!.Reason);
    }

    /// <summary>Compiled code finds what was there.</summary>
    [Fact]
    public void What_an_alloc_gives_is_undefined_each_time()
    {
        AirModule module = Parsing.Succeeds("""
            fn @f() -> u8 {
              %n = alloc bool
              store %n, true
              loop %again {
                %p = alloc u8
                %v = load u8 %p
                store %p, 1
                %first = load bool %n
                store %n, false
                cond_br %first {
                  repeat %again
                } else {
                  ret %v
                }
              }
            }

            """);
        Assert.Equal(0xaa, Call(module, "f").Value.Bytes.Span[0]);
    }

    [Fact]
    public void Memory_is_bounded()
    {
        AirModule module = Parsing.Succeeds("fn @f() {\n  %p = alloc [1000000]u8\n  call @f()\n  ret\n}\nvar @big: [2000000]u8 = {0...}\nfn @g() {\n  ret\n}\n");
        Assert.Equal(TrapReason.MemoryLimit, Call(module, "f", new InterpreterOptions { MostMemory = 5_000_000 }).Trap!.Reason);
        Assert.Equal(TrapReason.MemoryLimit, Call(module, "g", new InterpreterOptions { MostMemory = 1_000_000 }).Trap!.Reason);
    }

    [Fact]
    public void A_memset_costs_steps()
    {
        AirModule module = Parsing.Succeeds("fn @f() {\n  %p = alloc [1000000]u8\n  memset %p, 1\n  ret\n}\n");
        Assert.Equal(TrapReason.StepLimit, Call(module, "f", new InterpreterOptions { MostSteps = 1000, MostMemory = 5_000_000 }).Trap!.Reason);
    }

    [Fact]
    public void A_trap_says_where_it_is()
    {
        AirModule module = Parsing.Succeeds("fn @f(%x: u8) -> u8 {\n  %y = add_safe u8 %x, 1\n  ret %y\n}\nfn @g() -> u8 {\n  %r = call @f(255)\n  ret %r\n}\n");
        InterpreterTrap trap = Call(module, "g").Trap!;
        Assert.Equal("Overflow: add_safe of 255 and 1 (in @f, instruction 1)", trap.ToString());
        Assert.True(trap.IsDefined);
        Assert.False(trap.IsLimit);
    }

    [Fact]
    public void The_host_gives_what_is_defined_elsewhere()
    {
        AirModule module = Parsing.Succeeds("extern fn @twice(%x: u32) -> u32\nfn @f() -> u32 {\n  %r = call @twice(21)\n  ret %r\n}\n");
        Assert.Equal(TrapReason.NotDefined, Call(module, "f").Trap!.Reason);
        var options = new InterpreterOptions
        {
            Host = static (_, function, arguments) => function.Name == "twice"
                ? new RuntimeValue(TypeId.U32, BitConverter.GetBytes(BitConverter.ToUInt32(arguments[0].Bytes.Span) * 2))
                : null,
        };
        Assert.Equal(42u, BitConverter.ToUInt32(Call(module, "f", options).Value.Bytes.Span));
    }

    [Fact]
    public void Memory_stays_from_call_to_call()
    {
        AirModule module = Parsing.Succeeds("var @n: u32 = 1\nfn @f() -> u32 {\n  %x = load u32 @n\n  %y = add u32 %x, %x\n  store @n, %y\n  ret %y\n}\n");
        var interpreter = new Interpreter(module);
        AirFunction f = module.Functions.Single();
        interpreter.Call(f);
        Assert.Equal(4u, BitConverter.ToUInt32(interpreter.Call(f).Value.Bytes.Span));
        ulong address = interpreter.AddressOf(module.Variables.Single());
        Assert.Equal([4, 0, 0, 0], interpreter.TryRead(address, 4));
        Assert.Null(interpreter.TryRead(address, 5));
        Assert.True(interpreter.TryWrite(address, [5, 0, 0, 0]));
        Assert.False(interpreter.TryWrite(0, [1]));
        Assert.Equal(10u, BitConverter.ToUInt32(interpreter.Call(f).Value.Bytes.Span));
    }

    [Fact]
    public void Addresses_have_64_bits_with_wasm64()
    {
        AirModule module = Parsing.Succeeds("var @p: *const usize = @n\nconst @n: usize = 0xffffffffffffffff\nfn @f() -> usize {\n  %p = load *const usize @p\n  %r = load usize %p\n  ret %r\n}\n");
        InterpreterResult result = Call(module, "f", new InterpreterOptions { Target = AirTarget.Wasm64 });
        Assert.Equal(ulong.MaxValue, BitConverter.ToUInt64(result.Value.Bytes.Span));
    }

    [Fact]
    public void Variadic_arguments_come_one_after_the_other()
    {
        AirModule module = Parsing.Succeeds("""
            fn @sum(%n: u32, ...) callconv(c) -> f64 {
              %list = alloc [*]u8
              %start = c_va_start [*]u8
              store %list, %start
              %a = c_va_arg u32 %list
              %copy = c_va_copy [*]u8 %list
              %b = c_va_arg f64 %list
              store %list, %copy
              %c = c_va_arg f64 %list
              c_va_end %list
              %d = float_from_int f64 %a
              %e = add f64 %b, %c
              %r = add f64 %d, %e
              ret %r
            }
            fn @f() -> f64 {
              %r = call @sum(1, (u32 5), (f64 1.25))
              ret %r
            }

            """);
        Assert.Equal(7.5, BitConverter.ToDouble(Call(module, "f").Value.Bytes.Span));
    }

    [Fact]
    public void What_is_illegal_can_be_passed_by()
    {
        AirModule module = Parsing.Succeeds("fn @f() -> u8 {\n  %x = add u8 255, 1\n  %y = div_trunc u8 5, 0\n  %r = add u8 %x, %y\n  ret %r\n}\n");
        var found = new List<int>();
        InterpreterResult result = Call(module, "f", new InterpreterOptions { OnIllegal = trap => found.Add(trap.Instruction.Index) });
        Assert.Equal([0, 1], found);
        Assert.Equal(0, result.Value.Bytes.Span[0]);
    }

    private static InterpreterResult Call(AirModule module, string name, InterpreterOptions? options = null) =>
        new Interpreter(module, options).Call(module.Functions.Single(function => function.Name == name));
}
