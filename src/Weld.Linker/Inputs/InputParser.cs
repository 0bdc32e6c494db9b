using Weld.Base.Diagnostics;
using Weld.Linker.Reports;

namespace Weld.Linker.Inputs;

/// <summary>Prepares inputs in their order, on any number of threads, ahead of who takes them one after the other.</summary>
public sealed class InputParser
{
    private readonly LinkInputs _inputs;
    private readonly LinkReports _reports;
    private int _next = -1;

    public InputParser(LinkInputs inputs, LinkReports reports)
    {
        _inputs = inputs;
        _reports = reports;
    }

    /// <summary>Prepares inputs until none is left that nobody has begun.</summary>
    public void ParseAll()
    {
        while (TryParseNext())
        {
        }
    }

    /// <summary>Prepares an input. While another thread is at it, this one prepares others.</summary>
    public void Parse(LinkInput input)
    {
        if (input.IsPrepared || TryParse(input))
            return;
        while (!input.IsPrepared)
            if (!TryParseNext())
                input.WaitUntilPrepared();
    }

    /// <summary>Reports what is wrong with the inputs, in their order, when all are prepared.</summary>
    public static void Report(LinkInputs inputs, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(diagnostics);
        foreach (LinkInput input in inputs)
            if (input.Problems is DiagnosticBag problems)
                diagnostics.AddRange(problems.Diagnostics);
    }

    private bool TryParseNext()
    {
        if (Volatile.Read(ref _next) >= _inputs.Count)
            return false;
        int index = Interlocked.Increment(ref _next);
        if (index >= _inputs.Count)
            return false;
        TryParse(_inputs[index]);
        return true;
    }

    private bool TryParse(LinkInput input)
    {
        if (input.IsBegun)
            return false;
        using TimeScope time = _reports.Times?.Begin("Parse", input.File.DisplayName) ?? default;
        return input.TryPrepare(_inputs.Names);
    }
}
