using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weld.Base.Diagnostics;
using Weld.Mir.Intrinsics;
using Weld.Mir.Objects;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir.Modules;

/// <summary>A module in memory that changes item by item between links, and that the linker takes as an object.</summary>
/// <remarks><para>Setting an item encodes it, on the thread that sets it; writing the object joins what is encoded, so that its cost after a
/// change is that of copying. The bytes depend on what is in the module only: not on the order of edits, nor on which slots were
/// used before, nor on the numbers of slots. Functions and data are written by <see cref="MirItem.Order"/> and name, exports by
/// name, constants and symbols in the order of their first use.</para>
/// <para>Items may be set and removed from any thread, for the same number from one thread at a time. While the object is written, nothing
/// may change.</para></remarks>
public sealed class ModuleObject : MemoryFile
{
    private readonly EditClock _clock = new();
    private readonly BodyEncoderPool _encoders;
    private readonly Lock _errorLock = new();
    private readonly List<string?> _errorNames = [];
    private byte[]? _spareBuffer;

    /// <param name="is64">Whether addresses are 64 bits wide.</param>
    /// <param name="signatures">The function types that items refer to.</param>
    /// <param name="features">The features of wasm that the code is made for, by the names of the tool conventions.</param>
    public ModuleObject(bool is64, MirSignaturePool signatures, params IEnumerable<string> features)
    {
        Is64 = is64;
        Signatures = signatures;
        Features = [.. features];
        _encoders = new BodyEncoderPool(this);
        Functions = new(_clock, EncodeFunction, CompareItems);
        Data = new(_clock, null, CompareItems);
        Constants = new(_clock, EncodeConstant);
        Globals = new(_clock);
        Tags = new(_clock);
        Enums = new(_clock, EncodeEnum);
        Exports = new(_clock);
        Globals[MirGlobalId.StackPointer] = Predefined("__stack_pointer");
        Globals[MirGlobalId.TlsBase] = Predefined("__tls_base");
    }

    /// <summary>Whether addresses are 64 bits wide.</summary>
    public bool Is64 { get; }

    public MirSignaturePool Signatures { get; }

    /// <summary>By name.</summary>
    public ImmutableSortedSet<string> Features { get; }

    public MirItemTable<MirFunctionId, MirFunctionItem> Functions { get; }

    public MirItemTable<MirDataId, MirDataItem> Data { get; }

    /// <summary>Constants without names. Only those that something refers to are written, equal ones once.</summary>
    public MirItemTable<MirConstantId, MirDataContents> Constants { get; }

    /// <summary>Only those that something refers to are written, as with <see cref="Tags"/> and <see cref="Enums"/>.</summary>
    public MirItemTable<MirGlobalId, MirGlobalItem> Globals { get; }

    public MirItemTable<MirTagId, MirTagItem> Tags { get; }

    public MirItemTable<MirEnumId, MirEnumItem> Enums { get; }

    public MirExportTable Exports { get; }

    /// <summary>Those of the same priority are called in this order.</summary>
    public IReadOnlyList<MirInitFunction> InitFunctions
    {
        get;
        set
        {
            field = [.. value];
            InitFunctionsSetAt = _clock.Tick();
        }
    } = [];

    /// <summary>The tool and its version for the producers section; null for no section.</summary>
    public (string Name, string Version)? ProcessedBy { get; set; }

    /// <summary>Nothing but its own relocations says where an instruction is.</summary>
    public override bool MayShortenCode => true;

    internal long InitFunctionsSetAt { get; private set; }

    /// <summary>One more than the largest number of an error.</summary>
    internal uint ErrorCount => (uint)_errorNames.Count + 1;

    /// <summary>The names of the errors 1, 2, …; null for a number without a name.</summary>
    internal IReadOnlyList<string?> ErrorNames => _errorNames;

    /// <summary>Gives an error its name. The numbers are the front end's: code has them as constants, so they must not change.</summary>
    public void SetErrorName(int number, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        lock (_errorLock)
        {
            while (_errorNames.Count < number)
                _errorNames.Add(null);
            _errorNames[number - 1] = name;
        }
    }

    /// <summary>The module as an object.</summary>
    /// <param name="diagnostics">Receives what is used but not in the module.</param>
    /// <returns>Null when there were errors.</returns>
    public override ReadOnlyMemory<byte>? Read(DiagnosticBag diagnostics) => ObjectWriter.Write(this, diagnostics);

    /// <summary>Lets the next write use the memory of this one: fresh memory is a good part of what writing costs.</summary>
    public override void Release(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment))
            _spareBuffer = segment.Array;
    }

    public override string? Explain(string symbol) => IntrinsicTable.Explain(symbol);

    /// <summary>A buffer to write to, with at least so many bytes.</summary>
    internal byte[] TakeBuffer(int size)
    {
        byte[]? spare = Interlocked.Exchange(ref _spareBuffer, null);
        return spare is not null && spare.Length >= size ? spare : GC.AllocateUninitializedArray<byte>(size + (size / 8));
    }

    /// <summary>Encodes a body again, which depends on the number of errors.</summary>
    internal EncodedBody Encode(MirFunction body) => _encoders.Encode(body);

    private EncodedBody? EncodeFunction(int slot, MirFunctionItem item) => item.Body is null ? null : _encoders.Encode(item.Body);

    private EncodedEnum EncodeEnum(int slot, MirEnumItem item) => EncodedEnum.Make(slot, item, this);

    private static EncodedConstant EncodeConstant(int slot, MirDataContents contents) => new(contents);

    private static int CompareItems(MirItem left, MirItem right) =>
        left.Order != right.Order ? left.Order.CompareTo(right.Order) : string.CompareOrdinal(left.Name, right.Name);

    private MirGlobalItem Predefined(string name) => new()
    {
        Name = name,
        Type = new GlobalType(Is64 ? ValueType.I64 : ValueType.I32, IsMutable: true),
    };
}
