using Weld.Base;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Validation;

/// <summary>The types of a function as two lists of value types, one byte each.</summary>
public readonly record struct FunctionShape(Utf8String Parameters, Utf8String Results)
{
    public static FunctionShape Of(Signature signature)
    {
        var reader = new WasmReader(signature.Encoding.Bytes);
        var parameters = Utf8String.FromPinned(reader.ReadName());
        return new FunctionShape(parameters, Utf8String.FromPinned(reader.ReadName()));
    }
}

/// <summary>What function bodies can refer to: the index spaces of the module that they are in.</summary>
public sealed class CodeContext
{
    public required FunctionShape[] Types { get; init; }

    /// <summary>The type index of each function, imports first.</summary>
    public required uint[] FunctionTypes { get; init; }

    public required GlobalType[] Globals { get; init; }

    public required TableType[] Tables { get; init; }

    /// <summary>The type index of each tag.</summary>
    public required uint[] Tags { get; init; }

    /// <summary>Whether the one memory has 64-bit addresses.</summary>
    public required bool Is64 { get; init; }

    /// <summary>How many element segments there are.</summary>
    public required uint ElementCount { get; init; }

    /// <summary>How many data segments the data count section announces; null without that section.</summary>
    public uint? DataCount { get; init; }

    /// <summary>The functions that <c>ref.func</c> may name: those in element segments and exports.</summary>
    public required Func<uint, bool> IsDeclared { get; init; }

    /// <summary><see cref="Types"/> as the quick validator wants them; made once for all threads.</summary>
    internal QuickType[] QuickTypes => field ??= QuickType.Table(Types);
}
