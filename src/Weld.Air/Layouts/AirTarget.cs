namespace Weld.Air.Layouts;

/// <summary>What of the target changes how values are kept.</summary>
/// <param name="Is64">wasm64: pointers and usize have 8 bytes.</param>
/// <param name="HasSimd128">A vector of 16 bytes is a value of the machine.</param>
public readonly record struct AirTarget(bool Is64 = false, bool HasSimd128 = false)
{
    public static AirTarget Wasm32 => default;

    public static AirTarget Wasm64 => new(Is64: true);

    public int PointerBytes => Is64 ? 8 : 4;

    public int PointerBits => Is64 ? 64 : 32;
}
