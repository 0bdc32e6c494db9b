namespace Weld.CodeGen;

/// <summary>The features of wasm that change which instructions are chosen.</summary>
[Flags]
public enum WasmFeatures
{
    None = 0,
    BulkMemory = 1,
    SignExtension = 2,
    NonTrappingConversions = 4,
    ReferenceTypes = 8,
    MultiValue = 16,
    MutableGlobals = 32,
    Atomics = 64,
    TailCall = 128,
    Simd128 = 256,
    RelaxedSimd = 512,
    ExtendedConst = 1024,
    ExceptionHandling = 2048,

    /// <summary>What clang takes for granted, and every engine of today has.</summary>
    Default = BulkMemory | SignExtension | NonTrappingConversions | ReferenceTypes | MultiValue | MutableGlobals,
}

/// <summary>What code is made for.</summary>
/// <param name="Is64">wasm64: addresses have 64 bits.</param>
/// <param name="Features">What instructions the engine has.</param>
public readonly record struct CodeGenTarget(bool Is64, WasmFeatures Features)
{
    private static readonly (WasmFeatures Feature, string Name)[] FeatureNames =
    [
        (WasmFeatures.BulkMemory, "bulk-memory"),
        (WasmFeatures.BulkMemory, "bulk-memory-opt"),
        (WasmFeatures.SignExtension, "sign-ext"),
        (WasmFeatures.NonTrappingConversions, "nontrapping-fptoint"),
        (WasmFeatures.ReferenceTypes, "reference-types"),
        (WasmFeatures.ReferenceTypes, "call-indirect-overlong"),
        (WasmFeatures.MultiValue, "multivalue"),
        (WasmFeatures.MutableGlobals, "mutable-globals"),
        (WasmFeatures.Atomics, "atomics"),
        (WasmFeatures.TailCall, "tail-call"),
        (WasmFeatures.Simd128, "simd128"),
        (WasmFeatures.RelaxedSimd, "relaxed-simd"),
        (WasmFeatures.ExtendedConst, "extended-const"),
        (WasmFeatures.ExceptionHandling, "exception-handling"),
    ];

    public static CodeGenTarget Wasm32 => new(false, WasmFeatures.Default);

    public static CodeGenTarget Wasm64 => new(true, WasmFeatures.Default);

    /// <summary>How AIR sees it.</summary>
    public AirTarget Air => new(Is64, Has(WasmFeatures.Simd128));

    /// <summary>The names of all features.</summary>
    public static IEnumerable<string> AllNames => FeatureNames.Select(static row => row.Name);

    /// <summary>The feature of a name; null for one that code generation does not know.</summary>
    public static WasmFeatures? Find(ReadOnlySpan<char> name)
    {
        foreach ((WasmFeatures feature, string known) in FeatureNames)
            if (name.SequenceEqual(known))
                return feature;
        return null;
    }

    public bool Has(WasmFeatures feature) => (Features & feature) != 0;

    /// <summary>The names of the features in objects.</summary>
    public IEnumerable<string> Names()
    {
        foreach ((WasmFeatures feature, string name) in FeatureNames)
            if (Has(feature))
                yield return name;
    }
}
