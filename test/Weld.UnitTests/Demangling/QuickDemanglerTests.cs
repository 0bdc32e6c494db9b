using System.Text;
using Weld.Linker.Demangling;
using Weld.Linker.Demangling.Itanium;
using Xunit;

namespace Weld.UnitTests.Demangling;

/// <summary>What is written while a name is read is what comes out by way of the tree.</summary>
public sealed class QuickDemanglerTests
{
    private const string Alphabet = "_0123456789abcdefhijlmnostvwxyzCDEIKLNOPRSTBFAMQ.";

    private readonly ItaniumTree _tree = new();
    private readonly QuickDemangler _quick;
    private readonly ItaniumDemangler _full = new();

    public QuickDemanglerTests() => _quick = new QuickDemangler(_tree);

    [Theory]
    [InlineData("_Z4mainv", "main()")]
    [InlineData("_Z1fiPKcRdOx", "f(int, char const*, double&, long long&&)")]
    [InlineData("_ZNK4proj7logging6Writer4bindEjPKjS3_", "proj::logging::Writer::bind(unsigned int, unsigned int const*, unsigned int const*) const")]
    [InlineData("_ZN1a1bI1cNS_1dIiLi3ELj4ELb1ELxn5EEEEC2ERKS4_", "a::b<c, a::d<int, 3, 4u, true, -5ll>>::b(a::b<c, a::d<int, 3, 4u, true, -5ll>> const&)")]
    [InlineData("_ZN12_GLOBAL__N_13varE", "(anonymous namespace)::var")]
    [InlineData("_ZNSt3__26vectorIiED0Ev", "std::__2::vector<int>::~vector()")]
    public void Usual_names_need_no_tree(string name, string expected) => Assert.Equal(expected, Quick(name));

    [Theory]
    [InlineData("_Z1fIiEvv")]       // the return type comes first
    [InlineData("_Z1fPFviE")]       // a function's declarator surrounds
    [InlineData("_Z1fA3_i")]
    [InlineData("_Z1fRiRS_")]       // a reference to a reference is one
    [InlineData("_ZlsRii")]
    [InlineData("_Z1fSs")]
    [InlineData("_Z1fB5abi_1v")]
    [InlineData("_Z1f")]
    [InlineData("_ZN1aE1b")]
    [InlineData("_ZNE")]
    [InlineData("_ZN1a")]
    [InlineData("_Z3fo")]
    [InlineData("_Z1fvi")]
    [InlineData("_Z1fS_")]
    [InlineData("_Z99999999999999999999av")]
    public void Others_are_left_to_the_tree_or_agree(string name) => Assert.True(Quick(name) is not { } text || text == Full(name));

    [Fact]
    public void Both_agree_on_names_that_nearly_follow_the_rules()
    {
        var random = new Random(2026);
        int quick = 0;
        for (int i = 0; i < 200_000; i++)
        {
            string name = MakeName(random);
            for (int edits = random.Next(3); edits > 0; edits--)
            {
                int place = random.Next(2, name.Length);
                name = name[..place] + Alphabet[random.Next(Alphabet.Length)] + name[(place + random.Next(2))..];
            }
            if (Quick(name) is not { } text)
                continue;
            quick++;
            if (text != Full(name))
                Assert.Fail($"{name}\nquick: {text}\nfull:  {Full(name)}");
        }
        Assert.True(quick > 50_000, $"only {quick} were quick");
    }

    private string? Quick(string name)
    {
        var output = new Utf8Buffer();
        _tree.Reset(Encoding.UTF8.GetBytes(name));
        return _quick.TryDemangle(output) ? Encoding.UTF8.GetString(output.Written) : null;
    }

    private string? Full(string name)
    {
        var output = new Utf8Buffer();
        return _full.TryDemangleFully(Encoding.UTF8.GetBytes(name), output) ? Encoding.UTF8.GetString(output.Written) : null;
    }

    private static string MakeName(Random random)
    {
        var name = new StringBuilder("_Z");
        if (random.Next(4) == 0)
            name.Append(MakeIdentifier(random));
        else
            name.Append(MakeNested(random, 0, random.Next(3) == 0 ? "K" : ""));
        if (random.Next(8) == 0)
            return name.ToString();
        int parameters = random.Next(5);
        for (int i = 0; i < parameters; i++)
            name.Append(MakeType(random, 0));
        return name.Append(parameters == 0 ? "v" : "").ToString();
    }

    private static string MakeNested(Random random, int depth, string qualifiers)
    {
        var name = new StringBuilder("N" + qualifiers);
        if (random.Next(4) == 0)
            name.Append(random.Next(2) == 0 ? "St" : MakeSubstitution(random));
        for (int parts = random.Next(1, 4); parts > 0; parts--)
        {
            name.Append(MakeIdentifier(random));
            if (depth < 3 && random.Next(3) == 0)
                name.Append(MakeArguments(random, depth));
        }
        if (random.Next(4) == 0)
            name.Append(random.Next(2) == 0 ? "C" : "D").Append(random.Next(6));
        return name.Append('E').ToString();
    }

    private static string MakeArguments(Random random, int depth)
    {
        var arguments = new StringBuilder("I");
        for (int count = random.Next(4); count > 0; count--)
            arguments.Append(random.Next(3) == 0 ? $"L{"ijlmxybc"[random.Next(8)]}{(random.Next(4) == 0 ? "n" : "")}{random.Next(3)}E" : MakeType(random, depth + 1));
        return arguments.Append('E').ToString();
    }

    private static string MakeType(Random random, int depth) => random.Next(depth > 4 ? 3 : 9) switch
    {
        0 or 1 => "icjmdbxvz"[random.Next(9)].ToString(),
        2 => MakeSubstitution(random),
        3 => "P" + MakeType(random, depth + 1),
        4 => "RO"[random.Next(2)] + MakeType(random, depth + 1),
        5 => "K" + MakeType(random, depth + 1),
        6 => MakeNested(random, depth + 1, ""),
        7 => MakeIdentifier(random) + MakeArguments(random, depth + 1),
        _ => MakeIdentifier(random),
    };

    private static string MakeSubstitution(Random random) => random.Next(3) == 0 ? "S_" : $"S{"0123A"[random.Next(5)]}_";

    private static string MakeIdentifier(Random random) => random.Next(8) switch
    {
        0 => "12_GLOBAL__N_1",
        1 => "24a_name_of_20_and_4_bytes",
        2 => "3x_y",
        int other => $"1{(char)('a' + other)}",
    };
}
