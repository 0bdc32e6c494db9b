using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Mir.Modules;

/// <summary>Who sees a symbol, and what wins when several modules define it.</summary>
public enum MirLinkage : byte
{
    /// <summary>Seen by all; a second definition is an error.</summary>
    Strong,

    /// <summary>Seen by all; gives way to a strong definition. Of a declaration: it may stay undefined.</summary>
    Weak,

    /// <summary>Seen in its module only.</summary>
    Internal,
}

/// <summary>Something with a name, for messages.</summary>
internal interface IMirNamed
{
    string Name { get; }
}

/// <summary>What functions, data and globals have in common.</summary>
public abstract record MirItem : IMirNamed
{
    /// <summary>The name that linking goes by.</summary>
    public required string Name { get; init; }

    /// <summary>Where in the object it is: items of a kind are written by this number, and those with the same one by name. So the
    /// bytes do not show when an item was added, or in which slot it is.</summary>
    public int Order { get; init; }

    public MirLinkage Linkage { get; init; }

    /// <summary>Seen by other objects of the link, but not outside of what is linked.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Kept even when nothing refers to it.</summary>
    public bool IsRetained { get; init; }

    internal SymbolFlags Flags => (Linkage switch
    {
        MirLinkage.Weak => SymbolFlags.Weak,
        MirLinkage.Internal => SymbolFlags.Local,
        _ => SymbolFlags.None,
    }) | (IsHidden ? SymbolFlags.Hidden : SymbolFlags.None) | (IsRetained ? SymbolFlags.NoStrip : SymbolFlags.None);
}

/// <summary>A function: defined when it has a body.</summary>
public sealed record MirFunctionItem : MirItem
{
    public required MirSignatureId Signature { get; init; }

    public MirFunction? Body { get; init; }

    /// <summary>Of a declaration: the module to import it from when no object defines it.</summary>
    public string? ImportModule { get; init; }

    /// <summary>Of a declaration: the field to import; the name when null.</summary>
    public string? ImportField { get; init; }
}

/// <summary>A place in data where an address or number goes that is known only at the end.</summary>
/// <param name="Offset">Where, from the start of the data.</param>
/// <param name="Target">Whose.</param>
/// <param name="Use">The <see cref="MirUse.Address"/> of data, or the <see cref="MirUse.Slot"/> of a function.</param>
/// <param name="Addend">Added to an address.</param>
/// <param name="AlignmentLog2">The alignment that is needed of a constant; the largest of all that refer to it counts.</param>
public readonly record struct MirDataRelocation(uint Offset, MirReference Target, MirUse Use, long Addend, byte AlignmentLog2 = 0);

/// <summary>The bytes of a variable or constant.</summary>
/// <param name="Bytes">The first bytes.</param>
/// <param name="Size">The size; zeros follow the bytes.</param>
/// <param name="AlignmentLog2">The alignment as a power of two.</param>
/// <param name="Relocations">The pointers in it, by offset.</param>
public sealed record MirDataContents(ReadOnlyMemory<byte> Bytes, uint Size, int AlignmentLog2, IReadOnlyList<MirDataRelocation> Relocations)
{
    public static MirDataContents Create(ReadOnlyMemory<byte> bytes, int alignmentLog2, params IReadOnlyList<MirDataRelocation> relocations) =>
        new(bytes, (uint)bytes.Length, alignmentLog2, relocations);

    public static MirDataContents Zeros(uint size, int alignmentLog2) => new(default, size, alignmentLog2, []);

    /// <summary>Whether all of it is zero, so that the file need not have it.</summary>
    public bool IsZero => Relocations.Count == 0 && !Bytes.Span.ContainsAnyExcept((byte)0);
}

/// <summary>A variable or named constant: defined when it has contents.</summary>
public sealed record MirDataItem : MirItem
{
    public MirDataContents? Contents { get; init; }

    public bool IsThreadLocal { get; init; }

    /// <summary>Whether nobody writes to it.</summary>
    public bool IsConstant { get; init; }

    /// <summary>The section that the source asks for.</summary>
    public string? Section { get; init; }
}

/// <summary>A global of wasm that other modules define.</summary>
public sealed record MirGlobalItem : MirItem
{
    public required GlobalType Type { get; init; }

    /// <summary>The module to import it from when no object defines it.</summary>
    public string? ImportModule { get; init; }

    /// <summary>The field to import; the name when null.</summary>
    public string? ImportField { get; init; }
}

/// <summary>An exception tag that other modules define.</summary>
public sealed record MirTagItem : MirItem
{
    public required MirSignatureId Signature { get; init; }
}

/// <summary>A second name for a function or data item, under which it is exported.</summary>
/// <param name="Name">The symbol, which is also the name of the export.</param>
/// <param name="Target">A defined function or data item, or a constant.</param>
/// <param name="IsWeak">Whether it gives way to a strong definition.</param>
/// <param name="IsHidden">A symbol for other objects only, no export.</param>
public sealed record MirExport(string Name, MirReference Target, bool IsWeak = false, bool IsHidden = false);

/// <summary>A function that is called before the program starts.</summary>
/// <param name="Function">The function, without parameters.</param>
/// <param name="Priority">Lower numbers are called first.</param>
public readonly record struct MirInitFunction(MirFunctionId Function, uint Priority);

/// <summary>An enum whose values' names the program can ask for.</summary>
/// <param name="Name">The enum, for the name of the function that is made.</param>
/// <param name="TagBits">The width of its values: up to 64.</param>
/// <param name="Values">The values and their names; values as the bits of a u64, those with a sign extended.</param>
public sealed record MirEnumItem(string Name, int TagBits, IReadOnlyList<(ulong Value, string Name)> Values) : IMirNamed;
