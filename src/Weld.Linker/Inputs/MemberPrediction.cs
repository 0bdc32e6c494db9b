using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Parses the archive members that the link will probably need, beside Resolution.</summary>
/// <remarks>Which members are linked is decided by Resolution, one after the other, because the order of archives counts. But nearly
/// always it is those that define what somebody needs and no object defines. A member that is parsed in vain costs
/// only time, one that is not is parsed in Resolution; what is wrong with a member is said there too.</remarks>
internal sealed class MemberPrediction
{
    private readonly LinkInputs _inputs;
    private readonly LinkReports _reports;
    private readonly int _threads;
    private volatile bool _isStopped;

    // A byte for each name that is known when all objects are parsed, set by any thread and never cleared.
    private bool[] _defined = [];
    private bool[] _wanted = [];

    public MemberPrediction(LinkInputs inputs, LinkOptions options, LinkReports reports)
    {
        _inputs = inputs;
        _reports = reports;
        // One is busy with Resolution.
        _threads = Workers.Count(options.Threads) - 1;
    }

    /// <summary>Parses members until there is nothing left or <see cref="Stop"/> is called. Other threads may still be at the last of the objects,
    /// which does not count much. Does nothing when there is only one thread.</summary>
    public void Run()
    {
        if (_threads == 0)
            return;
        var candidates = new List<LinkInput>();
        var parsed = new List<LinkInput>(_inputs.Count);
        foreach (LinkInput input in _inputs)
            (input.LazySymbols.Length != 0 ? candidates : parsed).Add(input);
        _defined = new bool[_inputs.Names.Limit];
        _wanted = new bool[_defined.Length];
        while (candidates.Count != 0 && parsed.Count != 0 && !_isStopped)
        {
            Note(parsed);
            parsed = TakeNeeded(candidates);
            Parse(parsed);
        }
    }

    /// <summary>Ends <see cref="Run"/> on another thread before long.</summary>
    public void Stop() => _isStopped = true;

    private void Note(List<LinkInput> parsed) => Workers.ForEach(parsed.Count, _threads, index =>
    {
        if (parsed[index].Object is not ObjectFile file)
            return;
        foreach (ref readonly InputSymbol symbol in file.Symbols.AsSpan())
        {
            // Names that came with a predicted member are nobody's definition that was not seen.
            if (symbol.IsLocal || (uint)symbol.Name.Index >= (uint)_wanted.Length)
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
            if (name.Index < _wanted.Length && _wanted[name.Index] && !_defined[name.Index])
                return true;
        return false;
    }

    private void Parse(List<LinkInput> needed) => Workers.ForEach(needed.Count, _threads, index =>
    {
        LinkInput input = needed[index];
        if (_isStopped)
            return;
        using TimeScope time = _reports.Times?.Begin("Parse", input.File.DisplayName) ?? default;
        input.TryParse(_inputs.Names, new DiagnosticBag());
    });
}
