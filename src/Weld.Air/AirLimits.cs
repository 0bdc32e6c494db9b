namespace Weld.Air;

/// <summary>Bounds on nesting, so that what walks types, values and bodies can recurse.</summary>
public static class AirLimits
{
    /// <summary>Levels of a type without a name.</summary>
    public const int TypeDepth = 64;

    /// <summary>Levels of a constant, with the constants that it points to.</summary>
    public const int ValueDepth = 256;

    /// <summary>Levels of types that contain each other, names or not.</summary>
    public const int ContainmentDepth = 200;

    /// <summary>Levels of bodies in a function.</summary>
    public const int BodyDepth = 1000;

    /// <summary>Bytes of a type: more fit in no memory of wasm32, and in none that exists of wasm64.</summary>
    public const ulong TypeSize = uint.MaxValue;

    /// <summary>Bytes of all variables and constants of a module: an object has them in its file.</summary>
    public const ulong DataSize = 512 << 20;
}
