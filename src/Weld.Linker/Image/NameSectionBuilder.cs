using System.Text;
using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>The contents of the name section: the module, functions, globals, data segments.</summary>
/// <remarks>As NameSection::writeBody in wasm-ld's SyntheticSections.cpp: names of functions and globals are demangled unless
/// told otherwise, those of segments never are. Demangling is most of the work, so functions are named in parallel.</remarks>
public sealed class NameSectionBuilder
{
    private const int FunctionsPerPiece = 64;

    // Malicious names grow some hundredfold. Sections of this size are of no use to anyone, so mangled names have to do.
    private const long LongestText = 512 << 20;
    private const int LongestPiece = 32 << 20;

    private readonly OutputPlan _plan;
    private readonly bool _demangle;
    private long _textLength;

    private NameSectionBuilder(OutputPlan plan, bool demangle)
    {
        _plan = plan;
        _demangle = demangle;
    }

    private bool IsTooLong => _demangle && Interlocked.Read(ref _textLength) > LongestText;

    /// <returns>The contents, in parts that follow each other; null when there is nothing to name.</returns>
    public static List<WasmWriter>? Build(OutputPlan plan)
    {
        var builder = new NameSectionBuilder(plan, plan.Options.Demangle);
        List<WasmWriter>? section = builder.Build();
        return builder.IsTooLong ? new NameSectionBuilder(plan, demangle: false).Build() : section;
    }

    private List<WasmWriter>? Build()
    {
        NameMap[] functions = NameFunctions();
        if (IsTooLong)
            return null;
        NameMap globals = NameGlobals();
        NameMap segments = NameSegments();
        int size = functions.Sum(piece => piece.Entries.Length);
        uint count = (uint)functions.Sum(piece => piece.Count);
        if ((count | globals.Count | segments.Count) == 0)
            return null;

        var start = new WasmWriter();
        NameSection.WriteModuleName(start, Encoding.UTF8.GetBytes(GetModuleName()));
        List<WasmWriter> parts = [start];
        if (count != 0)
        {
            NameSection.WriteMapHead(start, NameSubsection.Function, count, size);
            foreach (NameMap piece in functions)
                parts.Add(piece.Entries);
        }
        var rest = new WasmWriter(globals.Entries.Length + segments.Entries.Length + 64);
        Write(rest, NameSubsection.Global, globals);
        Write(rest, NameSubsection.DataSegment, segments);
        parts.Add(rest);
        return parts;
    }

    private string GetModuleName() =>
        _plan.Options.SoName is { Length: > 0 } soName ? soName : Path.GetFileName(_plan.Options.OutputFile ?? "");

    /// <summary>The names of functions in pieces, the imports first.</summary>
    private NameMap[] NameFunctions()
    {
        int pieces = (_plan.Functions.Count + FunctionsPerPiece - 1) / FunctionsPerPiece;
        var maps = new NameMap[pieces + 1];
        maps[0] = NameImports(ExternalKind.Function);
        Workers.ForEach(pieces, _plan.Options.Threads, piece => maps[piece + 1] = NameFunctions(piece * FunctionsPerPiece));
        return maps;
    }

    private NameMap NameFunctions(int first)
    {
        int end = Math.Min(first + FunctionsPerPiece, _plan.Functions.Count);
        var map = new NameMap((end - first) * 112);
        for (int i = first; i < end && !IsTooLong; i++)
        {
            ReadOnlySpan<byte> name = GetFunctionName(_plan.Functions[i]);
            if (!name.IsEmpty)
                map.Add(_plan.ImportedFunctionCount + (uint)i, SymbolNames.GetDisplayName(name, _demangle));
            if (_demangle && map.Entries.Length > LongestPiece)
                Interlocked.Add(ref _textLength, LongestText);
        }
        Interlocked.Add(ref _textLength, map.Entries.Length);
        return map;
    }

    private ReadOnlySpan<byte> GetFunctionName(OutputFunction function)
    {
        if (function.Owner is null)
            return Encoding.UTF8.GetBytes(_plan.SyntheticFunctions[(int)function.Function].Function.Name);
        ObjectFile file = function.Owner.Object;
        int symbol = file.Functions[function.Function].NameSymbol;
        return symbol < 0 ? default : file.NameOf(file.Symbols[symbol]).Bytes;
    }

    private NameMap NameGlobals()
    {
        NameMap map = NameImports(ExternalKind.Global);
        for (int i = 0; i < _plan.Globals.Count; i++)
        {
            Utf8String name = _plan.Globals[i].Name;
            if (!name.IsEmpty)
                map.Add(_plan.ImportedGlobalCount + (uint)i, SymbolNames.GetDisplayName(name.Bytes, _demangle));
        }
        return map;
    }

    private NameMap NameImports(ExternalKind kind)
    {
        var map = new NameMap(1024);
        foreach (OutputImport import in _plan.Imports)
            if (import.Import.Kind == kind)
                map.Add(map.Count, SymbolNames.GetDisplayName(import.Name.Bytes, _demangle));
        return map;
    }

    private NameMap NameSegments()
    {
        var map = new NameMap(256);
        foreach (OutputSegment segment in _plan.Data.Segments)
            if (_plan.Data.IsInFile(segment) && !segment.Name.IsEmpty)
                map.Add((uint)segment.Index, segment.Name.Bytes);
        return map;
    }

    private static void Write(WasmWriter writer, NameSubsection kind, NameMap map)
    {
        if (map.Count == 0)
            return;
        NameSection.WriteMapHead(writer, kind, map.Count, map.Entries.Length);
        writer.WriteBytes(map.Entries.Written);
    }

    /// <summary>Entries of a subsection: an index and a name each.</summary>
    private sealed class NameMap(int capacity)
    {
        public WasmWriter Entries { get; } = new(capacity);

        public uint Count { get; private set; }

        public void Add(uint index, ReadOnlySpan<byte> name)
        {
            Entries.WriteLebU32(index);
            Entries.WriteName(name);
            Count++;
        }
    }
}
