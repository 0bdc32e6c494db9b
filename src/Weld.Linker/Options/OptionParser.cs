using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;

namespace Weld.Linker.Options;

/// <summary>Takes a command line apart into options with their values and input files.</summary>
/// <remarks>The rules are those of LLVM's option library: of all spellings that an argument starts with the longest
/// that fits wins, so <c>-export-all</c>, which exists with two dashes only, is <c>-e xport-all</c>.</remarks>
public static class OptionParser
{
    private static readonly List<Candidate>[] CandidatesByFirstCharacter = IndexTable(OptionTable.Rows);

    private readonly record struct Candidate(Option Option, OptionSpelling Spelling);

    /// <summary>Takes the arguments apart; unknown options and missing values become diagnostics.</summary>
    /// <param name="arguments">The arguments, without the program's name and with response files expanded.</param>
    /// <param name="diagnostics">Receives the messages; null to drop them.</param>
    /// <param name="table">The options that there are; null for those of <see cref="OptionTable"/>.</param>
    public static List<ParsedArgument> Parse(IReadOnlyList<string> arguments, DiagnosticBag? diagnostics, Option[]? table = null)
    {
        List<Candidate>[] index = table is null ? CandidatesByFirstCharacter : IndexTable(table);
        var parsed = new List<ParsedArgument>(arguments.Count);
        List<string>? unknown = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            string text = arguments[i];
            if (text.Length == 0)
                continue;
            if (text[0] != '-' || text.Length == 1)
                parsed.Add(new ParsedArgument(null, text, "", text, i, false));
            else if (Find(index, text) is not Candidate found)
                (unknown ??= []).Add(text);
            else if (!TakesNext(found, text))
                parsed.Add(Split(found, text, null, i));
            else if (i + 1 < arguments.Count)
                parsed.Add(Split(found, text, arguments[++i], i - 1));
            else
                diagnostics?.Add(OptionErrors.MissingValue(text));
        }
        if (diagnostics is not null && unknown is not null)
            foreach (string text in unknown)
                diagnostics.Add(OptionErrors.UnknownArgument(text, OptionSuggestion.Find(text, table)));
        return parsed;
    }

    private static Candidate? Find(List<Candidate>[] index, string text)
    {
        Candidate? best = null;
        int bestLength = -1;
        for (int dashes = 1; dashes <= 2; dashes++)
        {
            if (text.Length <= dashes || text[dashes - 1] != '-' || text[dashes] >= index.Length)
                continue;
            foreach (Candidate candidate in index[text[dashes]])
            {
                string name = candidate.Spelling.Name;
                if (name.Length > bestLength && (candidate.Spelling.Dashes & (OptionDashes)dashes) != 0
                    && string.CompareOrdinal(text, dashes, name, 0, name.Length) == 0
                    && (candidate.Spelling.Shape is OptionShape.Joined or OptionShape.JoinedOrSeparate || text.Length == dashes + name.Length))
                {
                    best = candidate;
                    bestLength = name.Length;
                }
            }
        }
        return best;
    }

    private static bool TakesNext(Candidate found, string text) => found.Spelling.Shape switch
    {
        OptionShape.Separate => true,
        OptionShape.JoinedOrSeparate => text.Length == SpellingLength(found, text),
        _ => false,
    };

    private static ParsedArgument Split(Candidate found, string text, string? next, int position)
    {
        int length = SpellingLength(found, text);
        string? value = next ?? (found.Spelling.Shape == OptionShape.Flag ? null : text[length..]);
        return new ParsedArgument(found.Option, text, text[..length], value, position, next is not null);
    }

    /// <summary>No name starts with a dash, so a second dash is one of the dashes.</summary>
    private static int SpellingLength(Candidate found, string text) => (text[1] == '-' ? 2 : 1) + found.Spelling.Name.Length;

    private static List<Candidate>[] IndexTable(Option[] options)
    {
        var index = new List<Candidate>[128];
        for (int i = 0; i < index.Length; i++)
            index[i] = [];
        foreach (Option option in options)
        {
            foreach (OptionSpelling spelling in option.Spellings)
                index[spelling.Name[0]].Add(new Candidate(option, spelling));
            foreach (OptionSpelling alias in option.Aliases)
                index[alias.Name[0]].Add(new Candidate(option, alias));
        }
        return index;
    }
}
