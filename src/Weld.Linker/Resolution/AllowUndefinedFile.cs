using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;

namespace Weld.Linker.Resolution;

/// <summary>The files of <c>--allow-undefined-file</c>: a symbol a line, <c>#</c> starts a comment.</summary>
public static class AllowUndefinedFile
{
    public static HashSet<string> Read(IReadOnlyList<string> paths, DiagnosticBag diagnostics)
    {
        var names = new HashSet<string>();
        foreach (string path in paths)
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(path);
            }
            catch (Exception e) when (NativeFile.IsFileError(e))
            {
                diagnostics.Add(InputErrors.CannotOpen(path, e is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : e.Message));
                continue;
            }
            foreach (string line in lines)
            {
                string name = line.Split('#')[0].Trim();
                if (name.Length != 0)
                    names.Add(name);
            }
        }
        return names;
    }
}
