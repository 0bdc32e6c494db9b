namespace Weld.Air.Tests.Building;

/// <summary>The example of README.md and docs/air.md; a test compares.</summary>
internal static class GcdExample
{
    public static AirModule Build()
    {
        // example
        var module = new AirModule();
        FunctionBuilder f = module.DefineFunction("gcd", [("a", TypeId.U32), ("b", TypeId.U32)], TypeId.U32);
        Operand a = f.Alloc(TypeId.U32), b = f.Alloc(TypeId.U32);
        f.Store(a, f.Parameter(0));
        f.Store(b, f.Parameter(1));
        f.Loop(again =>
        {
            Operand divisor = f.Load(b);
            f.If(f.CmpEq(divisor, f.Constant(TypeId.U32, 0)), () => f.Ret(f.Load(a)));
            Operand rest = f.Rem(f.Load(a), divisor);
            f.Store(a, divisor);
            f.Store(b, rest);
        });
        module.Export(f.Finish(), "gcd");
        // end
        return module;
    }
}
