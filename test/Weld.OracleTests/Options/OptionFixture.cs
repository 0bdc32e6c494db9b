using Weld.TestSupport;

namespace Weld.OracleTests.Options;

/// <summary>A folder with everything that option cases link: both linkers run in it, so that paths in
/// messages and reports are the same.</summary>
public static class OptionFixture
{
    private static readonly Lazy<string> Made = new(Make, LazyThreadSafetyMode.ExecutionAndPublication);

    public static string Folder => Made.Value;

    private static string Sources => Repository.Path("test", "Weld.OracleTests", "Programs", "options");

    private static string Make()
    {
        string folder = Repository.Path("artifacts", "oracle-options");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        Parallel.ForEach(Directory.GetFiles(Sources).Where(file => !file.EndsWith(".h", StringComparison.Ordinal)), new ParallelOptions { MaxDegreeOfParallelism = 2 }, source =>
            File.Copy(ObjectCache.Compile(source, Flags(Path.GetFileName(source))), Path.Combine(folder, Path.GetFileNameWithoutExtension(source) + ".o")));
        AddVariants(folder);
        AddArchives(folder);
        AddTexts(folder);
        return folder;
    }

    private static string[] Flags(string source) => Path.GetFileNameWithoutExtension(source) switch
    {
        "position_independent" => [Target, "-O1", "-fPIC"],
        "threads_tls_kinds" => [Target, "-O1", "-matomics", "-mbulk-memory", "-fvisibility=default"],
        "tls" => [Target, "-O1", "-matomics", "-mbulk-memory"],
        "dwarf" or "dwarf2" => [Target, "-O1", "-g"],
        "exceptions" => [Target, "-O1", "-fno-rtti", "-fwasm-exceptions"],
        _ when source.EndsWith(".s", StringComparison.Ordinal) => [Target, "-mreference-types"],
        _ when source.EndsWith(".cpp", StringComparison.Ordinal) => [Target, "-O1", "-fno-rtti", "-fno-exceptions"],
        _ => [Target, "-O1"],
    };

    private const string Target = "--target=wasm32-unknown-unknown";
    private const string Wide = "--target=wasm64-unknown-unknown";

    /// <summary>The same sources for other processors and without optimisation.</summary>
    private static void AddVariants(string folder)
    {
        Copy("start.c", "start_mvp.o", Target, "-O1", "-mcpu=mvp");
        Copy("helper.c", "helper_mvp.o", Target, "-O1", "-mcpu=mvp");
        Copy("bss.c", "bss_mvp.o", Target, "-O1", "-mcpu=mvp");
        Copy("helper.c", "helper_simd.o", Target, "-O1", "-msimd128");
        Copy("start.c", "start_O0.o", Target, "-O0");
        Copy("helper.c", "helper_O0.o", Target, "-O0");
        Copy("dwarf.c", "dwarf_O0.o", Target, "-O0", "-g");
        Copy("helper.c", "helper_wasm64.o", Wide, "-O1");
        foreach (string name in (string[])["start", "helper", "symbols", "undefined", "weak_undefined", "constructors"])
            Copy($"{name}.c", $"wide_{name}.o", Wide, "-O1");
        foreach (string name in (string[])["start", "helper", "undefined", "undefined_data", "weak_undefined", "aliases", "constructors"])
            Copy($"{name}.c", $"pic_{name}.o", Target, "-O1", "-fPIC", "-fvisibility=default");
        Copy("helper.c", "pic_helper_extended.o", Target, "-O1", "-fPIC", "-fvisibility=default", "-mextended-const");
        Copy("tls.c", "pic_tls.o", Target, "-O1", "-fPIC", "-fvisibility=default", "-matomics", "-mbulk-memory");
        Copy("comdat1.cpp", "pic_comdat1.o", Target, "-O1", "-fPIC", "-fvisibility=default", "-fno-rtti", "-fno-exceptions");
        foreach (string name in (string[])["start", "helper", "bss", "segments", "numbers", "constructors"])
            Copy($"{name}.c", $"threads_{name}.o", Target, "-O1", "-matomics", "-mbulk-memory");

        void Copy(string source, string name, params string[] flags) =>
            File.Copy(ObjectCache.Compile(Path.Combine(Sources, source), flags), Path.Combine(folder, name));
    }

    private static void AddArchives(string folder)
    {
        Archive("libhelper.a", "rcs", "extra.o", "helper.o");
        Archive("libboth.a", "rcs", "helper.o", "duplicate.o");
        Archive("noindex.a", "rcS", "extra.o", "helper.o");
        Archive("thin.a", "rcsT", "extra.o", "helper.o");
        Archive("bsd.a", "rcs", "--format=bsd", "extra.o", "helper.o");
        Archive("long.a", "rcs", "constructors_main.o", "imports_module_only.o", "position_independent.o", "helper.o");
        Archive("mixed.a", "rcs", "helper.o");
        Archive("empty.a", "rcs");
        Archive("ctors.a", "rcs", "constructors.o");
        ProcessRunner.Run(Tools.WasmLd, ["-shared", "--experimental-pic", "pic_helper.o", "--allow-undefined", "-o", "libhelper_shared.so"], folder).RequireSuccess();

        void Archive(string name, string modifiers, params string[] members) =>
            ProcessRunner.Run(Tools.LlvmAr, members is [string option, ..] && option.StartsWith("--", StringComparison.Ordinal)
                ? [option, modifiers, name, .. members[1..]]
                : [modifiers, name, .. members], folder).RequireSuccess();
    }

    private static void AddTexts(string folder)
    {
        Text("undefined.txt", "missing_function\nmissing_callback\n");
        Text("half.txt", "missing_function\n");
        Text("arguments.rsp", "start.o 'helper.o'\n--export=\"helper\"\t--no-entry # not a comment\n".Replace(" # not a comment", "", StringComparison.Ordinal));
        Text("windows.rsp", "start.o \"helper.o\" --export=helper\r\n");
        Text("nested.rsp", "@arguments.rsp --export-table");
        Text("garbage.o", "this is not an object");
        Text("empty.o", "");
        Text("stub.so", "#STUB\nmissing_function: helper\nmissing_callback\n");
        byte[] whole = File.ReadAllBytes(Path.Combine(folder, "helper.o"));
        File.WriteAllBytes(Path.Combine(folder, "truncated.o"), whole[..(whole.Length / 2)]);
        Directory.CreateDirectory(Path.Combine(folder, "libraries"));
        File.Copy(Path.Combine(folder, "libhelper.a"), Path.Combine(folder, "libraries", "libinside.a"));

        void Text(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
    }
}
