namespace Weld.TestSupport;

/// <summary>The programs that tests run. A missing one fails the test and names the package to install.</summary>
public static class Tools
{
    public static string Clang => Find("clang-22", package: "clang-22");
    public static string ClangPlusPlus => Find("clang++-22", package: "clang-22");
    public static string WasmLd => Find("wasm-ld-22", package: "lld-22");
    public static string LlvmAr => Find("llvm-ar-22", package: "llvm-22");
    public static string LlvmRanlib => Find("llvm-ranlib-22", package: "llvm-22");
    public static string LlvmDwarfdump => Find("llvm-dwarfdump-22", package: "llvm-22");
    public static string WasmValidate => Find("wasm-validate", package: "wabt");
    public static string Node => Find("node", package: "nodejs");
    /// <summary>A node with 64-bit memories and the current encoding of exceptions; distributions have older ones.</summary>
    public static string CurrentNode => RequireCurrentNode();

    public static string CMake => Find("cmake", package: "cmake");
    public static string Ninja => Find("ninja", package: "ninja-build");
    public static string Meson => Find("meson", package: "meson");

    /// <summary>Debian's own compiler: a rustup one on the PATH has no wasm32 libraries.</summary>
    public static string Rustc => Require("/usr/bin/rustc", package: "rustc libstd-rust-dev-wasm32");

    public static string Find(string name, string package)
    {
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            string candidate = Path.Combine(directory, name);
            if (directory.Length > 0 && File.Exists(candidate))
                return candidate;
        }
        throw new MissingToolException($"'{name}' is not on the PATH: apt-get install {package}");
    }

    private static string RequireCurrentNode()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string path = Path.Combine(cache, "weld", "node", "node_modules", "node", "bin", "node");
        return File.Exists(path) ? path : throw new MissingToolException($"'{path}' does not exist: eng/install-tools.sh tests");
    }

    private static string Require(string path, string package) =>
        File.Exists(path) ? path : throw new MissingToolException($"'{path}' does not exist: apt-get install {package}");
}
