using Weld.Wasm.Sections;
using static Weld.Mir.Intrinsics.Intrinsic;
using static Weld.Mir.Intrinsics.IntrinsicLibrary;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir.Intrinsics;

/// <summary>Where a routine comes from.</summary>
public enum IntrinsicLibrary : byte
{
    /// <summary>The builtins of LLVM's compiler-rt.</summary>
    CompilerRt,

    /// <summary>The mathematical functions of a C library.</summary>
    Libm,
}

/// <summary>The facts about one routine.</summary>
/// <param name="Intrinsic">The routine.</param>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Types">Parameters, a colon, results: <c>i l f d</c> for i32, i64, f32, f64, <c>a</c> for an address and <c>q</c> for
/// 128 bits in two i64. A result of 128 bits goes to an address that is the first parameter.</param>
/// <param name="Operation">What a program did to need it, in words.</param>
/// <param name="Library">Where it comes from.</param>
public sealed record IntrinsicInfo(Intrinsic Intrinsic, string Symbol, string Types, string Operation, IntrinsicLibrary Library)
{
    /// <summary>The archive to add to a link that misses the routine.</summary>
    public string Archive => Library == CompilerRt ? "libclang_rt.builtins-wasm32.a (compiler-rt)" : "libm.a or libc.a";

    /// <summary>The function type, with addresses of the given width.</summary>
    public Signature Signature(bool is64)
    {
        List<ValueType>[] types = [[], []];
        int side = 0;
        foreach (char letter in Types)
            if (letter == ':')
                side++;
            else
                types[side].AddRange(TypesOf(letter, is64));
        return Wasm.Sections.Signature.Create([.. types[0]], [.. types[1]]);
    }

    private static ValueType[] TypesOf(char letter, bool is64) => letter switch
    {
        'i' => [ValueType.I32],
        'l' => [ValueType.I64],
        'f' => [ValueType.F32],
        'd' => [ValueType.F64],
        'q' => [ValueType.I64, ValueType.I64],
        _ => [is64 ? ValueType.I64 : ValueType.I32],
    };
}

