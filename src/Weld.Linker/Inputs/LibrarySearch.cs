namespace Weld.Linker.Inputs;

/// <summary>Finds the file behind <c>-l NAME</c>.</summary>
/// <remarks>Counterpart in wasm-ld: <c>searchLibrary</c> in Driver.cpp. The directory decides before the kind: a
/// <c>lib*.a</c> in an earlier directory beats a <c>lib*.so</c> in a later one.</remarks>
public static class LibrarySearch
{
    /// <param name="name">What follows <c>-l</c>: <c>c</c> for <c>libc.a</c>, or <c>:file.o</c> for just that file name.</param>
    /// <param name="searchPaths">The directories of <c>-L</c>, in command line order.</param>
    /// <param name="isStatic">Whether <c>lib*.so</c> is out of the question (<c>-Bstatic</c>, the default).</param>
    /// <returns>The path, or null when no directory has it.</returns>
    public static string? Find(string name, IReadOnlyList<string> searchPaths, bool isStatic)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(searchPaths);
        if (name.StartsWith(':'))
            return FindExact(name[1..], searchPaths);
        foreach (string directory in searchPaths)
        {
            string stem = Join(directory, "lib" + name);
            if (!isStatic && Exists(stem + ".so"))
                return stem + ".so";
            if (Exists(stem + ".a"))
                return stem + ".a";
        }
        return null;
    }

    private static string? FindExact(string fileName, IReadOnlyList<string> searchPaths)
    {
        foreach (string directory in searchPaths)
        {
            string path = Join(directory, fileName);
            if (Exists(path))
                return path;
        }
        return null;
    }

    /// <summary>Unlike <see cref="Path.Combine(string, string)"/>, a leading separator of the name does not drop the directory.</summary>
    private static string Join(string directory, string fileName) => directory.Length == 0 ? fileName : Path.Join(directory, fileName);

    /// <summary>Whether something is there, behind all links. A directory counts, as for wasm-ld: opening it then says what is wrong.</summary>
    private static bool Exists(string path) => NativeFile.IsSupported ? NativeFile.Exists(path) : Path.Exists(path);
}
