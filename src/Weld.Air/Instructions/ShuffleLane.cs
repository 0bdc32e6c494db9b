namespace Weld.Air.Instructions;

/// <summary>Where a lane of a shuffle comes from: a lane of the operands, or a constant.</summary>
public readonly record struct ShuffleLane
{
    private readonly int _raw;

    private ShuffleLane(int raw) => _raw = raw;

    /// <summary>As a word of an instruction.</summary>
    public int Raw => _raw;

    public bool IsConstant => _raw < 0;

    /// <summary>The number of a lane of the operands, if it is one.</summary>
    public int Lane => _raw;

    /// <summary>The constant, if it is one.</summary>
    public ValueId Value => new(~_raw);

    public static ShuffleLane FromLane(int lane) => new(lane);

    public static ShuffleLane FromConstant(ValueId value) => new(~value.Index);
}