/// <summary>Every routine that code can ask for. A new one is a new row here and its name in <see cref="Intrinsic"/>.</summary>
/// <remarks>f16 values are passed as their bits in an i32, as clang does for wasm.</remarks>
public static class IntrinsicTable
{
    private static readonly IntrinsicInfo[] Table =
    [
        //  routine     symbol            types    operation                                        library
        new(Multi3,      "__multi3",      "aqq:",   "128-bit multiplication",                          CompilerRt),
        new(Divti3,      "__divti3",      "aqq:",   "128-bit division",                                CompilerRt),
        new(Udivti3,     "__udivti3",     "aqq:",   "128-bit unsigned division",                       CompilerRt),
        new(Modti3,      "__modti3",      "aqq:",   "128-bit remainder",                               CompilerRt),
        new(Umodti3,     "__umodti3",     "aqq:",   "128-bit unsigned remainder",                      CompilerRt),
        new(Ashlti3,     "__ashlti3",     "aqi:",   "128-bit shift left",                              CompilerRt),
        new(Ashrti3,     "__ashrti3",     "aqi:",   "128-bit arithmetic shift right",                  CompilerRt),
        new(Lshrti3,     "__lshrti3",     "aqi:",   "128-bit logical shift right",                     CompilerRt),
        new(Mulodi4,     "__mulodi4",     "lla:l",  "64-bit multiplication with an overflow test",     CompilerRt),
        new(Muloti4,     "__muloti4",     "aqqa:",  "128-bit multiplication with an overflow test",    CompilerRt),
        new(Addtf3,      "__addtf3",      "aqq:",   "f128 addition",                                   CompilerRt),
        new(Subtf3,      "__subtf3",      "aqq:",   "f128 subtraction",                                CompilerRt),
        new(Multf3,      "__multf3",      "aqq:",   "f128 multiplication",                             CompilerRt),
        new(Divtf3,      "__divtf3",      "aqq:",   "f128 division",                                   CompilerRt),
        new(Eqtf2,       "__eqtf2",       "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Netf2,       "__netf2",       "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Lttf2,       "__lttf2",       "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Letf2,       "__letf2",       "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Gttf2,       "__gttf2",       "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Getf2,       "__getf2",       "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Unordtf2,    "__unordtf2",    "qq:i",   "f128 comparison",                                 CompilerRt),
        new(Extendhfsf2, "__extendhfsf2", "i:f",    "f16 to f32 conversion",                           CompilerRt),
        new(Truncsfhf2,  "__truncsfhf2",  "f:i",    "f32 to f16 conversion",                           CompilerRt),
        new(Truncdfhf2,  "__truncdfhf2",  "d:i",    "f64 to f16 conversion",                           CompilerRt),
        new(Extendsftf2, "__extendsftf2", "af:",    "f32 to f128 conversion",                          CompilerRt),
        new(Extenddftf2, "__extenddftf2", "ad:",    "f64 to f128 conversion",                          CompilerRt),
        new(Trunctfsf2,  "__trunctfsf2",  "q:f",    "f128 to f32 conversion",                          CompilerRt),
        new(Trunctfdf2,  "__trunctfdf2",  "q:d",    "f128 to f64 conversion",                          CompilerRt),
        new(Fixsfti,     "__fixsfti",     "af:",    "f32 to 128-bit integer conversion",               CompilerRt),
        new(Fixdfti,     "__fixdfti",     "ad:",    "f64 to 128-bit integer conversion",               CompilerRt),
        new(Fixtfsi,     "__fixtfsi",     "q:i",    "f128 to 32-bit integer conversion",               CompilerRt),
        new(Fixtfdi,     "__fixtfdi",     "q:l",    "f128 to 64-bit integer conversion",               CompilerRt),
        new(Fixtfti,     "__fixtfti",     "aq:",    "f128 to 128-bit integer conversion",              CompilerRt),
        new(Fixunssfti,  "__fixunssfti",  "af:",    "f32 to unsigned 128-bit integer conversion",      CompilerRt),
        new(Fixunsdfti,  "__fixunsdfti",  "ad:",    "f64 to unsigned 128-bit integer conversion",      CompilerRt),
        new(Fixunstfsi,  "__fixunstfsi",  "q:i",    "f128 to unsigned 32-bit integer conversion",      CompilerRt),
        new(Fixunstfdi,  "__fixunstfdi",  "q:l",    "f128 to unsigned 64-bit integer conversion",      CompilerRt),
        new(Fixunstfti,  "__fixunstfti",  "aq:",    "f128 to unsigned 128-bit integer conversion",     CompilerRt),
        new(Floatsitf,   "__floatsitf",   "ai:",    "32-bit integer to f128 conversion",               CompilerRt),
        new(Floatditf,   "__floatditf",   "al:",    "64-bit integer to f128 conversion",               CompilerRt),
        new(Floattisf,   "__floattisf",   "q:f",    "128-bit integer to f32 conversion",               CompilerRt),
        new(Floattidf,   "__floattidf",   "q:d",    "128-bit integer to f64 conversion",               CompilerRt),
        new(Floattitf,   "__floattitf",   "aq:",    "128-bit integer to f128 conversion",              CompilerRt),
        new(Floatunsitf, "__floatunsitf", "ai:",    "unsigned 32-bit integer to f128 conversion",      CompilerRt),
        new(Floatunditf, "__floatunditf", "al:",    "unsigned 64-bit integer to f128 conversion",      CompilerRt),
        new(Floatuntisf, "__floatuntisf", "q:f",    "unsigned 128-bit integer to f32 conversion",      CompilerRt),
        new(Floatuntidf, "__floatuntidf", "q:d",    "unsigned 128-bit integer to f64 conversion",      CompilerRt),
        new(Floatuntitf, "__floatuntitf", "aq:",    "unsigned 128-bit integer to f128 conversion",     CompilerRt),
        new(Sinf,        "sinf",          "f:f",    "f32 sine",                                        Libm),
        new(Sin,         "sin",           "d:d",    "f64 sine",                                        Libm),
        new(Sinl,        "sinl",          "aq:",    "f128 sine",                                       Libm),
        new(Cosf,        "cosf",          "f:f",    "f32 cosine",                                      Libm),
        new(Cos,         "cos",           "d:d",    "f64 cosine",                                      Libm),
        new(Cosl,        "cosl",          "aq:",    "f128 cosine",                                     Libm),
        new(Tanf,        "tanf",          "f:f",    "f32 tangent",                                     Libm),
        new(Tan,         "tan",           "d:d",    "f64 tangent",                                     Libm),
        new(Tanl,        "tanl",          "aq:",    "f128 tangent",                                    Libm),
        new(Expf,        "expf",          "f:f",    "f32 exponential",                                 Libm),
        new(Exp,         "exp",           "d:d",    "f64 exponential",                                 Libm),
        new(Expl,        "expl",          "aq:",    "f128 exponential",                                Libm),
        new(Exp2f,       "exp2f",         "f:f",    "f32 base-2 exponential",                          Libm),
        new(Exp2,        "exp2",          "d:d",    "f64 base-2 exponential",                          Libm),
        new(Exp2l,       "exp2l",         "aq:",    "f128 base-2 exponential",                         Libm),
        new(Logf,        "logf",          "f:f",    "f32 logarithm",                                   Libm),
        new(Log,         "log",           "d:d",    "f64 logarithm",                                   Libm),
        new(Logl,        "logl",          "aq:",    "f128 logarithm",                                  Libm),
        new(Log2f,       "log2f",         "f:f",    "f32 base-2 logarithm",                            Libm),
        new(Log2,        "log2",          "d:d",    "f64 base-2 logarithm",                            Libm),
        new(Log2l,       "log2l",         "aq:",    "f128 base-2 logarithm",                           Libm),
        new(Log10f,      "log10f",        "f:f",    "f32 base-10 logarithm",                           Libm),
        new(Log10,       "log10",         "d:d",    "f64 base-10 logarithm",                           Libm),
        new(Log10l,      "log10l",        "aq:",    "f128 base-10 logarithm",                          Libm),
        new(Fmaf,        "fmaf",          "fff:f",  "f32 fused multiply-add",                          Libm),
        new(Fma,         "fma",           "ddd:d",  "f64 fused multiply-add",                          Libm),
        new(Fmal,        "fmal",          "aqqq:",  "f128 fused multiply-add",                         Libm),
        new(Fmodf,       "fmodf",         "ff:f",   "f32 remainder",                                   Libm),
        new(Fmod,        "fmod",          "dd:d",   "f64 remainder",                                   Libm),
        new(Fmodl,       "fmodl",         "aqq:",   "f128 remainder",                                  Libm),
        new(Fmaxf,       "fmaxf",         "ff:f",   "f32 maximum",                                     Libm),
        new(Fmax,        "fmax",          "dd:d",   "f64 maximum",                                     Libm),
        new(Fmaxl,       "fmaxl",         "aqq:",   "f128 maximum",                                    Libm),
        new(Fminf,       "fminf",         "ff:f",   "f32 minimum",                                     Libm),
        new(Fmin,        "fmin",          "dd:d",   "f64 minimum",                                     Libm),
        new(Fminl,       "fminl",         "aqq:",   "f128 minimum",                                    Libm),
        new(Sqrtl,       "sqrtl",         "aq:",    "f128 square root",                                Libm),
        new(Floorl,      "floorl",        "aq:",    "f128 rounding down",                              Libm),
        new(Ceill,       "ceill",         "aq:",    "f128 rounding up",                                Libm),
        new(Truncl,      "truncl",        "aq:",    "f128 rounding towards zero",                      Libm),
        new(Roundf,      "roundf",        "f:f",    "f32 rounding to nearest",                         Libm),
        new(Round,       "round",         "d:d",    "f64 rounding to nearest",                         Libm),
        new(Roundl,      "roundl",        "aq:",    "f128 rounding to nearest",                        Libm),
        new(Fabsl,       "fabsl",         "aq:",    "f128 absolute value",                             Libm),
    ];

    public static ReadOnlySpan<IntrinsicInfo> Rows => Table;

    public static IntrinsicInfo Get(Intrinsic intrinsic) => Table[(int)intrinsic];

    /// <summary>Why a program needs a symbol, and what to add to the link; null for what is no routine of the table.</summary>
    public static string? Explain(string symbol) => Find(symbol) is { } row ? $"{row.Operation} calls it: add {row.Archive} to the link" : null;

    /// <summary>The routine with a symbol; null when there is none.</summary>
    public static IntrinsicInfo? Find(ReadOnlySpan<char> symbol)
    {
        foreach (IntrinsicInfo row in Table)
            if (symbol.SequenceEqual(row.Symbol))
                return row;
        return null;
    }
}
