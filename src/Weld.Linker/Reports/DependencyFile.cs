using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;

namespace Weld.Linker.Reports;

/// <summary>The rule of <c>--dependency-file</c>, for make and ninja: the output depends on every input, and an input that is gone is no error.</summary>
public static class DependencyFile
{
    public static void Write(LinkOptions options, IReadOnlyList<MappedFile> files, TextWriter output, DiagnosticBag diagnostics)
    {
        // What exists in memory only never changes; what was made of a file changes with it.
        IEnumerable<string> inputs = files.Select(file => file.Path).Where(path => !options.MemoryFiles.ContainsKey(path) || File.Exists(path));
        List<string> paths = [.. inputs.Concat(options.AllowUndefinedFiles).Distinct()];
        var text = new StringBuilder();
        AppendPath(text, options.OutputFile!);
        text.Append(':');
        foreach (string path in paths)
        {
            text.Append(" \\\n ");
            AppendPath(text, path);
        }
        text.Append('\n');
        foreach (string path in paths)
        {
            text.Append('\n');
            AppendPath(text, path);
            text.Append(":\n");
        }
        ReportFile.Write(options.DependencyFile!, text, output, "cannot open dependency file", diagnostics);
    }

    /// <summary>Escapes what make takes for its own: spaces (and backslashes before them), comments and variables.</summary>
    private static void AppendPath(StringBuilder text, string path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            char character = path[i];
            if (character == ' ')
            {
                for (int j = i - 1; j >= 0 && path[j] == '\\'; j--)
                    text.Append('\\');
                text.Append('\\');
            }
            else if (character == '#')
            {
                text.Append('\\');
            }
            else if (character == '$')
            {
                text.Append('$');
            }
            text.Append(character);
        }
    }
}
