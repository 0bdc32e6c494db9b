namespace Weld.Linker.Options;

/// <summary>Finds the option that the author of an unknown one probably meant.</summary>
public static class OptionSuggestion
{
    /// <returns>The nearest spelling with the unknown argument's value, or null when none is near.</returns>
    public static string? Find(string text, Option[]? table = null)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string typed = (equals < 0 ? text : text[..equals]).TrimStart('-');
        // One difference in four characters: more would offer options that only look alike.
        int best = 1 + (typed.Length / 4);
        string? suggestion = null;
        if (typed.Length < 2)
            return null;
        foreach (Option option in table ?? OptionTable.Rows)
        {
            foreach (OptionSpelling spelling in option.Spellings)
            {
                string name = spelling.Name.TrimEnd('=');
                int distance = Distance(typed, name, best);
                if (distance >= best)
                    continue;
                best = distance;
                bool takesRest = spelling.Name.EndsWith('=') && equals >= 0;
                // The name alone was right: what is missing is the value.
                string rest = takesRest ? text[equals..] : distance == 0 && spelling.Shape == OptionShape.Joined ? $"={option.Metavar}" : "";
                suggestion = spelling.ToString().TrimEnd('=') + rest;
            }
        }
        return suggestion;
    }

    /// <summary>The edit distance; anything at or above the limit when it is not below the limit.</summary>
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit)
            return limit;
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
