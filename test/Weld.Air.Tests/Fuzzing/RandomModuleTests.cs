using Weld.Air.Tests.Text;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Fuzzing;

public sealed class RandomModuleTests
{
    [Fact]
    public void Constants_of_all_types_are_printed_and_parsed()
    {
        int verified = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new RandomModule(seed);
            random.AddTypes(20);
            int number = 0;
            foreach (TypeId type in random.KnownTypes)
                random.Module.DefineConstant($"c{number++}", type, random.MakeValue(type));
            string printed = AirText.Print(random.Module);
            AirModule parsed = Parsing.Succeeds(printed);
            Assert.Equal(printed, AirText.Print(parsed));
            Assert.True(Same(random.Module, parsed), $"seed {seed}");
            verified += Verifier.Run(random.Module, AirTarget.Wasm32, new DiagnosticBag()) ? 1 : 0;
        }
        Assert.InRange(verified, 10, 200);
    }

    [Fact]
    public void Nonsense_is_reported_and_printed_without_exceptions()
    {
        int reported = 0;
        var codes = new HashSet<string>();
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new RandomModule(seed);
            random.AddTypes(10);
            for (int i = 0; i < 5; i++)
                random.AddNonsense($"f{i}", 40);
            var diagnostics = new DiagnosticBag();
            reported += Verifier.Run(random.Module, AirTarget.Wasm32, diagnostics) ? 0 : 1;
            codes.UnionWith(diagnostics.Diagnostics.Select(diagnostic => diagnostic.Descriptor.Code));
            // What breaks rules can be printed too, as far as its words are there.
            Assert.NotEqual("", AirText.Print(random.Module));
        }
        Assert.Equal(300, reported);
        Assert.Superset(new HashSet<string> { "WELD1113", "WELD1114", "WELD1115", "WELD1120", "WELD1128" }, codes);
    }

    /// <summary>Compares constants by value, whatever their ids are.</summary>
    private static bool Same(AirModule left, AirModule right) =>
        left.Variables.Select(variable => (variable.Name, AirText.Print(left, variable.Type), AirText.Print(left, variable.Initial.Value)))
            .SequenceEqual(right.Variables.Select(variable => (variable.Name, AirText.Print(right, variable.Type), AirText.Print(right, variable.Initial.Value))));
}
