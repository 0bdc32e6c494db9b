namespace Weld.Air.Building;

/// <content>Arithmetic, bits, comparisons and conversions: a method for each instruction.</content>
public sealed partial class FunctionBuilder
{
    // ---- Arithmetic ----

    public Operand Add(Operand x, Operand y) => Emit(AirOpcode.Add, TypeOf(x), x.Raw, y.Raw);

    public Operand AddSafe(Operand x, Operand y) => Emit(AirOpcode.AddSafe, TypeOf(x), x.Raw, y.Raw);

    public Operand AddOptimized(Operand x, Operand y) => Emit(AirOpcode.AddOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand AddWrap(Operand x, Operand y) => Emit(AirOpcode.AddWrap, TypeOf(x), x.Raw, y.Raw);

    public Operand AddSat(Operand x, Operand y) => Emit(AirOpcode.AddSat, TypeOf(x), x.Raw, y.Raw);

    public Operand AddWithOverflow(Operand x, Operand y) => Emit(AirOpcode.AddWithOverflow, Module.Types.WithOverflow(TypeOf(x)), x.Raw, y.Raw);

    public Operand Sub(Operand x, Operand y) => Emit(AirOpcode.Sub, TypeOf(x), x.Raw, y.Raw);

    public Operand SubSafe(Operand x, Operand y) => Emit(AirOpcode.SubSafe, TypeOf(x), x.Raw, y.Raw);

    public Operand SubOptimized(Operand x, Operand y) => Emit(AirOpcode.SubOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand SubWrap(Operand x, Operand y) => Emit(AirOpcode.SubWrap, TypeOf(x), x.Raw, y.Raw);

    public Operand SubSat(Operand x, Operand y) => Emit(AirOpcode.SubSat, TypeOf(x), x.Raw, y.Raw);

    public Operand SubWithOverflow(Operand x, Operand y) => Emit(AirOpcode.SubWithOverflow, Module.Types.WithOverflow(TypeOf(x)), x.Raw, y.Raw);

    public Operand Mul(Operand x, Operand y) => Emit(AirOpcode.Mul, TypeOf(x), x.Raw, y.Raw);

    public Operand MulSafe(Operand x, Operand y) => Emit(AirOpcode.MulSafe, TypeOf(x), x.Raw, y.Raw);

    public Operand MulOptimized(Operand x, Operand y) => Emit(AirOpcode.MulOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand MulWrap(Operand x, Operand y) => Emit(AirOpcode.MulWrap, TypeOf(x), x.Raw, y.Raw);

    public Operand MulSat(Operand x, Operand y) => Emit(AirOpcode.MulSat, TypeOf(x), x.Raw, y.Raw);

    public Operand MulWithOverflow(Operand x, Operand y) => Emit(AirOpcode.MulWithOverflow, Module.Types.WithOverflow(TypeOf(x)), x.Raw, y.Raw);

    public Operand DivFloat(Operand x, Operand y) => Emit(AirOpcode.DivFloat, TypeOf(x), x.Raw, y.Raw);

    public Operand DivTrunc(Operand x, Operand y) => Emit(AirOpcode.DivTrunc, TypeOf(x), x.Raw, y.Raw);

    public Operand DivFloor(Operand x, Operand y) => Emit(AirOpcode.DivFloor, TypeOf(x), x.Raw, y.Raw);

    public Operand DivExact(Operand x, Operand y) => Emit(AirOpcode.DivExact, TypeOf(x), x.Raw, y.Raw);

    public Operand Rem(Operand x, Operand y) => Emit(AirOpcode.Rem, TypeOf(x), x.Raw, y.Raw);

    public Operand Mod(Operand x, Operand y) => Emit(AirOpcode.Mod, TypeOf(x), x.Raw, y.Raw);

    public Operand DivFloatOptimized(Operand x, Operand y) => Emit(AirOpcode.DivFloatOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand DivTruncOptimized(Operand x, Operand y) => Emit(AirOpcode.DivTruncOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand DivFloorOptimized(Operand x, Operand y) => Emit(AirOpcode.DivFloorOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand DivExactOptimized(Operand x, Operand y) => Emit(AirOpcode.DivExactOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand RemOptimized(Operand x, Operand y) => Emit(AirOpcode.RemOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand ModOptimized(Operand x, Operand y) => Emit(AirOpcode.ModOptimized, TypeOf(x), x.Raw, y.Raw);

    public Operand Max(Operand x, Operand y) => Emit(AirOpcode.Max, TypeOf(x), x.Raw, y.Raw);

    public Operand Min(Operand x, Operand y) => Emit(AirOpcode.Min, TypeOf(x), x.Raw, y.Raw);

    public Operand MulAdd(Operand x, Operand y, Operand z) => Emit(AirOpcode.MulAdd, TypeOf(x), x.Raw, y.Raw, z.Raw);

    public Operand Neg(Operand x) => Emit(AirOpcode.Neg, TypeOf(x), x.Raw);

    public Operand NegOptimized(Operand x) => Emit(AirOpcode.NegOptimized, TypeOf(x), x.Raw);

    public Operand Abs(Operand x) => Emit(AirOpcode.Abs, Module.Types.MagnitudeOf(TypeOf(x)), x.Raw);

    // ---- Bits ----

    public Operand BitAnd(Operand x, Operand y) => Emit(AirOpcode.BitAnd, TypeOf(x), x.Raw, y.Raw);

    public Operand BitOr(Operand x, Operand y) => Emit(AirOpcode.BitOr, TypeOf(x), x.Raw, y.Raw);

    public Operand Xor(Operand x, Operand y) => Emit(AirOpcode.Xor, TypeOf(x), x.Raw, y.Raw);

    public Operand Not(Operand x) => Emit(AirOpcode.Not, TypeOf(x), x.Raw);

    public Operand BoolAnd(Operand x, Operand y) => Emit(AirOpcode.BoolAnd, TypeOf(x), x.Raw, y.Raw);

    public Operand BoolOr(Operand x, Operand y) => Emit(AirOpcode.BoolOr, TypeOf(x), x.Raw, y.Raw);

    public Operand Shl(Operand x, Operand amount) => Emit(AirOpcode.Shl, TypeOf(x), x.Raw, amount.Raw);

    public Operand ShlExact(Operand x, Operand amount) => Emit(AirOpcode.ShlExact, TypeOf(x), x.Raw, amount.Raw);

    public Operand ShlSat(Operand x, Operand amount) => Emit(AirOpcode.ShlSat, TypeOf(x), x.Raw, amount.Raw);

    public Operand ShlWithOverflow(Operand x, Operand amount) => Emit(AirOpcode.ShlWithOverflow, Module.Types.WithOverflow(TypeOf(x)), x.Raw, amount.Raw);

    public Operand Shr(Operand x, Operand amount) => Emit(AirOpcode.Shr, TypeOf(x), x.Raw, amount.Raw);

    public Operand ShrExact(Operand x, Operand amount) => Emit(AirOpcode.ShrExact, TypeOf(x), x.Raw, amount.Raw);

    public Operand Clz(TypeId type, Operand x) => Emit(AirOpcode.Clz, type, x.Raw);

    public Operand Ctz(TypeId type, Operand x) => Emit(AirOpcode.Ctz, type, x.Raw);

    public Operand Popcount(TypeId type, Operand x) => Emit(AirOpcode.Popcount, type, x.Raw);

    public Operand ByteSwap(Operand x) => Emit(AirOpcode.ByteSwap, TypeOf(x), x.Raw);

    public Operand BitReverse(Operand x) => Emit(AirOpcode.BitReverse, TypeOf(x), x.Raw);

    // ---- Float ----

    public Operand Sqrt(Operand x) => Emit(AirOpcode.Sqrt, TypeOf(x), x.Raw);

    public Operand Sin(Operand x) => Emit(AirOpcode.Sin, TypeOf(x), x.Raw);

    public Operand Cos(Operand x) => Emit(AirOpcode.Cos, TypeOf(x), x.Raw);

    public Operand Tan(Operand x) => Emit(AirOpcode.Tan, TypeOf(x), x.Raw);

    public Operand Exp(Operand x) => Emit(AirOpcode.Exp, TypeOf(x), x.Raw);

    public Operand Exp2(Operand x) => Emit(AirOpcode.Exp2, TypeOf(x), x.Raw);

    public Operand Log(Operand x) => Emit(AirOpcode.Log, TypeOf(x), x.Raw);

    public Operand Log2(Operand x) => Emit(AirOpcode.Log2, TypeOf(x), x.Raw);

    public Operand Log10(Operand x) => Emit(AirOpcode.Log10, TypeOf(x), x.Raw);

    public Operand Floor(Operand x) => Emit(AirOpcode.Floor, TypeOf(x), x.Raw);

    public Operand Ceil(Operand x) => Emit(AirOpcode.Ceil, TypeOf(x), x.Raw);

    public Operand Round(Operand x) => Emit(AirOpcode.Round, TypeOf(x), x.Raw);

    public Operand TruncFloat(Operand x) => Emit(AirOpcode.TruncFloat, TypeOf(x), x.Raw);

    // ---- Compare ----

    public Operand CmpLt(Operand x, Operand y) => Emit(AirOpcode.CmpLt, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpLte(Operand x, Operand y) => Emit(AirOpcode.CmpLte, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpEq(Operand x, Operand y) => Emit(AirOpcode.CmpEq, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpGte(Operand x, Operand y) => Emit(AirOpcode.CmpGte, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpGt(Operand x, Operand y) => Emit(AirOpcode.CmpGt, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpNeq(Operand x, Operand y) => Emit(AirOpcode.CmpNeq, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpLtOptimized(Operand x, Operand y) => Emit(AirOpcode.CmpLtOptimized, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpLteOptimized(Operand x, Operand y) => Emit(AirOpcode.CmpLteOptimized, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpEqOptimized(Operand x, Operand y) => Emit(AirOpcode.CmpEqOptimized, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpGteOptimized(Operand x, Operand y) => Emit(AirOpcode.CmpGteOptimized, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpGtOptimized(Operand x, Operand y) => Emit(AirOpcode.CmpGtOptimized, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpNeqOptimized(Operand x, Operand y) => Emit(AirOpcode.CmpNeqOptimized, TypeId.Bool, x.Raw, y.Raw);

    public Operand CmpVector(CompareOperator comparison, Operand x, Operand y) => Emit(AirOpcode.CmpVector, Module.Types.WithLanesOf(TypeOf(x), TypeId.Bool), (int)comparison, x.Raw, y.Raw);

    public Operand CmpVectorOptimized(CompareOperator comparison, Operand x, Operand y) => Emit(AirOpcode.CmpVectorOptimized, Module.Types.WithLanesOf(TypeOf(x), TypeId.Bool), (int)comparison, x.Raw, y.Raw);

    public Operand CmpLtErrorsLen(Operand x) => Emit(AirOpcode.CmpLtErrorsLen, TypeId.Bool, x.Raw);

    public Operand Select(TypeId type, Operand condition, Operand x, Operand y) => Emit(AirOpcode.Select, type, condition.Raw, x.Raw, y.Raw);

    // ---- Conversion ----

    public Operand Bitcast(TypeId type, Operand x) => Emit(AirOpcode.Bitcast, type, x.Raw);

    public Operand AddrspaceCast(TypeId type, Operand x) => Emit(AirOpcode.AddrspaceCast, type, x.Raw);

    public Operand Intcast(TypeId type, Operand x) => Emit(AirOpcode.Intcast, type, x.Raw);

    public Operand IntcastSafe(TypeId type, Operand x) => Emit(AirOpcode.IntcastSafe, type, x.Raw);

    public Operand Trunc(TypeId type, Operand x) => Emit(AirOpcode.Trunc, type, x.Raw);

    public Operand Fptrunc(TypeId type, Operand x) => Emit(AirOpcode.Fptrunc, type, x.Raw);

    public Operand Fpext(TypeId type, Operand x) => Emit(AirOpcode.Fpext, type, x.Raw);

    public Operand IntFromFloat(TypeId type, Operand x) => Emit(AirOpcode.IntFromFloat, type, x.Raw);

    public Operand IntFromFloatOptimized(TypeId type, Operand x) => Emit(AirOpcode.IntFromFloatOptimized, type, x.Raw);

    public Operand IntFromFloatSafe(TypeId type, Operand x) => Emit(AirOpcode.IntFromFloatSafe, type, x.Raw);

    public Operand IntFromFloatOptimizedSafe(TypeId type, Operand x) => Emit(AirOpcode.IntFromFloatOptimizedSafe, type, x.Raw);

    public Operand FloatFromInt(TypeId type, Operand x) => Emit(AirOpcode.FloatFromInt, type, x.Raw);
}
