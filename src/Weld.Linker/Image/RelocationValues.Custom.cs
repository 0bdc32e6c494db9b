using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Image;

/// <content>Relocations of custom sections: debug information has more of them than all code, and they are decoded only here.</content>
/// <remarks>Nearly all are one of three kinds, four bytes wide, with an addend: what a symbol of an object is for one of these is found once and kept
/// in eight bytes (<see cref="KnownSymbols"/>). The loop for them checks all that <see cref="RelocationChecker"/> does, and leaves what it does not know to it.</remarks>
public sealed unsafe partial class RelocationValues
{
    // Kind, offset, index and addend, with four bytes each at most but for the kind.
    private const int LongestUsual = 1 + (3 * ShortLeb.Longest);

    private const int UsualWidth = sizeof(uint);

    // What is known of a symbol is a value, and above it a tag: the kind that the value is for, and how it is used.
    private const int TagShift = 32;
    private const uint IsKnown = 1 << 8;
    private const uint IsDead = 1 << 6;
    private const uint IsInStrings = 1 << 7;

    // The section of merged strings that was asked for last: an object has one or two.
    private uint _stringsElement = uint.MaxValue;
    private MergedStrings.SectionStrings _strings;
    private long _stringsOffset;

    /// <summary>Where decoding is in the relocations of a section.</summary>
    private struct Cursor
    {
        public byte* Next;
        public byte* End;

        /// <summary>How many are still to come.</summary>
        public int Left;

        /// <summary>The offset of the last one.</summary>
        public uint Offset;

        /// <summary>What <see cref="ApplyUsual"/> stopped at, if it came to that.</summary>
        public uint Symbol;
    }

    /// <summary>Applies the relocations of a custom section to a copy of it, and checks them before.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="section">One of its custom sections.</param>
    /// <param name="destination">The copied section.</param>
    /// <param name="tombstone">The value for what the output does not have; 0: the addend.</param>
    public void ApplyChecked(LinkedObject owner, in InputCustomSection section, byte* destination, ulong tombstone)
    {
        _owner = owner;
        ObjectFile file = owner.Object;
        Utf8String entries = file.File.Slice(section.RelocationOffset, section.RelocationSize);
        var cursor = new Cursor { Next = entries.Pointer, End = entries.Pointer + entries.Length, Left = section.RelocationCount };
        ulong* known = _knownSymbols!.Value.Of(owner);
        try
        {
            while (true)
            {
                if (section.Size >= UsualWidth)
                    ApplyUsual(ref cursor, known, section.Size - UsualWidth, destination, tombstone);
                if (cursor.Left == 0)
                    break;
                if (!TryLearn(cursor, known))
                    ApplyAny(ref cursor, section, destination, tombstone);
            }
            RelocationChecker.CheckEnd(ReaderAt(cursor, section));
        }
        catch (MalformedInputException e)
        {
            Diagnostics.Add(InputErrors.Malformed(Owner.DisplayName, e));
        }
    }

    /// <summary>Applies relocations up to the first that is none of the usual ones, or of whose symbol nothing is known.</summary>
    /// <remarks>It calls nothing, so that all it needs stays in registers.</remarks>
    private void ApplyUsual(ref Cursor cursor, ulong* known, uint limit, byte* destination, ulong tombstone)
    {
        byte* next = cursor.Next;
        byte* lastNext = cursor.End - LongestUsual;
        uint last = cursor.Offset;
        int left = cursor.Left;
        uint symbols = (uint)Owner.Object.Symbols.Length;
        uint symbol = uint.MaxValue;
        for (; left != 0 && next <= lastNext; left--)
        {
            byte* start = next + 1;
            uint offset = ShortLeb.ReadU32(ref start);
            if (offset < last || offset > limit)
                break;
            symbol = ShortLeb.ReadU32(ref start);
            if (symbol >= symbols)
                break;
            int addend = ShortLeb.ReadS32(ref start);
            if (start == null)
                break;
            ulong target = known[symbol];
            uint difference = (uint)(target >> TagShift) ^ (IsKnown | *next);
            uint value;
            if (difference == IsInStrings)
            {
                if ((uint)target != _stringsElement || !_strings.TryMapStart((uint)addend, out value))
                    break;
                value += (uint)_stringsOffset;
            }
            else if (difference == 0)
            {
                long sum = (uint)target + (long)addend;
                value = (uint)sum;
                if (sum != value)
                    break;
            }
            else if (difference == IsDead)
            {
                value = tombstone != 0 ? (uint)tombstone : (uint)addend;
            }
            else
            {
                break;
            }
            WriteUsual(destination + offset, value);
            last = offset;
            next = start;
        }
        cursor = new Cursor { Next = next, End = cursor.End, Left = left, Offset = last, Symbol = symbol };
    }

