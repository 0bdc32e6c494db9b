using Weld.Base;
using Weld.Linker.Diagnostics;
using Xunit;

namespace Weld.UnitTests.Diagnostics;

public sealed class NearNamesTests
{
    [Theory]
    [InlineData("printf", "prinff_ sprintf printff", "sprintf", NearNameKind.Spelling)]
    [InlineData("get_value", "gte_value", "gte_value", NearNameKind.Spelling)]
    [InlineData("get_value", "get_valxxx get_valxx get_valux", "get_valux", NearNameKind.Spelling)]
    [InlineData("GetValue", "getvalu Getvalue", "Getvalue", NearNameKind.Case)]
    [InlineData("main", "mian _main", "_main", NearNameKind.Underscore)]
    [InlineData("_start", "star start", "start", NearNameKind.Underscore)]
    [InlineData("x", "_x", "_x", NearNameKind.Underscore)]
    [InlineData("foo", "fooo _Z3foov", "_Z3foov", NearNameKind.Mangling)]
    [InlineData("foo", "_ZN2ns3fooEi", "_ZN2ns3fooEi", NearNameKind.Mangling)]
    [InlineData("_Z3foov", "_Z3fooi foo", "foo", NearNameKind.Mangling)]
    [InlineData("_Z3foov", "_Z3fooNSt3__212basic_stringIcEE", "_Z3fooNSt3__212basic_stringIcEE", NearNameKind.Signature)]
    [InlineData("_ZNK2ns3fooEv", "_ZNK2ns3fooERKSs", "_ZNK2ns3fooERKSs", NearNameKind.Signature)]
    [InlineData("_ZN4core3foo17h0123456789abcdefE", "_ZN4core3foo17hfedcba9876543210E", "_ZN4core3foo17hfedcba9876543210E", NearNameKind.Signature)]
    [InlineData("_ZN2ns8functionEi", "_ZN2ns8functoinEi", "_ZN2ns8functoinEi", NearNameKind.Spelling)]
    public void Suggests(string name, string candidates, string expected, NearNameKind kind) =>
        Assert.Equal(new NearName(Utf8String.FromText(expected), kind), Find(name, candidates));

    [Theory]
    [InlineData("printf", "printf")]
    [InlineData("foo", "bar baz quux")]
    [InlineData("ab", "cd")]
    [InlineData("x", "y")]
    [InlineData("read", "send")]
    [InlineData("_Z3foov", "_Z4foodv2x")]
    [InlineData("_ZN2ns3fooEv", "_ZN2ns3foo10other_nameEv")]
    [InlineData("", "a _")]
    [InlineData("_Z99999999999foo", "_Z3barv _Z _ZN _ZN1 _ZN3ab")]
    public void Suggests_nothing(string name, string candidates) => Assert.Null(Find(name, candidates));

    [Fact]
    public void Distance_equals_the_plain_method()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            string left = MakeName(random, 11 + random.Next(4));
            string right = MakeName(random, 9 + random.Next(8));
            int distance = PlainDistance(left, right);
            NearName? near = Find(left, right);
            // Eleven letters and more allow three edits.
            Assert.Equal(distance is > 0 and <= 3, near is not null);
        }
    }

    [Fact]
    public void A_million_names_are_searched_quickly()
    {
        var random = new Random(4);
        Utf8String[] candidates = [.. Enumerable.Range(0, 1_000_000).Select(i => Utf8String.FromText($"_ZN{4 + (i % 5)}{"some_library"[..(4 + (i % 5))]}{random.Next(1000, 9999)}_{i}Ev"))];
        var names = new NearNames(candidates);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 10; i++)
            names.Find(Utf8String.FromText($"_ZN4some11function_{i}_Ev"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    private static NearName? Find(string name, string candidates) =>
        NearNames.Find(Utf8String.FromText(name), candidates.Split(' ').Select(Utf8String.FromText));

    /// <summary>Few letters, so that many pairs are near.</summary>
    private static string MakeName(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => i is > 3 and < 7 ? "ab"[random.Next(2)] : 'a'));

    private static int PlainDistance(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }
                int best = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, table[i - 2, j - 2] + 1);
                table[i, j] = best;
            }
        }
        return table[a.Length, b.Length];
    }
}
