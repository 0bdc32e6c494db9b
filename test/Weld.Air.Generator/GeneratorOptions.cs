namespace Weld.Air.Generator;

/// <summary>What generated programs contain.</summary>
public sealed record GeneratorOptions
{
    /// <summary>How wide usize and pointers are.</summary>
    public AirTarget Target { get; init; } = AirTarget.Wasm32;

    /// <summary>Integers with more than 64 bits.</summary>
    public bool HasWideIntegers { get; init; }

    /// <summary>f16, f80 and f128.</summary>
    public bool HasSoftFloats { get; init; }

    /// <summary>Vectors, and arrays by splat.</summary>
    public bool HasVectors { get; init; }

    public bool HasAtomics { get; init; }

    /// <summary>call_always_tail, for which wasm needs a feature.</summary>
    public bool HasTailCalls { get; init; }

    /// <summary>Everything.</summary>
    public static GeneratorOptions All { get; } = new() { HasWideIntegers = true, HasSoftFloats = true, HasVectors = true, HasAtomics = true, HasTailCalls = true };
}
