using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Running;

/// <summary>What only an engine can show: threads, modules that are loaded together, 64-bit memories, exceptions.</summary>
/// <remarks>Each program is linked by weld and by wasm-ld and must print what is written here with both.</remarks>
public sealed class EngineTests
{
    private const string Wasm32 = "--target=wasm32-unknown-unknown";

    public static TheoryData<string> Linkers => ["weld", "wasm-ld-22"];

    /// <summary>Ways to make position-independent output; with extended-const no function has to set up globals.</summary>
    public static TheoryData<string, string> DynamicLinks => new()
    {
        { "weld", "--no-check-features" },
        { "wasm-ld-22", "--no-check-features" },
        { "weld", "--extra-features=extended-const" },
        { "wasm-ld-22", "--extra-features=extended-const" },
        { "weld", "-O2" },
        { "weld", "--icf=all" },
    };

    [Theory, MemberData(nameof(Linkers))]
    public void Two_workers_share_a_memory(string linker)
    {
        using var folder = new TemporaryFolder();
        string threads = Compile("threads.c", Wasm32, "-matomics", "-mbulk-memory");
        string module = Link(linker, folder, "threads.wasm",
            ["--no-entry", "--shared-memory", "--import-memory", "--max-memory=1048576", "--export=__stack_pointer", threads]);
        Assert.Equal("""{"workers":[100053,100053],"count":20000,"size":116,"align":16}""", Node("threads.mjs", module));
    }

    [Theory, MemberData(nameof(DynamicLinks))]
    public void A_main_and_a_side_module_use_each_other(string linker, string option)
    {
        using var folder = new TemporaryFolder();
        string[] flags = [Wasm32, "-fPIC", "-fvisibility=default"];
        string side = Link(linker, folder, "side.so",
            ["-shared", "--experimental-pic", "--allow-undefined", option, Compile("dynamic_side.c", flags)]);
        string main = Link(linker, folder, "main.wasm",
            ["-pie", "--experimental-pic", "--import-memory", "--no-entry", "--export=run", "--export-dynamic", option, Compile("dynamic_main.c", flags), side]);
        Assert.Equal("[150,12,30,32,42,1,184,42]", Node("dynamic.mjs", main, side));
    }

    /// <summary>What <c>-r</c> has joined becomes a main module as the objects themselves do.</summary>
    [Fact]
    public void Relocatable_output_can_be_loaded_dynamically()
    {
        using var folder = new TemporaryFolder();
        string[] flags = [Wasm32, "-fPIC", "-fvisibility=default"];
        string joined = Link("weld", folder, "joined.o", ["-r", Compile("dynamic_side.c", flags)]);
        foreach (string linker in new[] { "weld", "wasm-ld-22" })
        {
            string side = Link(linker, folder, "side.so", ["-shared", "--experimental-pic", "--allow-undefined", joined]);
            string main = Link(linker, folder, "main.wasm",
                ["-pie", "--experimental-pic", "--import-memory", "--no-entry", "--export=run", "--export-dynamic", Compile("dynamic_main.c", flags), side]);
            Assert.Equal("[150,12,30,32,42,1,184,42]", Node("dynamic.mjs", main, side));
        }
    }

    [Theory, MemberData(nameof(Linkers))]
    public void A_64_bit_memory(string linker)
    {
        using var folder = new TemporaryFolder();
        string module = Link(linker, folder, "memory64.wasm", ["-mwasm64", "--no-entry", Compile("memory64.c", "--target=wasm64-unknown-unknown")]);
        Assert.Equal("6,51,8000,12", CurrentNode("run.mjs", module));
    }

    [Theory]
    [InlineData("weld", "true")]
    [InlineData("weld", "false")]
    [InlineData("wasm-ld-22", "true")]
    [InlineData("wasm-ld-22", "false")]
    public void Cpp_exceptions_of_both_encodings(string linker, string isLegacy)
    {
        using var folder = new TemporaryFolder();
        string[] flags = [Wasm32, "-fwasm-exceptions", "-mllvm", $"-wasm-use-legacy-eh={isLegacy}"];
        string[] objects = [Compile("exceptions.cpp", flags), Compile("exceptions_thrower.cpp", flags), Compile("unwinder.cpp", flags)];
        string direct = Link(linker, folder, "exceptions.wasm", ["--no-entry", .. objects]);
        Assert.Equal("112,10712,20912,30012", CurrentNode("run.mjs", direct));
        string joined = Link(linker, folder, "joined.o", ["-r", .. objects]);
        string indirect = Link(linker, folder, "indirect.wasm", ["--no-entry", joined]);
        Assert.Equal("112,10712,20912,30012", CurrentNode("run.mjs", indirect));
    }

    private static string Compile(string source, params string[] flags) =>
        ObjectCache.Compile(Script(source), ["-O1", .. flags]);

    private static string Link(string linker, TemporaryFolder folder, string output, IEnumerable<string> arguments)
    {
        string path = folder[output];
        string[] all = [.. arguments, "-o", path];
        (linker == "weld" ? WeldTool.Link(all) : ProcessRunner.Run(Tools.WasmLd, all)).RequireSuccess();
        return path;
    }

    private static string Node(string script, params string[] arguments) =>
        ProcessRunner.Run(Tools.Node, ["--no-warnings", "--experimental-wasm-extended-const", Script(script), .. arguments]).RequireSuccess().StandardOutput.TrimEnd();

    private static string CurrentNode(string script, params string[] arguments) =>
        ProcessRunner.Run(Tools.CurrentNode, [Script(script), .. arguments]).RequireSuccess().StandardOutput.TrimEnd();

    private static string Script(string name) => Repository.Path("test", "Weld.OracleTests", "Programs", "running", name);
}
