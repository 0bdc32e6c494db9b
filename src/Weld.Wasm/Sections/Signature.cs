using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>A function type as its canonical bytes: parameter count, parameters, result count, results.</summary>
/// <remarks>Two signatures are equal when their bytes are, so a signature is hashed and compared without being decoded.</remarks>
public readonly struct Signature : IEquatable<Signature>
{
    public Signature(Utf8String bytes) => Encoding = bytes;

    /// <summary>The bytes, with minimal counts; without the leading 0x60 of the type section.</summary>
    public Utf8String Encoding { get; }

    public ReadOnlySpan<ValueType> Parameters
    {
        get
        {
            var reader = new WasmReader(Encoding.Bytes);
            return ReadList(ref reader);
        }
    }

    public ReadOnlySpan<ValueType> Results
    {
        get
        {
            var reader = new WasmReader(Encoding.Bytes);
            ReadList(ref reader);
            return ReadList(ref reader);
        }
    }

    /// <summary>Makes a signature whose bytes live as long as the program.</summary>
    public static Signature Create(ReadOnlySpan<ValueType> parameters, ReadOnlySpan<ValueType> results)
    {
        var writer = new WasmWriter();
        writer.WriteLebU32((uint)parameters.Length);
        writer.WriteBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parameters));
        writer.WriteLebU32((uint)results.Length);
        writer.WriteBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(results));
        return new Signature(Utf8String.Copy(writer.Written));
    }

    public bool Equals(Signature other) => Encoding.Equals(other.Encoding);

    public override bool Equals(object? obj) => obj is Signature other && Equals(other);

    public override int GetHashCode() => Encoding.GetHashCode();

    /// <summary>The form of wasm-ld's messages: <c>(i32, f64) -> i32</c>.</summary>
    public override string ToString() => $"({Join(Parameters)}) -> {(Results.Length == 0 ? "void" : Results.Length == 1 ? Join(Results) : $"({Join(Results)})")}";

    public static bool operator ==(Signature left, Signature right) => left.Equals(right);

    public static bool operator !=(Signature left, Signature right) => !left.Equals(right);

    private static ReadOnlySpan<ValueType> ReadList(scoped ref WasmReader reader) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ValueType>(reader.ReadBytes(reader.ReadLebU32()));

    private static string Join(ReadOnlySpan<ValueType> types)
    {
        var names = new string[types.Length];
        for (int i = 0; i < names.Length; i++)
            names[i] = ValueTypes.Name(types[i]) ?? "?";
        return string.Join(", ", names);
    }
}
