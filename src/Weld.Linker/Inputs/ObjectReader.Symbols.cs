using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <content>The symbol table.</content>
public sealed partial class ObjectReader
{
    [SkipLocalsInit]
    private void ReadSymbolTable(ref WasmReader reader)
    {
        InputSymbol[] symbols = GC.AllocateUninitializedArray<InputSymbol>(reader.ReadCount("symbol", minimumSize: 3));
        // Symbols that other objects can see, and undefined ones, have a name among those of all inputs.
        Span<Utf8String> names = stackalloc Utf8String[NameTable.GroupSize];
        Span<int> places = stackalloc int[NameTable.GroupSize];
        int count = 0;
        int known = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            ref InputSymbol symbol = ref symbols[i];
            ReadSymbol(ref reader, ref symbol, i);
            if (symbol.IsDefined)
            {
                if (symbol.IsLocal)
                    continue;
                if (known < _knownNames.Length && LazySymbolReader.IsListed(symbol.Flags, symbol.NameLength))
                {
                    symbol.Name = _knownNames[known++];
                    continue;
                }
            }
            names[count] = _file.Slice(symbol.NameOffset, symbol.NameLength);
            places[count++] = i;
            if (count == NameTable.GroupSize)
            {
                Intern(symbols, names, places);
                count = 0;
            }
        }
        Intern(symbols, names[..count], places);
        _symbols = symbols;
    }

    private void Intern(InputSymbol[] symbols, ReadOnlySpan<Utf8String> names, ReadOnlySpan<int> places)
    {
        Span<NameId> ids = stackalloc NameId[NameTable.GroupSize];
        _names.Intern(names, ids);
        for (int i = 0; i < names.Length; i++)
            symbols[places[i]].Name = ids[i];
    }

    /// <summary>Reads and checks one entry. All of <paramref name="symbol"/> is written.</summary>
    private void ReadSymbol(ref WasmReader reader, ref InputSymbol symbol, int index)
    {
        long offset = reader.FileOffset;
        symbol.Kind = LinkingSection.ReadSymbolHead(ref reader, out SymbolFlags flags);
        if ((flags & SymbolFlags.BindingMask) == SymbolFlags.BindingMask)
            ThrowBinding("undefined weak symbol: invalid binding", offset);
        symbol.Marks = InputSymbolMarks.None;
        symbol.Flags = flags;
        symbol.Name = NameId.None;
        symbol.Index = 0;
        symbol.Offset = 0;
        switch (symbol.Kind)
        {
            case SymbolKind.Function:
                ReadElement(ref reader, ref symbol, _functionImports, _functions.Length, "function", offset);
                if (symbol.IsDefined && _functions[symbol.Index].NameSymbol < 0)
                    _functions[symbol.Index].NameSymbol = index;
                break;
            case SymbolKind.Data:
                ReadName(ref reader, ref symbol, offset);
                if (symbol.IsDefined)
                    ReadDataPlace(ref reader, ref symbol, offset);
                break;
            default:
                ReadRare(ref reader, ref symbol, offset);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadRare(ref WasmReader reader, ref InputSymbol symbol, long offset)
    {
        switch (symbol.Kind)
        {
            case SymbolKind.Global:
                ReadElement(ref reader, ref symbol, _globalImports, _globals.Length, "global", offset);
                break;
            case SymbolKind.Tag:
                ReadElement(ref reader, ref symbol, _tagImports, _tags.Length, "tag", offset);
                break;
            case SymbolKind.Table:
                _tableSymbolCount++;
                ReadElement(ref reader, ref symbol, _tableImports, _tables.Length, "table", offset);
                break;
            default:
                ReadSection(ref reader, ref symbol, offset);
                break;
        }
    }

    /// <summary>Reads what is in one of the module's index spaces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadElement(ref WasmReader reader, ref InputSymbol symbol, in ImportList imports, int definitions, string what, long offset)
    {
        uint index = reader.ReadLebU32();
        if (LinkingSection.HasName(symbol.Flags))
            ReadName(ref reader, ref symbol, offset);
        if (symbol.IsDefined)
        {
            index -= (uint)imports.Length;
            if (index >= (uint)definitions)
                ThrowIndex(what, index + (uint)imports.Length, offset);
        }
        else
        {
            if (index >= (uint)imports.Length)
                ThrowIndex(what, index, offset);
            if (!LinkingSection.HasName(symbol.Flags))
                SetName(ref symbol, imports.NameOf(index).Value);
        }
        symbol.Index = index;
    }

    /// <summary>Sets a name that is somewhere else in the file and has been checked there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SetName(ref InputSymbol symbol, Utf8String name)
    {
        symbol.NameOffset = _file.OffsetOf(name);
        symbol.NameLength = (uint)name.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadName(ref WasmReader reader, ref InputSymbol symbol, long offset)
    {
        Utf8String name = Utf8String.FromPinned(reader.ReadName());
        CheckName(name, offset);
        symbol.NameOffset = (uint)reader.FileOffset - (uint)name.Length;
        symbol.NameLength = (uint)name.Length;
    }

    private void ReadDataPlace(ref WasmReader reader, ref InputSymbol symbol, long offset)
    {
        symbol.Index = reader.ReadLebU32();
        ulong value = reader.ReadLebU64();
        reader.ReadLebU64();
        if ((symbol.Flags & SymbolFlags.Absolute) != 0)
            return;
        CheckIndex(symbol.Index, _segments.Length, "data segment", offset);
        ref InputSegment segment = ref _segments[symbol.Index];
        if (value > segment.Size)
            ThrowDataSymbol(symbol, value, segment.Size, offset);
        symbol.Offset = (uint)value;
        // Older objects carry the flag only on the segment.
        if (segment.IsTls)
            symbol.Flags |= SymbolFlags.Tls;
    }

    private void ReadSection(ref WasmReader reader, ref InputSymbol symbol, long offset)
    {
        uint section = reader.ReadLebU32();
        if (!symbol.IsDefined || !symbol.IsLocal)
            ThrowBinding("section symbols must have local binding", offset);
        if (!_sections.TryGetCustom(section, out symbol.Index))
            ThrowIndex("section", section, offset);
        SetName(ref symbol, _sections.CustomAt(symbol.Index).Name);
    }

    // Messages of what is checked for each symbol: what they need would be cleared on the stack each time.

    [DoesNotReturn]
    private static void ThrowBinding(string problem, long offset) => throw new MalformedInputException(problem, offset);

    [DoesNotReturn]
    private static void ThrowIndex(string what, uint index, long offset) =>
        throw new MalformedInputException($"invalid {what} symbol index: {index}", offset);

    [DoesNotReturn]
    private void ThrowDataSymbol(in InputSymbol symbol, ulong value, uint segmentSize, long offset) =>
        throw new MalformedInputException($"invalid data symbol offset: `{_file.Slice(symbol.NameOffset, symbol.NameLength)}` (offset: {value} segment size: {segmentSize})", offset);
}
