using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Weld.Base;

/// <summary>Asks the processor to bring memory into its cache before it is needed. It changes nothing but time.</summary>
public static unsafe class Prefetch
{
    /// <param name="location">What will be read soon. An object that moves meanwhile makes the hint useless, not wrong.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<T>(ref readonly T location)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in location)));
    }

    /// <param name="address">What will be read soon; any address will do.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(byte* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
