namespace Weld.CodeGen.Functions;

/// <summary>The instructions that i32 and i64 both have lie at fixed distances.</summary>
internal static class Registers
{
    private const int CompareDistance = MirOpcode.I64Eqz - MirOpcode.I32Eqz;
    private const int ArithmeticDistance = MirOpcode.I64Clz - MirOpcode.I32Clz;

    /// <summary>An instruction of i32 (a test, comparison, or arithmetic), or its counterpart for i64.</summary>
    public static MirOpcode ForWidth(MirOpcode opcode32, bool isLong) =>
        !isLong ? opcode32
        : opcode32 <= MirOpcode.I32GeU ? opcode32 + CompareDistance
        : opcode32 + ArithmeticDistance;

    /// <summary>An instruction of f32, or its counterpart for f64.</summary>
    public static MirOpcode ForFloat(MirOpcode opcode32, bool isDouble) =>
        !isDouble ? opcode32
        : opcode32 <= MirOpcode.F32Ge ? opcode32 + (MirOpcode.F64Eq - MirOpcode.F32Eq)
        : opcode32 + (MirOpcode.F64Abs - MirOpcode.F32Abs);
}
