using Weld.OracleTests.Linking;
using Weld.TestSupport;

namespace Weld.OracleTests.Synthetic;

/// <summary>The generated sources as objects, a third of them in archives.</summary>
public static class SyntheticProgram
{
    private static readonly Lazy<string[]> Arguments = new(Make, LazyThreadSafetyMode.ExecutionAndPublication);

    public static string[] LinkerArguments => Arguments.Value;

    private static string[] Make()
    {
        var sources = SourceGenerator.Generate();
        string[] objects = new string[sources.Count];
        Parallel.For(0, objects.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, index =>
            objects[index] = ObjectCache.CompileText(sources[index].Name, sources[index].Text, Flags(index)));
        List<string> direct = [];
        List<string>[] members = [[], []];
        for (int i = 0; i < objects.Length; i++)
            (i % 3 == 2 ? members[i / 3 % 2] : direct).Add(objects[i]);
        return LinkerCommand.Of(Tools.ClangPlusPlus,
        [
            "-Wno-deprecated", "--target=wasm32-wasi", .. direct,
            ObjectCache.Archive("libfirst.a", "rcs", members[0]),
            ObjectCache.Archive("libsecond.a", "rcs", members[1]),
        ]);
    }

    private static string[] Flags(int index)
    {
        string level = (index % 7) switch { 0 => "-O0", 3 => "-Oz", 5 => "-O2", _ => "-O1" };
        string[] debug = index % 5 == 1 ? ["-g"] : [];
        return ["--target=wasm32-wasi", "-fno-exceptions", "-fno-rtti", level, .. debug];
    }
}