    private static void WriteUsual(byte* destination, uint value) =>
        Unsafe.WriteUnaligned(destination, BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Finds out about the symbol of a relocation what was missing.</summary>
    /// <returns>False when it is unusual, or wrong.</returns>
    private bool TryLearn(in Cursor cursor, ulong* known)
    {
        if (cursor.Symbol >= (uint)Owner.Object.Symbols.Length || cursor.Next >= cursor.End)
            return false;
        var kind = (RelocationKind)(*cursor.Next);
        ref ulong target = ref known[cursor.Symbol];
        var tag = (uint)(target >> TagShift);
        if ((tag & ~(IsDead | IsInStrings)) != (IsKnown | (uint)kind))
            return TryLearn(cursor.Symbol, kind, ref target);
        if ((tag & IsInStrings) == 0 || (uint)target == _stringsElement)
            return false;
        _stringsElement = (uint)target;
        ref CustomPlace place = ref _plan.CustomPlaces[_stringsElement];
        _strings = place.Strings!.InSection(place.Section);
        _stringsOffset = place.Offset;
        return true;
    }

    private bool TryLearn(uint index, RelocationKind kind, ref ulong target)
    {
        ref InputSymbol symbol = ref Owner.Object.Symbols[index];
        bool isDead;
        ulong value;
        uint form = 0;
        switch (kind)
        {
            case RelocationKind.MemoryAddrI32 when symbol.Kind == SymbolKind.Data:
            {
                SymbolTarget data = DataTargetOf(index);
                isDead = (data.Flags & SymbolTargetFlags.Live) == 0;
                if (!isDead && (data.Flags & SymbolTargetFlags.HasAddress) == 0)
                    return false;
                value = data.Address;
                break;
            }
            case RelocationKind.FunctionOffsetI32 when symbol.Kind == SymbolKind.Function && Owner.Referents[index] is { IsOther: false, IsSegment: false } function:
                value = _knownSymbols!.Value.BodyOffsets[function.Index];
                isDead = value == 0;
                break;
            case RelocationKind.SectionOffsetI32 when symbol.Kind == SymbolKind.Section && Owner.Bindings[index] < 0:
            {
                int element = Owner.ElementOf(symbol);
                ref CustomPlace place = ref _plan.CustomPlaces[element];
                isDead = !place.IsInOutput;
                value = place.Strings is null ? (ulong)place.Offset : (uint)element;
                form = place.Strings is null ? 0 : IsInStrings;
                break;
            }
            default:
                return false;
        }
        if (isDead)
            form = IsDead;
        else if (value > uint.MaxValue)
            return false;
        target = (ulong)(IsKnown | form | (uint)kind) << TagShift | (uint)value;
        return true;
    }

    /// <summary>What relocations against data get; nothing for an object's own that is not in the output.</summary>
    private SymbolTarget DataTargetOf(uint index)
    {
        int binding = Owner.Bindings[index];
        if (binding >= 0)
            return _plan.Targets[binding];
        ref InputSymbol symbol = ref Owner.Object.Symbols[index];
        int element = Owner.ElementOf(symbol);
        return IsInOutput(symbol, element)
            ? new SymbolTarget { Address = AddressOf(symbol, element), Flags = SymbolTargetFlags.Live | SymbolTargetFlags.HasAddress }
            : default;
    }

    /// <summary>Applies a relocation of any kind.</summary>
    private void ApplyAny(ref Cursor cursor, in InputCustomSection section, byte* destination, ulong tombstone)
    {
        ObjectFile file = Owner.Object;
        var checker = new RelocationChecker(file.Symbols, file.Types.Length, section.Size) { Last = cursor.Offset };
        WasmReader reader = ReaderAt(cursor, section);
        Relocation relocation = checker.Read(ref reader);
        Write(relocation, new Span<byte>(destination, (int)section.Size)[(int)relocation.Offset..], Compute(relocation, relocation.Offset, tombstone));
        cursor.Next += reader.Position;
        cursor.Offset = relocation.Offset;
        cursor.Left--;
    }

    private WasmReader ReaderAt(in Cursor cursor, in InputCustomSection section)
    {
        uint left = (uint)(cursor.End - cursor.Next);
        uint start = section.RelocationOffset + section.RelocationSize - left;
        return new WasmReader(Owner.Object.Slice(start, left), start);
    }
}
