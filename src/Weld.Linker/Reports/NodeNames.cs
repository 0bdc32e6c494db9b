using Weld.Linker.Diagnostics;
using Weld.Linker.Resolution;

namespace Weld.Linker.Reports;

/// <summary>Says in words what is live and why.</summary>
public sealed class NodeNames
{
    private readonly ResolvedProgram _program;
    private readonly LiveReasons _reasons;
    private readonly bool _demangle;
    private readonly Dictionary<int, string> _synthetic = [];

    public NodeNames(ResolvedProgram program, LiveReasons reasons, bool demangle)
    {
        ArgumentNullException.ThrowIfNull(program);
        _program = program;
        _reasons = reasons;
        _demangle = demangle;
        foreach (SyntheticFunction function in program.SyntheticFunctions)
            _synthetic.Add(function.Id.Index, function.Name);
    }

    /// <summary>What something is called, and where it is.</summary>
    public string Describe(LiveNode node)
    {
        switch (node.Kind)
        {
            case LiveNodeKind.Object:
                return _program.FilesByIndex[node.Index].DisplayName;
            case LiveNodeKind.Symbol:
                var symbol = new SymbolId(node.Index);
                return $"{SymbolNames.Display(_program.Symbols[symbol].Name, _demangle)} in {_program.FileOf(symbol)}";
            case LiveNodeKind.Function:
                return FindOwner(node.Index, owner => owner.FirstFunction, owner => owner.Object.Functions.Length) is LinkedObject function
                    ? $"{NameOfFunction(function, node.Index - function.FirstFunction)} in {function.DisplayName}"
                    : $"{_synthetic.GetValueOrDefault(node.Index, "a function")} of the linker";
            case LiveNodeKind.Data:
                LinkedObject data = FindOwner(node.Index, owner => owner.FirstSegment, owner => owner.Object.Segments.Length)!;
                return $"{data.Object.Segments[node.Index - data.FirstSegment].Name} in {data.DisplayName}";
            default:
                return $"a {node.Kind.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>One step: what needed this, or the root that it is; null when nothing did.</summary>
    public string? DescribeReason(LiveNode node) => _reasons.Of(node) is LiveNode reason ? DescribeAsReason(reason) : null;

    /// <summary>All steps from something to a root.</summary>
    public IEnumerable<string> Chain(LiveNode node)
    {
        for (LiveNode? reason = _reasons.Of(node); reason is LiveNode step; reason = step.Kind == LiveNodeKind.Root ? null : _reasons.Of(step))
            yield return DescribeAsReason(step);
    }

    private string DescribeAsReason(LiveNode reason) => reason.Kind switch
    {
        LiveNodeKind.Root => Describe((LiveRoot)reason.Index),
        LiveNodeKind.Object => $"constructor or kept data of {Describe(reason)}",
        _ => $"referenced by {Describe(reason)}",
    };

    private static string Describe(LiveRoot root) => root switch
    {
        LiveRoot.Everything => "garbage collection is off",
        LiveRoot.Linker => "every module has it",
        LiveRoot.Entry => "the entry",
        LiveRoot.Export => "exported",
        LiveRoot.Retained => "kept by its source (attribute used or export_name) or by an option",
        LiveRoot.Destructors => "called after each exported command",
        LiveRoot.CommandLine => "named on the command line",
        _ => "there are constructors to call",
    };

    private string NameOfFunction(LinkedObject owner, int function)
    {
        int symbol = owner.Object.Functions[function].NameSymbol;
        return symbol < 0 ? $"function {function}" : SymbolNames.Display(owner.Object.NameOf(owner.Object.Symbols[symbol]), _demangle);
    }

    /// <summary>The objects' elements are numbered object by object; what falls between is the linker's.</summary>
    private LinkedObject? FindOwner(int element, Func<LinkedObject, int> first, Func<LinkedObject, int> count)
    {
        IReadOnlyList<LinkedObject> objects = _program.FilesByIndex;
        int low = 0;
        int high = objects.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            LinkedObject owner = objects[middle];
            if (element < first(owner))
                high = middle - 1;
            else if (element >= first(owner) + count(owner))
                low = middle + 1;
            else
                return owner;
        }
        return null;
    }
}
