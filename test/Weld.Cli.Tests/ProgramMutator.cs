using System.Text.RegularExpressions;
using Weld.Air.Instructions;
using Weld.Air.Tests.Fuzzing;

namespace Weld.Cli.Tests;

/// <summary>Changes programs in ways that often leave them right: other numbers, other instructions of a kind, one type for another everywhere.</summary>
internal sealed partial class ProgramMutator(IReadOnlyList<string> corpus, int seed)
{
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "2", "3", "7", "8", "31", "32", "33", "63", "64", "127", "128", "-128", "255", "256", "65535", "2147483647", "-2147483648", "4294967295", "4294967296",
        "9223372036854775807", "-9223372036854775808", "18446744073709551615", "0.5", "1e300", "undefined",
    ];

    private static readonly string[] Types =
    [
        "u1", "i1", "u3", "i7", "u8", "i8", "u9", "u16", "i16", "u24", "u31", "i32", "u32", "i33", "u48", "u63", "i64", "u64", "usize", "isize", "u65", "u128", "i128", "u200",
        "f16", "f32", "f64", "f80", "f128", "bool", "void", "*u8", "[*]u8", "[]const u8", "?u8", "?*u8", "anyerror", "anyerror!u8", "anyerror!void", "[3]u8", "[0]u32", "[4294967295]u8",
        "@Vector(4, i32)", "@Vector(3, bool)", "struct { x: u8, y: i64 }", "extern struct { x: f32 }", "packed struct { a: u3, b: i13 }", "tuple { u8, f64 }", "tuple { }", "extern union { a: u8, b: f64 }",
        "enum(u2) { a = 0, b = 3 }", "enum(i40) { a = -1, _ }", "*const fn(u8) -> u8", "noreturn",
    ];

    private static readonly ILookup<OpcodeGroup, string> Opcodes = Enum.GetValues<AirOpcode>().Select(AirOpcodeTable.Get).ToLookup(static row => row.Group, static row => row.Name);
    private static readonly Dictionary<string, OpcodeGroup> Groups = Enum.GetValues<AirOpcode>().Select(AirOpcodeTable.Get).ToDictionary(static row => row.Name, static row => row.Group);

    private readonly Random _random = new(seed);

    public string Next()
    {
        if (_random.Next(5) == 0)
            return new TextMutator(corpus, seed).Next();
        string text = corpus[_random.Next(corpus.Count)];
        for (int count = 1 + _random.Next(3); count > 0; count--)
            text = _random.Next(4) switch
            {
                0 => ReplaceOne(text, Number(), _ => Pick(Numbers)),
                1 => ReplaceOne(text, Word(), match => Groups.TryGetValue(match.Value, out OpcodeGroup group) ? Pick([.. Opcodes[group]]) : match.Value),
                2 => ReplaceOne(text, Local(), _ => Pick([.. Local().Matches(text).Select(static match => match.Value)])),
                _ => ReplaceType(text),
            };
        return text;
    }

    private string ReplaceOne(string text, Regex kind, Func<Match, string> by)
    {
        MatchCollection matches = kind.Matches(text);
        if (matches.Count == 0)
            return text;
        Match match = matches[_random.Next(matches.Count)];
        return string.Concat(text.AsSpan(0, match.Index), by(match), text.AsSpan(match.Index + match.Length));
    }

    private string ReplaceType(string text)
    {
        MatchCollection matches = TypeName().Matches(text);
        if (matches.Count == 0)
            return text;
        string old = matches[_random.Next(matches.Count)].Value;
        string replacement = Pick(Types);
        return Regex.Replace(text, $@"(?<![\w%@$.]){old}(?!\w)", replacement.Replace("$", "$$", StringComparison.Ordinal));
    }

    private string Pick(string[] all) => all[_random.Next(all.Length)];

    [GeneratedRegex(@"(?<![\w%@$.])-?[0-9][0-9.e+]*(?!\w)")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<![\w%@$.])[a-z_]+(?!\w)")]
    private static partial Regex Word();

    [GeneratedRegex(@"%\w+")]
    private static partial Regex Local();

    [GeneratedRegex(@"(?<![\w%@$.])(?:[uif][0-9]+|usize|isize|bool)(?!\w)")]
    private static partial Regex TypeName();
}
