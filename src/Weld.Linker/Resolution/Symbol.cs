using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <summary>How far a name has been resolved.</summary>
public enum SymbolState : byte
{
    /// <summary>Referenced, and no definition was seen.</summary>
    Undefined,

    /// <summary>An archive member defines it, and nothing has needed it yet.</summary>
    Lazy,

    /// <summary>A linked object or the linker defines it.</summary>
    Defined,

    /// <summary>A shared library defines it; its address is known when that is loaded.</summary>
    Shared,
}

/// <summary>What weld notes about a symbol besides the flags of the object files.</summary>
[Flags]
public enum SymbolMarks : ushort
{
    None = 0,

    /// <summary>A linked object (or an option) names it, not only an archive's symbol list.</summary>
    UsedInRegularObject = 1,

    /// <summary>Of an undefined function: a call names it, so that its type must match the definition's.</summary>
    CalledDirectly = 2,

    /// <summary>Exported by an option.</summary>
    ForceExport = 4,

    /// <summary>A function that only traps; its address is 0 and it has no table slot.</summary>
    Stub = 8,

    /// <summary>Kept although no live relocation names it: made by the linker for the loader's use.</summary>
    AlwaysLive = 16,

    /// <summary>Undefined, and a stub library says that the host has it.</summary>
    ForceImport = 64,
}

/// <summary>One row of the symbol table: as long as a cache line, and what resolution looks at most comes first.</summary>
public unsafe struct Symbol
{
    public SymbolState State;
    public SymbolKind Kind;
    public SymbolMarks Marks;
    private ushort _flags;

    /// <summary>Of an undefined global: its type.</summary>
    public GlobalType GlobalType;

    /// <summary>The linked object that defines it, or first referred to it; of a lazy or shared symbol, the input. -1: the linker.</summary>
    public int File;

    /// <summary>Of a defined symbol: the <see cref="FunctionId"/>, <see cref="SegmentId"/>, … of its kind; -1 for absolute data.</summary>
    public int Element;

    /// <summary>Of a function or tag; may be missing for functions that only an option names.</summary>
    public SignatureId Signature;

    private int _nameLength;
    private byte* _name;

    /// <summary>Of defined data: the offset in the segment, or the address when there is no segment. Of a table: where
    /// <see cref="SymbolTable"/> has its type.</summary>
    public ulong Value;
    public ulong Size;

    /// <summary>The module of the import that an undefined symbol may become.</summary>
    public ImportedName ImportModule;

    /// <summary>The field of that import, if an object gives one.</summary>
    public ImportedName ImportName;

    public SymbolFlags Flags
    {
        readonly get => (SymbolFlags)_flags;
        set => _flags = (ushort)value;
    }

    public Utf8String Name
    {
        readonly get => new(_name, _nameLength);
        set
        {
            _name = value.Pointer;
            _nameLength = value.Length;
        }
    }

    public readonly bool IsShared => State == SymbolState.Shared;

    public readonly bool IsDefined => State == SymbolState.Defined;

    public readonly bool IsUndefined => State == SymbolState.Undefined;

    public readonly bool IsLazy => State == SymbolState.Lazy;

    public readonly bool IsWeak => (Flags & SymbolFlags.BindingMask) == SymbolFlags.Weak;

    public readonly bool IsLocal => (Flags & SymbolFlags.BindingMask) == SymbolFlags.Local;

    public readonly bool IsHidden => (Flags & SymbolFlags.Hidden) != 0;

    public readonly bool IsTls => (Flags & SymbolFlags.Tls) != 0;

    public readonly bool IsUndefinedWeak => IsWeak && State is SymbolState.Undefined or SymbolState.Lazy;

    public readonly bool IsFunction => Kind == SymbolKind.Function;

    public readonly bool IsDefinedData => State == SymbolState.Defined && Kind == SymbolKind.Data;

    public readonly bool Has(SymbolMarks mark) => (Marks & mark) != 0;
}
