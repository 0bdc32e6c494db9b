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
/// <remarks>Nearly all are one of three kinds, four bytes wide, with an addend: what each symbol of the object is for one of these is kept
/// in eight bytes. The loop for them checks all that <see cref="RelocationChecker"/> does, and leaves what it does not know to it.</remarks>
public sealed unsafe partial class RelocationValues
{
    // Kind, offset, index and addend, with four bytes each at most but for the kind.
    private const int LongestUsual = 1 + (3 * sizeof(uint));

    private const int UsualWidth = sizeof(uint);

    // A place is a value, and above it a tag: the kind that the value is for, how it is used, and which filling of the table it is from.
    private const int TagShift = 32;
    private const uint IsFixed = 1 << 6;
    private const uint IsInStrings = 1 << 7;
    private const uint FillingUnit = 1 << 8;

    private ulong[] _places = [];
    private uint _filling;
    private LinkedObject? _placesOwner;
    private ulong _placesTombstone;

    /// <summary>Where decoding is in the relocations of a section.</summary>
    private struct Cursor
    {
        public byte* Next;
        public byte* End;

        /// <summary>How many are still to come.</summary>
        public int Left;

        /// <summary>The offset of the last one.</summary>
        public uint Offset;
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
        PreparePlaces(file.Symbols.Length, tombstone);
        Utf8String entries = file.File.Slice(section.RelocationOffset, section.RelocationSize);
        var cursor = new Cursor { Next = entries.Pointer, End = entries.Pointer + entries.Length, Left = section.RelocationCount };
        try
        {
            while (true)
            {
                ApplyUsual(ref cursor, section.Size, destination);
                if (cursor.Left == 0)
                    break;
                ApplyAny(ref cursor, section, destination, tombstone);
            }
            RelocationChecker.CheckEnd(ReaderAt(cursor, section));
        }
        catch (MalformedInputException e)
        {
            Diagnostics.Add(InputErrors.Malformed(Owner.DisplayName, e));
        }
    }

    private void PreparePlaces(int symbols, ulong tombstone)
    {
        if (_places.Length < symbols)
            _places = new ulong[Math.Max(symbols, _places.Length * 2)];
        if (_owner == _placesOwner && tombstone == _placesTombstone)
            return;
        _placesOwner = _owner;
        _placesTombstone = tombstone;
        // Places of other fillings do not count, so that nothing is cleared.
        _filling += FillingUnit;
        if (_filling != 0)
            return;
        Array.Clear(_places);
        _filling = FillingUnit;
    }

    /// <summary>Applies relocations up to the first that is none of the usual ones.</summary>
    private void ApplyUsual(ref Cursor cursor, uint size, byte* destination)
    {
        if (size < UsualWidth)
            return;
        uint limit = size - UsualWidth;
        byte* next = cursor.Next;
        byte* lastNext = cursor.End - LongestUsual;
        uint last = cursor.Offset;
        int left = cursor.Left;
        uint symbols = (uint)Owner.Object.Symbols.Length;
        uint filling = _filling;
        fixed (ulong* places = _places)
        {
            while (left != 0 && next <= lastNext)
            {
                uint kind = *next;
                byte* start = next + 1;
                uint offset = ReadShort(ref start);
                uint symbol = ReadShort(ref start);
                int addend = ReadShortSigned(ref start);
                if (offset < last || offset > limit || symbol >= symbols || start == null)
                    break;
                ulong place = places[symbol];
                uint difference = (uint)(place >> TagShift) ^ (filling | kind);
                long value;
                if (difference == 0)
                {
                    value = (uint)place + (long)addend;
                    if ((ulong)value > uint.MaxValue)
                        break;
                }
                else if (difference == IsInStrings)
                {
                    value = _plan.CustomPlaces[(uint)place].Map(addend);
                }
                else if (difference == IsFixed)
                {
                    value = (uint)place;
                }
                else
                {
                    if (!TryFillPlace(symbol, (RelocationKind)kind))
                        break;
                    continue;
                }
                WriteUsual(destination + offset, (uint)value);
                last = offset;
                next = start;
                left--;
            }
        }
        cursor = new Cursor { Next = next, End = cursor.End, Left = left, Offset = last };
    }

    /// <summary>A LEB128 of up to four bytes; what is longer is a value that nothing accepts.</summary>
    /// <remarks>With branches: offsets ascend, so that the lengths are nearly always those of the relocation before.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadShort(ref byte* next)
    {
        uint value = next[0];
        if (value < 0x80)
        {
            next += 1;
            return value;
        }
        uint part = next[1];
        value += (part << 7) - 0x80;
        if (part < 0x80)
        {
            next += 2;
            return value;
        }
        part = next[2];
        value += (part << 14) - (0x80 << 7);
        if (part < 0x80)
        {
            next += 3;
            return value;
        }
        part = next[3];
        value += (part << 21) - (0x80 << 14);
        next += 4;
        return part < 0x80 ? value : uint.MaxValue;
    }

    /// <summary>A signed LEB128 of up to four bytes; null is next when it is longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadShortSigned(ref byte* next)
    {
        int value = next[0];
        if (value < 0x80)
        {
            next += 1;
            return value << 25 >> 25;
        }
        int part = next[1];
        value += (part << 7) - 0x80;
        if (part < 0x80)
        {
            next += 2;
            return value << 18 >> 18;
        }
        part = next[2];
        value += (part << 14) - (0x80 << 7);
        if (part < 0x80)
        {
            next += 3;
            return value << 11 >> 11;
        }
        part = next[3];
        value += (part << 21) - (0x80 << 14);
        next = part < 0x80 ? next + 4 : null;
        return value << 4 >> 4;
    }

    private static void WriteUsual(byte* destination, uint value) =>
        Unsafe.WriteUnaligned(destination, BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Finds out what relocations of a kind get for a symbol.</summary>
    /// <returns>False for what is unusual, or wrong.</returns>
    private bool TryFillPlace(uint index, RelocationKind kind)
    {
        ref InputSymbol symbol = ref Owner.Object.Symbols[index];
        bool isDead;
        ulong value;
        uint form = 0;
        switch (kind)
        {
            case RelocationKind.MemoryAddrI32 when symbol.Kind == SymbolKind.Data:
            {
                SymbolTarget target = TargetOf(index);
                isDead = (target.Flags & SymbolTargetFlags.Live) == 0;
                if (!isDead && (target.Flags & SymbolTargetFlags.HasAddress) == 0)
                    return false;
                value = target.Address;
                break;
            }
            case RelocationKind.FunctionOffsetI32 when symbol.Kind == SymbolKind.Function:
            {
                SymbolTarget target = TargetOf(index);
                const SymbolTargetFlags Needed = SymbolTargetFlags.Live | SymbolTargetFlags.HasBody;
                isDead = (target.Flags & Needed) != Needed;
                value = isDead ? 0 : _code!.OffsetOfFunctionIndex(Owner.Bindings[index] is >= 0 and int binding ? (uint)IndexOfBody(binding) : target.Index);
                break;
            }
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
        {
            value = _placesTombstone;
            form = value != 0 ? IsFixed : 0;
        }
        else if (value > uint.MaxValue)
        {
            return false;
        }
        _places[index] = (ulong)(_filling | form | (uint)kind) << TagShift | (uint)value;
        return true;
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
