using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Parses, in parallel, the archive members that the link will probably need.</summary>
/// <remarks>Which members are linked is decided by Resolution, one after the other, because the order of archives counts. But nearly
/// always it is those that define what somebody needs and no object defines. A member that is parsed in vain costs
/// only time, one that is not costs its parsing in Resolution; what is wrong with a member is said there too.</remarks>
internal sealed class MemberPrediction
{
    private readonly LinkInputs _inputs;
    private readonly LinkOptions _options;
    private readonly LinkReports _reports;

    // A byte for each name, set by any thread and never cleared.
    private readonly bool[] _defined;
    private readonly bool[] _wanted;

    private MemberPrediction(LinkInputs inputs, LinkOptions options, LinkReports reports)
    {
        _inputs = inputs;
        _options = options;
        _reports = reports;
        _defined = new bool[inputs.Names.Limit];
        _wanted = new bool[inputs.Names.Limit];
    }

    public static void Run(LinkInputs inputs, LinkOptions options, LinkReports reports)
    {
        if (Workers.Count(options.Threads) < 2)
            return;
        var candidates = new List<LinkInput>();
        var parsed = new List<LinkInput>(inputs.Count);
        foreach (LinkInput input in inputs)
            (input.LazySymbols.Length != 0 ? candidates : parsed).Add(input);
        if (candidates.Count == 0)
            return;
        var prediction = new MemberPrediction(inputs, options, reports);
        while (parsed.Count != 0)
        {
            prediction.Note(parsed);
            parsed = prediction.TakeNeeded(candidates);
            prediction.Parse(parsed);
        }
    }

    private void Note(List<LinkInput> parsed) => Workers.ForEach(parsed.Count, _options.Threads, index =>
    {
        if (parsed[index].Object is not ObjectFile file)
            return;
        foreach (ref readonly InputSymbol symbol in file.Symbols.AsSpan())
        {
            // Names that came with a predicted member are nobody's definition that was not seen.
            if (symbol.IsLocal || symbol.Name.Index >= _wanted.Length)
                continue;
            if (symbol.IsDefined)
                _defined[symbol.Name.Index] = true;
            else if ((symbol.Flags & SymbolFlags.Weak) == 0)
                _wanted[symbol.Name.Index] = true;
        }
    });

    private List<LinkInput> TakeNeeded(List<LinkInput> candidates)
    {
        var needed = new List<LinkInput>();
        int left = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (IsNeeded(candidates[i]))
                needed.Add(candidates[i]);
            else
                candidates[left++] = candidates[i];
        }
        candidates.RemoveRange(left, candidates.Count - left);
        return needed;
    }

    private bool IsNeeded(LinkInput candidate)
    {
        foreach (NameId name in candidate.LazySymbols)
            if (_wanted[name.Index] && !_defined[name.Index])
                return true;
        return false;
    }

    private void Parse(List<LinkInput> needed) => Workers.ForEach(needed.Count, _options.Threads, index =>
    {
        LinkInput input = needed[index];
        using TimeScope time = _reports.Times?.Begin("Parse", input.File.DisplayName) ?? default;
        input.Object = InputErrors.TryRead(input.File, file => ObjectReader.Read(file, _inputs.Names), new DiagnosticBag());
    });
}
