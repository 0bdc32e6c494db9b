using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Image;

/// <summary>Computes what a relocation of one object is replaced by, and writes it.</summary>
/// <remarks>Counterpart in wasm-ld: ObjFile::calcNewValue and InputChunk::relocate. One instance serves one thread.</remarks>
public sealed unsafe partial class RelocationValues
{
    private readonly OutputPlan _plan;
    private readonly CodeLayout? _code;
    private readonly Lazy<KnownSymbols>? _knownSymbols;
    private LinkedObject? _owner;

    // What relocations of code and data get for a symbol of an object, in the low half; above it, what that is and which filling of the table
    // it is from: most symbols are named by several relocations, and clearing the table would take as long as filling it.
    private const int UseShift = 32;
    private const int NumberShift = UseShift + 2;
    private const uint UseMask = 3;
    private const int LastNumber = (1 << (64 - NumberShift)) - 1;

    // What Forms has.
    private const uint FormMask = 7;
    private const int WidthShift = 4;
    private const int FourBytes = sizeof(uint) << WidthShift;
    private const int FiveBytes = Leb128.Padded32 << WidthShift;
    private const byte Unusual = 4;

    private ulong[] _targets = [];
    private int _targetsNumber;
    private LinkedObject? _targetsOwner;

    /// <param name="plan">The output.</param>
    /// <param name="code">Where functions are; null while that is still being found out, for relocations of code.</param>
    /// <param name="knownSymbols">What threads share that apply relocations of custom sections.</param>
    internal RelocationValues(OutputPlan plan, CodeLayout? code, Lazy<KnownSymbols>? knownSymbols = null)
    {
        _plan = plan;
        _code = code;
        _knownSymbols = knownSymbols;
    }

    /// <summary>Receives values that do not fit.</summary>
    public DiagnosticBag Diagnostics { get; private set; } = new();

    /// <summary>Hands out what has been reported since the last time; null for nothing.</summary>
    public DiagnosticBag? TakeDiagnostics()
    {
        if (Diagnostics.Diagnostics.Count == 0)
            return null;
        DiagnosticBag taken = Diagnostics;
        Diagnostics = new DiagnosticBag();
        return taken;
    }

    private LinkedObject Owner => _owner!;

    /// <summary>Turns to the relocations of code and data of an object.</summary>
    public void SetOwner(LinkedObject owner)
    {
        _owner = owner;
        if (owner == _targetsOwner)
            return;
        _targetsOwner = owner;
        if (_targetsNumber++ == LastNumber || _targets.Length < owner.Bindings.Length)
        {
            _targets = new ulong[Math.Max(owner.Bindings.Length, _targets.Length)];
            _targetsNumber = 1;
        }
    }

    /// <summary>What the kept value of a symbol is good for.</summary>
    private enum TargetUse
    {
        /// <summary>Nothing: relocations against the symbol are unusual.</summary>
        None,
        FunctionIndex,
        Address,
        GlobalIndex,
    }

    /// <summary>By the lowest bits of a packed relocation: of a kind that makes up many, what its symbol has to be good for, and above that how many bytes it
    /// has, five in a LEB and four otherwise; of other kinds and of wide relocations <see cref="Unusual"/>.</summary>
    private static ReadOnlySpan<byte> Forms =>
    [
        FiveBytes | (int)TargetUse.FunctionIndex, // FunctionIndexLeb
        Unusual, Unusual,
        FiveBytes | (int)TargetUse.Address, // MemoryAddrLeb
        FiveBytes | (int)TargetUse.Address, // MemoryAddrSleb
        FourBytes | (int)TargetUse.Address, // MemoryAddrI32
        Unusual,
        FiveBytes | (int)TargetUse.GlobalIndex, // GlobalIndexLeb
        Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual,
        Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual,
        Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual,
        Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual, Unusual,
    ];

