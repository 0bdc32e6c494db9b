using System.Text;
using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Planning;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>The contents of the name section: the module, functions, globals, data segments.</summary>
/// <remarks>As NameSection::writeBody in wasm-ld's SyntheticSections.cpp: names of functions and globals are demangled unless
/// told otherwise, those of segments never are. Functions are most of it: here their names are measured, and written when the section is.</remarks>
public sealed class NameSectionBuilder
{
    private const int FunctionsPerPiece = 512;

    private readonly OutputPlan _plan;
    private readonly FunctionNames _names;

    private NameSectionBuilder(OutputPlan plan, FunctionNames names)
    {
        _plan = plan;
        _names = names;
    }

    /// <summary>A part of the contents.</summary>
    /// <param name="Size">Its size in bytes.</param>
    /// <param name="Write">Fills in as many bytes.</param>
    public sealed record Part(long Size, PartWriter Write);

    /// <summary>Writes a part of the contents.</summary>
    public delegate void PartWriter(Span<byte> destination);

    /// <returns>The contents, in parts that follow each other; null when there is nothing to name.</returns>
    public static List<Part>? Build(OutputPlan plan)
    {
        var builder = new NameSectionBuilder(plan, plan.FunctionNames!);
        NameCount[] functions = builder.MeasureFunctions();
        if (builder._names.AreDemangled && functions.Sum(static piece => piece.Size) > FunctionNames.LongestText)
        {
            builder = new NameSectionBuilder(plan, FunctionNames.RunWithoutDemangling(plan.Program, plan.Live, plan.Options));
            functions = builder.MeasureFunctions();
        }
        return builder.Build(functions);
    }

    private List<Part>? Build(NameCount[] functions)
    {
        NameMap imports = NameImports(ExternalKind.Function);
        NameMap globals = NameGlobals();
        NameMap segments = NameSegments();
        uint count = imports.Count + (uint)functions.Sum(static piece => piece.Count);
        if ((count | globals.Count | segments.Count) == 0)
            return null;

        var start = new WasmWriter();
        NameSection.WriteModuleName(start, Encoding.UTF8.GetBytes(GetModuleName()));
        if (count != 0)
            NameSection.WriteMapHead(start, NameSubsection.Function, count, imports.Entries.Length + functions.Sum(static piece => piece.Size));
        start.WriteBytes(imports.Entries.Written);
        List<Part> parts = [PartOf(start)];
        for (int i = 0; i < functions.Length; i++)
        {
            int first = i * FunctionsPerPiece;
            if (functions[i].Size != 0)
                parts.Add(new Part(functions[i].Size, destination => WriteFunctions(first, destination)));
        }
        var rest = new WasmWriter(globals.Entries.Length + segments.Entries.Length + 64);
        Write(rest, NameSubsection.Global, globals);
        Write(rest, NameSubsection.DataSegment, segments);
        parts.Add(PartOf(rest));
        return parts;
    }

    private static Part PartOf(WasmWriter contents) => new(contents.Length, destination => contents.Written.CopyTo(destination));

    private string GetModuleName() =>
        _plan.Options.SoName is { Length: > 0 } soName ? soName : Path.GetFileName(_plan.Options.OutputFile ?? "");

    private NameCount[] MeasureFunctions()
    {
        var counts = new NameCount[(_plan.Functions.Count + FunctionsPerPiece - 1) / FunctionsPerPiece];
        Workers.ForEach(counts.Length, _plan.Options.Threads, piece => counts[piece] = MeasureFunctions(piece * FunctionsPerPiece));
        return counts;
    }

    private NameCount MeasureFunctions(int first)
    {
        int end = Math.Min(first + FunctionsPerPiece, _plan.Functions.Count);
        long size = 0;
        int count = 0;
        for (int i = first; i < end; i++)
            if (TryGetName(_plan.Functions[i], out ReadOnlySpan<byte> name))
            {
                size += Leb128.SizeU32(_plan.ImportedFunctionCount + (uint)i) + Leb128.SizeU32((uint)name.Length) + name.Length;
                count++;
            }
        return new NameCount(size, count);
    }

    private void WriteFunctions(int first, Span<byte> destination)
    {
        int end = Math.Min(first + FunctionsPerPiece, _plan.Functions.Count);
        for (int i = first; i < end; i++)
            if (TryGetName(_plan.Functions[i], out ReadOnlySpan<byte> name))
            {
                destination = destination[Leb128.WriteU64(destination, _plan.ImportedFunctionCount + (uint)i)..];
                destination = destination[Leb128.WriteU64(destination, (uint)name.Length)..];
                name.CopyTo(destination);
                destination = destination[name.Length..];
            }
    }

    private bool TryGetName(in OutputFunction function, out ReadOnlySpan<byte> name)
    {
        if (function.Owner is not null)
        {
            bool hasName = _names.TryGet(function.Id, out Utf8String known);
            name = known.Bytes;
            return hasName;
        }
        byte[] made = Encoding.UTF8.GetBytes(_plan.SyntheticFunctions[(int)function.Function].Function.Name);
        name = SymbolNames.GetDisplayName(made, _names.AreDemangled);
        return made.Length != 0;
    }

    private NameMap NameGlobals()
    {
        NameMap map = NameImports(ExternalKind.Global);
        for (int i = 0; i < _plan.Globals.Count; i++)
        {
            Utf8String name = _plan.Globals[i].Name;
            if (!name.IsEmpty)
                map.Add(_plan.ImportedGlobalCount + (uint)i, SymbolNames.GetDisplayName(name.Bytes, _names.AreDemangled));
        }
        return map;
    }

    private NameMap NameImports(ExternalKind kind)
    {
        var map = new NameMap(1024);
        foreach (OutputImport import in _plan.Imports)
            if (import.Import.Kind == kind)
                map.Add(map.Count, SymbolNames.GetDisplayName(import.Name.Bytes, _names.AreDemangled));
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

    /// <summary>What names of several functions take: bytes of entries, and how many have one.</summary>
    private readonly record struct NameCount(long Size, int Count);

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
