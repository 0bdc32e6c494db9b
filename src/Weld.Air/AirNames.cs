using System.Text;

namespace Weld.Air;

/// <summary>What may be a name: any text that has a UTF-8 form.</summary>
internal static class AirNames
{
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsWellFormed(name))
            throw new ArgumentException("a name has half of a surrogate pair", nameof(name));
    }

    public static bool IsWellFormed(string name)
    {
        ReadOnlySpan<char> rest = name;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[length..];
        }
        return true;
    }
}
