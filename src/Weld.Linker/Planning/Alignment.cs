namespace Weld.Linker.Planning;

/// <summary>Rounding of addresses and sizes.</summary>
public static class Alignment
{
    /// <summary>The next multiple of <paramref name="alignment"/>, which is a power of two; saturates instead of wrapping.</summary>
    public static ulong Up(ulong value, ulong alignment)
    {
        ulong mask = alignment - 1;
        return value > ulong.MaxValue - mask ? ulong.MaxValue & ~mask : (value + mask) & ~mask;
    }
}
