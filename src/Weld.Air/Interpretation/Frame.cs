namespace Weld.Air.Interpretation;

/// <summary>A call that is under way.</summary>
internal sealed class Frame(AirFunction function, FunctionBody body, byte[][] arguments, ulong stackEnd)
{
    public AirFunction Function => function;

    public FunctionBody Body => body;

    /// <summary>The parameters.</summary>
    public byte[][] Arguments => arguments;

    /// <summary>What the instructions gave, the last time that they were executed.</summary>
    public byte[]?[] Results { get; } = new byte[]?[body.Count];

    /// <summary>The next instruction.</summary>
    public int Next { get; set; }

    /// <summary>The call that is under way in it.</summary>
    public int Calling { get; set; }

    /// <summary>Where the frame's memory starts.</summary>
    public ulong StackEnd => stackEnd;

    /// <summary>The memory of each alloc, and of ret_ptr (-1).</summary>
    public Dictionary<int, ulong> Memory { get; } = [];

    /// <summary>Where the further arguments of a variadic function are.</summary>
    public ulong VariadicArguments { get; set; }

    public byte[]? ErrorReturnTrace { get; set; }
}
