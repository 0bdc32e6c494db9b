using Weld.Base;

namespace Weld.Wasm.Validation;

/// <summary>The types of a function in the form that <see cref="QuickValidator"/> compares with the top of the stack at once.</summary>
internal readonly unsafe struct QuickType
{
    /// <summary>The last eight parameters as they lie on the stack, the last one highest.</summary>
    public readonly ulong LastParameters;

    /// <summary>Which bits of these count.</summary>
    public readonly ulong Mask;

    public readonly Utf8String Parameters;

    /// <summary>The type of the result; 0 for none.</summary>
    public readonly byte Result;

    /// <summary>How many results there are.</summary>
    public readonly int ResultCount;

    public QuickType(FunctionShape shape)
    {
        Parameters = shape.Parameters;
        ResultCount = shape.Results.Length;
        Result = ResultCount == 0 ? (byte)0 : shape.Results.Bytes[0];
        foreach (byte type in Parameters.Bytes)
        {
            LastParameters = LastParameters >> 8 | (ulong)type << 56;
            Mask = Mask >> 8 | 0xffUL << 56;
        }
    }

    public static QuickType[] Table(FunctionShape[] shapes)
    {
        var types = new QuickType[shapes.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = new QuickType(shapes[i]);
        return types;
    }
}
