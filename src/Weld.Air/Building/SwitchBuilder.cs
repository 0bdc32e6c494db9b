namespace Weld.Air.Building;

/// <summary>Adds the cases of a switch.</summary>
public readonly struct SwitchBuilder
{
    private readonly FunctionBuilder _function;

    internal SwitchBuilder(FunctionBuilder function) => _function = function;

    /// <summary>A case for one constant.</summary>
    public void Case(ValueId item, Action body) => Case([item], [], body);

    /// <summary>A case for several constants, and ranges given by their first and last value.</summary>
    public void Case(ReadOnlySpan<ValueId> items, ReadOnlySpan<ValueId> rangeEnds, Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _function.BeginCase(items, rangeEnds);
        body();
        _function.EndCase();
    }

    /// <summary>For all other values; after the cases.</summary>
    public void Else(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _function.BeginElse();
        body();
    }
}
