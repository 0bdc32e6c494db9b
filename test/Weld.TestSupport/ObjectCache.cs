using System.Security.Cryptography;
using System.Text;

namespace Weld.TestSupport;

/// <summary>Compiles a source once: the object stays in artifacts/test-objects, under a key made of
/// the source, the headers beside it, the flags and the compiler's version.</summary>
public static class ObjectCache
{
    private static readonly Lazy<string> CompilerVersion = new(() =>
        ProcessRunner.Run(Tools.Clang, ["--version"]).RequireSuccess().StandardOutput);

    private static readonly string Folder = Repository.Path("artifacts", "test-objects");

    /// <returns>The path of <c>NAME.o</c>.</returns>
    public static string Compile(string source, params ReadOnlySpan<string> flags)
    {
        string[] all = [.. flags];
        string name = Path.GetFileNameWithoutExtension(source);
        string headers = string.Concat(Directory.GetFiles(Path.GetDirectoryName(source)!, "*.h").Order(StringComparer.Ordinal).Select(File.ReadAllText));
        return Make([Path.GetFileName(source), File.ReadAllText(source), headers, .. all], name + ".o", (output, folder) =>
            // Run where the source is, so that debug information names it without the checkout's path.
            ProcessRunner.Run(
                source.EndsWith(".cpp", StringComparison.Ordinal) ? Tools.ClangPlusPlus : Tools.Clang,
                ["-Wno-deprecated", "-c", Path.GetFileName(source), "-fdebug-compilation-dir=/src", .. all, "-o", output],
                Path.GetDirectoryName(source)).RequireSuccess());
    }

    /// <summary>Compiles text that no file in the checkout holds.</summary>
    public static string CompileText(string fileName, string text, params ReadOnlySpan<string> flags)
    {
        string[] all = [.. flags];
        return Make([fileName, text, .. all], Path.GetFileNameWithoutExtension(fileName) + ".o", (output, folder) =>
        {
            File.WriteAllText(Path.Combine(folder, fileName), text);
            ProcessRunner.Run(
                fileName.EndsWith(".cpp", StringComparison.Ordinal) ? Tools.ClangPlusPlus : Tools.Clang,
                ["-Wno-deprecated", "-c", fileName, "-fdebug-compilation-dir=/src", .. all, "-o", output],
                folder).RequireSuccess();
        });
    }

    /// <param name="modifiers">Of llvm-ar, such as <c>rcs</c>; with T the archive is thin.</param>
    public static string Archive(string name, string modifiers, IReadOnlyList<string> members) =>
        // Object paths contain the hash of what made them.
        Make([modifiers, .. members], name, (output, folder) =>
            ProcessRunner.Run(Tools.LlvmAr, [modifiers, output, .. members], folder).RequireSuccess());

    private static string Make(IEnumerable<string> key, string name, Action<string, string> build)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', key.Prepend(CompilerVersion.Value)))));
        string home = Path.Combine(Folder, hash[..20]);
        string target = Path.Combine(home, name);
        if (File.Exists(target))
            return target;

        // Built aside and renamed: tests in other threads and processes ask for the same object.
        string aside = Directory.CreateDirectory(Path.Combine(Folder, $"building-{Guid.NewGuid():N}")).FullName;
        string built = Path.Combine(aside, name);
        build(built, aside);
        Directory.CreateDirectory(home);
        File.Move(built, target, overwrite: true);
        Directory.Delete(aside, recursive: true);
        return target;
    }
}
