using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Reports;

/// <summary>The lines of <c>--print-gc-sections</c>: what was dropped, object by object.</summary>
public sealed class GarbageReport
{
    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly TextWriter _output;

    public GarbageReport(ResolvedProgram program, LiveSet live, TextWriter output)
    {
        _program = program;
        _live = live;
        _output = output;
    }

    public void Write()
    {
        foreach (LinkedObject owner in _program.Objects)
            Write(owner);
        var names = new SyntheticNames(_program);
        foreach (SyntheticFunction function in _program.SyntheticFunctions)
            if (!_live.Functions.Contains(function.Id))
                Write("<internal>", names[function]);
        foreach (SyntheticGlobal global in _program.SyntheticGlobals)
            if (!_live.Globals.Contains(global.Id))
                Write("<internal>", _program.Symbols[global.Symbol].Name.ToString());
    }

    private void Write(LinkedObject owner)
    {
        ObjectFile file = owner.Object;
        for (int i = 0; i < file.Functions.Length; i++)
            if (!_live.Functions.Contains(new FunctionId(owner.FirstFunction + i)))
                Write(owner.DisplayName, file.Functions[i].NameSymbol < 0 ? "" : file.NameOf(file.Symbols[file.Functions[i].NameSymbol]).ToString());
        for (int i = 0; i < file.Segments.Length; i++)
            if (!_live.Segments.Contains(new SegmentId(owner.FirstSegment + i)))
                Write(owner.DisplayName, file.Segments[i].Name.ToString());
        for (int i = 0; i < file.Globals.Length; i++)
            if (!_live.Globals.Contains(new GlobalId(owner.FirstGlobal + i)))
                Write(owner.DisplayName, NameOf(file, SymbolKind.Global, i));
        for (int i = 0; i < file.Tags.Length; i++)
            if (!_live.Tags.Contains(new TagId(owner.FirstTag + i)))
                Write(owner.DisplayName, NameOf(file, SymbolKind.Tag, i));
        for (int i = 0; i < file.Tables.Length; i++)
            if (!_live.Tables.Contains(new TableId(owner.FirstTable + i)))
                Write(owner.DisplayName, NameOf(file, SymbolKind.Table, i));
    }

    private static string NameOf(ObjectFile file, SymbolKind kind, int index)
    {
        foreach (InputSymbol symbol in file.Symbols)
            if (symbol.Kind == kind && symbol.IsDefined && symbol.Index == index)
                return file.NameOf(symbol).ToString();
        return "";
    }

    private void Write(string file, string name) => _output.WriteLine($"removing unused section {file}:({name})");
}
