using System.Runtime.InteropServices;

namespace Weld.Wasm.Validation;

/// <summary>The types of a function in the form that <see cref="QuickValidator"/> compares with the top of the stack at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal readonly struct QuickType
{
    /// <summary>The parameters as they lie on the stack, the last one highest.</summary>
    public readonly ulong Parameters;

    /// <summary>Which bits of these count.</summary>
    public readonly ulong Mask;

    /// <summary>How many parameters there are.</summary>
    public readonly int Count;

    /// <summary>How many results there are: none or one.</summary>
    public readonly int ResultCount;

    /// <summary>The type of the result; 0 for none.</summary>
    public readonly byte Result;

    /// <remarks>A type with more than eight parameters or several results fits no stack.</remarks>
    public QuickType(FunctionShape shape)
    {
        if (shape.Parameters.Length > sizeof(ulong) || shape.Results.Length > 1)
        {
            Parameters = Mask = ulong.MaxValue;
            return;
        }
        Count = shape.Parameters.Length;
        ResultCount = shape.Results.Length;
        Result = ResultCount == 0 ? (byte)0 : shape.Results.Bytes[0];
        foreach (byte type in shape.Parameters.Bytes)
        {
            Parameters = Parameters >> 8 | (ulong)type << 56;
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
