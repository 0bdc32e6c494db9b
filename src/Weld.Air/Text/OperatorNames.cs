namespace Weld.Air.Text;

/// <summary>The names of operators and memory orders, in both directions: as the C# names, in lower case with underscores.</summary>
internal static class OperatorNames
{
    public static bool TryParse<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, Enum
    {
        foreach (T known in Enum.GetValues<T>())
        {
            value = known;
            if (text.SequenceEqual(Print(known)))
                return true;
        }
        value = default;
        return false;
    }

    public static string Print<T>(T value)
        where T : struct, Enum => value switch
        {
            MemoryOrder.AcqRel => "acq_rel",
            MemoryOrder.SeqCst => "seq_cst",
            _ => value.ToString().ToLowerInvariant(),
        };

    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Print));
}
