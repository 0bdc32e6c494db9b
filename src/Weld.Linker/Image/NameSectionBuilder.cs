using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>The contents of the name section: the module, functions, globals, data segments.</summary>
public sealed class NameSectionBuilder
{
    private readonly OutputPlan _plan;

    private NameSectionBuilder(OutputPlan plan) => _plan = plan;

    /// <returns>Null when there is nothing to name.</returns>
    public static WasmWriter? Build(OutputPlan plan)
    {
        var builder = new NameSectionBuilder(plan);
        (uint functions, WasmWriter functionNames) = builder.FunctionNames();
        (uint globals, WasmWriter globalNames) = builder.GlobalNames();
        (uint segments, WasmWriter segmentNames) = builder.SegmentNames();
        if (functions + globals + segments == 0)
            return null;
        var writer = new WasmWriter(functionNames.Length + globalNames.Length + segmentNames.Length + 64);
        NameSection.WriteModuleName(writer, System.Text.Encoding.UTF8.GetBytes(plan.Options.SoName is { Length: > 0 } soName ? soName : Path.GetFileName(plan.Options.OutputFile ?? "")));
        if (functions != 0)
            NameSection.WriteMap(writer, NameSubsection.Function, functions, functionNames);
        if (globals != 0)
            NameSection.WriteMap(writer, NameSubsection.Global, globals, globalNames);
        if (segments != 0)
            NameSection.WriteMap(writer, NameSubsection.DataSegment, segments, segmentNames);
        return writer;
    }

    private (uint Count, WasmWriter Entries) FunctionNames()
    {
        var entries = new WasmWriter(1024 + _plan.Functions.Count * 32);
        uint count = 0;
        foreach (OutputImport import in _plan.Imports)
            if (import.Import.Kind == ExternalKind.Function)
                Add(entries, count++, import.Name);
        uint index = _plan.ImportedFunctionCount;
        foreach (OutputFunction function in _plan.Functions)
        {
            count += AddFunction(entries, index, function) ? 1u : 0;
            index++;
        }
        return (count, entries);
    }

    private bool AddFunction(WasmWriter entries, uint index, OutputFunction function)
    {
        if (function.Owner is null)
        {
            entries.WriteLebU32(index);
            entries.WriteName(_plan.SyntheticFunctions[(int)function.Function].Function.Name);
            return true;
        }
        ObjectFile file = function.Owner.Object;
        int symbol = file.Functions[function.Function].NameSymbol;
        if (symbol < 0 || file.Symbols[symbol].NameLength == 0)
            return false;
        Add(entries, index, file.NameOf(file.Symbols[symbol]));
        return true;
    }

    private (uint Count, WasmWriter Entries) GlobalNames()
    {
        var entries = new WasmWriter();
        uint count = 0;
        foreach (OutputImport import in _plan.Imports)
            if (import.Import.Kind == ExternalKind.Global)
                Add(entries, count++, import.Name);
        uint index = _plan.ImportedGlobalCount;
        foreach (OutputGlobal global in _plan.Globals)
        {
            if (!global.Name.IsEmpty)
            {
                Add(entries, index, global.Name);
                count++;
            }
            index++;
        }
        return (count, entries);
    }

    private (uint Count, WasmWriter Entries) SegmentNames()
    {
        var entries = new WasmWriter();
        uint count = 0;
        foreach (OutputSegment segment in _plan.Data.Segments)
            if (_plan.Data.IsInFile(segment) && !segment.Name.IsEmpty)
            {
                entries.WriteLebU32((uint)segment.Index);
                entries.WriteName(segment.Name.Bytes);
                count++;
            }
        return (count, entries);
    }

    private void Add(WasmWriter entries, uint index, Utf8String name)
    {
        entries.WriteLebU32(index);
        SymbolNames.WriteDisplay(entries, name, _plan.Options.Demangle);
    }
}