    /// <summary>Applies relocations to a copy of the function or segment that they are for.</summary>
    /// <remarks>The kinds that make up nearly all relocations, against symbols that the output has and with values that fit both signed and unsigned, are
    /// written here, by numbers from a table and without a decision about the kind. All others are <see cref="WriteUnusual"/>'s.</remarks>
    /// <param name="relocations">The owner's relocations of that function or segment.</param>
    /// <param name="destination">The copied bytes.</param>
    /// <param name="address">The address of the first byte, for relocations that are relative to their place; 0 outside data.</param>
    public void Apply(scoped in RelocationRange relocations, Span<byte> destination, ulong address)
    {
        ulong[] targets = _targets;
        uint number = (uint)_targetsNumber;
        foreach (PackedRelocation packed in relocations.All)
        {
            uint offset = packed.Offset;
            if (TryGetUsual(packed, targets, number, out uint width, out uint value) && offset + width <= (uint)destination.Length)
            {
                ref byte place = ref Unsafe.Add(ref MemoryMarshal.GetReference(destination), offset);
                if (width == Leb128.Padded32)
                    Leb128.WritePadded32(ref place, value);
                else
                    Unsafe.WriteUnaligned(ref place, BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));
                continue;
            }
            WriteUnusual(relocations.Unpack(packed), destination, address);
        }
    }

    /// <summary>The value of a relocation of one of the kinds that make up nearly all, if its symbol is good for that and the value fits signed and unsigned.</summary>
    /// <param name="packed">A relocation of the object.</param>
    /// <param name="targets">What is kept of the object's symbols.</param>
    /// <param name="number">The number that says that it is this object's.</param>
    /// <param name="width">How many bytes it has: five in a LEB, otherwise four.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryGetUsual(PackedRelocation packed, ulong[] targets, uint number, out uint width, out uint value)
    {
        // Wide ones have no index here, and a type's index may be one of no symbol.
        uint index = packed.Index;
        if (index >= (uint)targets.Length)
        {
            width = 0;
            value = 0;
            return false;
        }
        ulong target = targets[index];
        if ((uint)(target >> NumberShift) != number)
            target = FindTarget(index);
        uint form = Forms[(int)packed.Form];
        width = form >> WidthShift;
        long sum = (uint)target + (long)packed.Addend;
        value = (uint)sum;
        return ((uint)(target >> UseShift) & UseMask) == (form & FormMask) && (ulong)sum <= int.MaxValue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteUnusual(in Relocation relocation, Span<byte> destination, ulong address) =>
        Write(relocation, destination[(int)relocation.Offset..], Compute(relocation, address + relocation.Offset, tombstone: 0));

    /// <summary>Finds out what usual relocations get for a symbol, and keeps it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong FindTarget(uint index)
    {
        // What a type's index means here does not matter, but it must be in range.
        ulong target = index < (uint)Owner.Bindings.Length ? UsualTargetOf(index) : 0;
        return _targets[index] = (ulong)(uint)_targetsNumber << NumberShift | target;
    }

    private ulong UsualTargetOf(uint index)
    {
        LinkedObject owner = Owner;
        ref InputSymbol symbol = ref owner.Object.Symbols[index];
        int binding = owner.Bindings[index];
        if (binding >= 0)
        {
            ref SymbolTarget target = ref _plan.Targets[binding];
            return (target.Flags & SymbolTargetFlags.Live) == 0 ? 0 : symbol.Kind switch
            {
                SymbolKind.Function => Usual(TargetUse.FunctionIndex, target.Index),
                SymbolKind.Data when (target.Flags & SymbolTargetFlags.HasAddress) != 0 => Usual(TargetUse.Address, target.Address),
                SymbolKind.Global when (target.Flags & SymbolTargetFlags.HasGot) == 0 => Usual(TargetUse.GlobalIndex, target.Index),
                _ => 0,
            };
        }
        if (symbol.Kind == SymbolKind.Function)
            return _plan.FunctionIndex[owner.FirstFunction + (int)symbol.Index] is >= 0 and int function ? Usual(TargetUse.FunctionIndex, (uint)function) : 0;
        // Rare ones have a longer way.
        if (symbol.Kind != SymbolKind.Data || (symbol.Flags & (SymbolFlags.Absolute | SymbolFlags.Tls)) != 0)
            return 0;
        return _plan.Data.TryGetAddress(new SegmentId(owner.FirstSegment + (int)symbol.Index), symbol.Offset, out ulong address) ? Usual(TargetUse.Address, address) : 0;
    }

    private static ulong Usual(TargetUse use, ulong value) => value <= uint.MaxValue ? (ulong)use << UseShift | value : 0;

    /// <summary>The function whose body a symbol names. Calls of a weak one in a shared library go to an import instead.</summary>
    private int IndexOfBody(int binding) => _plan.FunctionIndex[_plan.Program.Symbols[new SymbolId(binding)].Element];

    private bool IsInOutput(in InputSymbol symbol, int element) =>
        (symbol.Flags & SymbolFlags.Absolute) != 0 || _plan.Data.OutputOf(new SegmentId(element)) is not null;

    private ulong AddressOf(in InputSymbol symbol, int element) =>
        (symbol.Flags & SymbolFlags.Absolute) != 0 ? Owner.Object.ValueOf(symbol)
        : (symbol.Flags & SymbolFlags.Tls) != 0 ? _plan.Data.OffsetOf(new SegmentId(element), symbol.Offset)
        : _plan.Data.AddressOf(new SegmentId(element), symbol.Offset);

    /// <summary>By how many bytes a function body gets shorter when its relocations, all of LEBs, are written without padding.</summary>
    public uint SavedBytes(RelocationRange relocations)
    {
        ulong[] targets = _targets;
        uint number = (uint)_targetsNumber;
        uint saved = 0;
        foreach (PackedRelocation packed in relocations.All)
        {
            if (TryGetUsual(packed, targets, number, out uint width, out uint value))
            {
                // The sign takes a bit more.
                saved += width - (uint)Leb128.SizeU32(packed.Kind == RelocationKind.MemoryAddrSleb ? value << 1 : value);
                continue;
            }
            Relocation relocation = relocations.Unpack(packed);
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            saved += (uint)(info.Width - MinimalSize(info.Encoding, Compute(relocation, 0, 0)));
        }
        return saved;
    }

    /// <summary>Copies a function body and applies its relocations without padding.</summary>
    /// <param name="relocations">Those of the function; in code, all are of LEBs.</param>
    /// <param name="source">The body in the object.</param>
    /// <param name="destination">Exactly as large as the result: <see cref="SavedBytes"/> less than the source.</param>
    public void ApplyCompressed(RelocationRange relocations, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ulong[] targets = _targets;
        uint number = (uint)_targetsNumber;
        int done = 0;
        foreach (PackedRelocation packed in relocations.All)
        {
            RelocationInfo info = RelocationTable.Get(packed.Kind);
            ulong value;
            int place;
            if (TryGetUsual(packed, targets, number, out _, out uint usual))
            {
                place = (int)packed.Offset;
                value = usual;
            }
            else
            {
                Relocation relocation = relocations.Unpack(packed);
                place = (int)relocation.Offset;
                value = Compute(relocation, 0, 0);
                CheckRange(relocation, info.Encoding, value);
            }
            source[done..place].CopyTo(destination);
            destination = destination[(place - done)..];
            destination = destination[WriteMinimal(info.Encoding, destination, value)..];
            done = place + info.Width;
        }
        source[done..].CopyTo(destination);
    }

    private ulong Compute(in Relocation relocation, ulong place, ulong tombstone)
    {
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
            return (uint)_plan.TypeIndex[Owner.Signatures[relocation.Index].Index];
        int binding = Owner.Bindings[relocation.Index];
        return binding >= 0
            ? ComputeGlobal(relocation, _plan.Targets[binding], place, tombstone)
            : ComputeLocal(relocation, Owner.Object.Symbols[relocation.Index], place, tombstone);
    }

    private ulong ComputeGlobal(in Relocation relocation, in SymbolTarget target, ulong place, ulong tombstone)
    {
        if ((target.Flags & SymbolTargetFlags.Live) == 0)
            return tombstone != 0 ? tombstone : (ulong)relocation.Addend;
        switch (RelocationTable.Get(relocation.Kind).Value)
        {
            case RelocationValue.MemoryAddress:
                return (target.Flags & SymbolTargetFlags.HasAddress) == 0 ? 0 : Address(relocation, target.Address, place);
            case RelocationValue.TableSlot:
                return TableSlot(relocation, target.TableSlot);
            case RelocationValue.GlobalIndex:
                return (target.Flags & SymbolTargetFlags.HasGot) != 0 ? target.GotIndex : target.Index;
            case RelocationValue.FunctionOffset:
                if ((target.Flags & SymbolTargetFlags.HasBody) == 0)
                    return tombstone != 0 ? tombstone : (ulong)relocation.Addend;
                return _code!.OffsetOfFunctionIndex((uint)IndexOfBody(Owner.Bindings[relocation.Index])) + (ulong)relocation.Addend;
            default:
                return target.Index;
        }
    }

    private ulong ComputeLocal(in Relocation relocation, in InputSymbol symbol, ulong place, ulong tombstone)
    {
        int element = Owner.ElementOf(symbol);
        switch (symbol.Kind)
        {
            case SymbolKind.Function:
            {
                int index = _plan.FunctionIndex[element];
                if (index < 0)
                    return Dead(relocation, symbol, tombstone);
                // Debug information of a folded function must not describe the one whose body it shares.
                if (_plan.IsFolded(element) && RelocationTable.Get(relocation.Kind).Value == RelocationValue.FunctionOffset)
                    return tombstone != 0 ? tombstone : (ulong)relocation.Addend;
                return RelocationTable.Get(relocation.Kind).Value switch
                {
                    RelocationValue.TableSlot => TableSlot(relocation, _plan.TableSlot[element]),
                    RelocationValue.FunctionOffset => _code!.OffsetOfFunctionIndex((uint)index) + (ulong)relocation.Addend,
                    RelocationValue.GlobalIndex => _plan.LocalGot.GetValueOrDefault((Owner.Index, relocation.Index)),
                    _ => (uint)index,
                };
            }
            case SymbolKind.Data:
                return ComputeLocalData(relocation, symbol, element, place, tombstone);
            case SymbolKind.Section:
            {
                ref CustomPlace section = ref _plan.CustomPlaces[element];
                if (!section.IsInOutput)
                    return tombstone != 0 ? tombstone : (ulong)relocation.Addend;
                return (ulong)section.Map(relocation.Addend);
            }
            case SymbolKind.Global:
                return _plan.GlobalIndex[element] < 0 ? Dead(relocation, symbol, tombstone) : (uint)_plan.GlobalIndex[element];
            case SymbolKind.Tag:
                return _plan.TagIndex[element] < 0 ? Dead(relocation, symbol, tombstone) : (uint)_plan.TagIndex[element];
            default:
                return _plan.TableNumber[element] < 0 ? Dead(relocation, symbol, tombstone) : (uint)_plan.TableNumber[element];
        }
    }

    private ulong ComputeLocalData(in Relocation relocation, in InputSymbol symbol, int element, ulong place, ulong tombstone)
    {
        if (!IsInOutput(symbol, element))
            return Dead(relocation, symbol, tombstone);
        if (RelocationTable.Get(relocation.Kind).Value == RelocationValue.GlobalIndex)
            return _plan.LocalGot.GetValueOrDefault((Owner.Index, relocation.Index));
        return Address(relocation, AddressOf(symbol, element), place);
    }

    /// <summary>Live code and data never name dead symbols, except those of a COMDAT group that was not kept.</summary>
    private ulong Dead(in Relocation relocation, in InputSymbol symbol, ulong tombstone)
    {
        bool isCodeOrData = tombstone == 0 && RelocationTable.Get(relocation.Kind).IsLeb;
        if (isCodeOrData)
            Diagnostics.Add(PlanErrors.RelocationToDiscarded(Owner.DisplayName, RelocationTable.Get(relocation.Kind).Name, Owner.Object.NameOf(symbol).ToString()));
        return tombstone != 0 ? tombstone : (ulong)relocation.Addend;
    }

    private static ulong Address(in Relocation relocation, ulong address, ulong place)
    {
        ulong value = address + (ulong)relocation.Addend;
        return RelocationTable.Get(relocation.Kind).Base == RelocationBase.Place ? value - place : value;
    }

    private ulong TableSlot(in Relocation relocation, uint slot)
    {
        if (slot == OutputPlan.NoSlot)
            return 0;
        return RelocationTable.Get(relocation.Kind).Base == RelocationBase.ModuleBase ? slot - _plan.Options.TableBase : slot;
    }

    private void Write(in Relocation relocation, Span<byte> destination, ulong value)
    {
        RelocationEncoding encoding = RelocationTable.Get(relocation.Kind).Encoding;
        CheckRange(relocation, encoding, value);
        RelocationBytes.Write(destination, encoding, value);
    }

    private static int MinimalSize(RelocationEncoding encoding, ulong value) => encoding switch
    {
        RelocationEncoding.Leb5 => Leb128.SizeU32((uint)value),
        RelocationEncoding.Sleb5 => Leb128.SizeS64((int)value),
        RelocationEncoding.Leb10 => Leb128.SizeU64(value),
        _ => Leb128.SizeS64((long)value),
    };

    /// <returns>The number of bytes written.</returns>
    private static int WriteMinimal(RelocationEncoding encoding, Span<byte> destination, ulong value)
    {
        switch (encoding)
        {
            case RelocationEncoding.Leb5:
                return Leb128.WriteU64(destination, (uint)value);
            case RelocationEncoding.Sleb5:
                return Leb128.WriteS64(destination, (int)value);
            case RelocationEncoding.Leb10:
                return Leb128.WriteU64(destination, value);
            case RelocationEncoding.Sleb10:
                return Leb128.WriteS64(destination, (long)value);
            case RelocationEncoding.I32:
                BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)value);
                return sizeof(uint);
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
                return sizeof(ulong);
        }
    }

    /// <summary>Addresses wrap at 32 bits, so that one before the start of memory is as good as any; larger ones are not.</summary>
    private void CheckRange(in Relocation relocation, RelocationEncoding encoding, ulong value)
    {
        bool fits = encoding switch
        {
            RelocationEncoding.Leb5 => value <= uint.MaxValue,
            RelocationEncoding.Sleb5 or RelocationEncoding.I32 => (long)value is >= int.MinValue and <= uint.MaxValue,
            _ => true,
        };
        if (!fits)
            ReportRange(relocation, value);
    }

    private void ReportRange(in Relocation relocation, ulong value)
    {
        ObjectFile file = Owner.Object;
        string name = relocation.Kind == RelocationKind.TypeIndexLeb ? "" : file.NameOf(file.Symbols[relocation.Index]).ToString();
        Diagnostics.Add(PlanErrors.RelocationOutOfRange(Owner.DisplayName, RelocationTable.Get(relocation.Kind).Name, name, (long)value));
    }
}
