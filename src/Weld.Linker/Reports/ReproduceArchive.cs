using System.Buffers;
using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;

namespace Weld.Linker.Reports;

/// <summary>The archive of <c>--reproduce</c>: all inputs, and a response file that links them where the archive is unpacked.</summary>
/// <remarks>As lld's: a folder named like the archive with <c>response.txt</c>, <c>version.txt</c> and the inputs under their full paths.
/// Unlike wasm-ld 22, <c>-L</c> and options that name files point into the archive as well, and members of thin archives are in it.</remarks>
public sealed class ReproduceArchive
{
    private readonly LinkOptions _options;
    private readonly IReadOnlyList<MappedFile> _files;

    private ReproduceArchive(LinkOptions options, IReadOnlyList<MappedFile> files)
    {
        _options = options;
        _files = files;
    }

    /// <summary>Writes the archive, also for a link that fails later.</summary>
    public static void Write(LinkOptions options, IReadOnlyList<MappedFile> files, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = options.ReproduceFile!;
        try
        {
            using FileStream stream = File.Create(path);
            new ReproduceArchive(options, files).WriteTo(stream, Path.GetFileNameWithoutExtension(path));
        }
        catch (Exception e) when (NativeFile.IsFileError(e))
        {
            diagnostics.Add(OutputErrors.CannotWriteReport("--reproduce: cannot open", path, e is DirectoryNotFoundException ? "No such file or directory" : e.Message));
        }
    }

    private void WriteTo(Stream stream, string root)
    {
        var tar = new TarWriter(stream);
        tar.Add($"{root}/response.txt", Encoding.UTF8.GetBytes(ResponseFile()));
        tar.Add($"{root}/version.txt", Encoding.UTF8.GetBytes($"weld {LinkerVersion.Number} (compatible with LLD {LinkerVersion.CompatibleLld})\n"));
        var added = new HashSet<string>();
        foreach (MappedFile file in _files)
        {
            string path = Relative(file.Path);
            // What was made of a file is made of it again.
            if (_options.MemoryFiles.ContainsKey(file.Path) && File.Exists(file.Path))
            {
                if (added.Add(path))
                    tar.Add($"{root}/{path}", File.ReadAllBytes(file.Path));
                continue;
            }
            // An input may be larger than what one span can hold; such a one cannot be linked either.
            if (file.Length <= int.MaxValue && added.Add(path))
                tar.Add($"{root}/{path}", file.Span(0, (int)file.Length));
        }
        foreach (string file in _options.AllowUndefinedFiles)
            if (File.Exists(file) && added.Add(Relative(file)))
                tar.Add($"{root}/{Relative(file)}", File.ReadAllBytes(file));
        tar.Finish();
    }

    private string ResponseFile()
    {
        var text = new StringBuilder();
        foreach (ParsedArgument argument in _options.Arguments)
        {
            if (argument.Option is not Option option)
            {
                text.Append(Quote(Relative(argument.Value!))).Append('\n');
                continue;
            }
            if (option.Name is "--reproduce" or "--linker" or "--rsp-quoting")
                continue;
            string? value = argument.Value is null ? null : Rewrite(option.Name, argument.Value);
            if (value is null)
                text.Append(Quote(argument.Text));
            else if (argument.IsValueSeparate)
                text.Append(argument.Text).Append(' ').Append(Quote(value));
            else
                text.Append(Quote(argument.Spelling + value));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Files that are read come from the archive; files that are written go to the folder where the link runs.</summary>
    private static string Rewrite(string option, string value) => option switch
    {
        "--allow-undefined-file" or "-L" => Relative(value),
        "-o" or "--Map" or "--why-extract" or "--dependency-file" or "--time-trace" when value != "-" => Path.GetFileName(value),
        _ => value,
    };

    /// <summary>The full path, without its root.</summary>
    private static string Relative(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full) ?? "";
        if (!OperatingSystem.IsWindows())
            return full[root.Length..];
        // C:\x and \\server\share\x: the root becomes a folder.
        string folder = root.Replace(":", "", StringComparison.Ordinal).Trim('\\');
        return Path.Join(folder, full[root.Length..]).Replace('\\', '/');
    }

    private static readonly SearchValues<char> SpecialCharacters = SearchValues.Create(" \t\r\n\"'\\");

    private static string Quote(string text)
    {
        if (text.Length != 0 && !text.AsSpan().ContainsAny(SpecialCharacters))
            return text;
        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
