using System.Security.Cryptography;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;

namespace Weld.Linker.Inputs;

/// <summary>Makes wasm objects of LLVM bitcode among the inputs, so that the rest of the link sees objects only.</summary>
/// <remarks>Counterpart in wasm-ld: BitcodeCompiler, which optimizes all of a program at once. Here every file is compiled for
/// itself, as it would have been without <c>-flto</c>; so archive members stay lazy and code is not moved between files.</remarks>
public sealed class BitcodeCompiler
{
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly LinkReports _reports;
    private readonly BitcodeDriver _driver;
    private readonly string _directory;

    private BitcodeCompiler(LinkOptions options, DiagnosticBag diagnostics, LinkReports reports, BitcodeDriver driver, string directory)
    {
        _options = options;
        _diagnostics = diagnostics;
        _reports = reports;
        _driver = driver;
        _directory = directory;
    }

    /// <summary>Replaces bitcode by objects with the same names.</summary>
    /// <param name="inputs">All inputs; those that cannot be compiled are removed.</param>
    /// <param name="bitcode">The places of bitcode in <paramref name="inputs"/>.</param>
    /// <param name="options">Say how to compile, and what to keep.</param>
    /// <param name="diagnostics">Receives what cannot be compiled, and why.</param>
    /// <param name="reports">Receive times and the log.</param>
    public static void Run(
        List<LinkInput> inputs, IReadOnlyList<int> bitcode, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(bitcode);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(diagnostics);
        ArgumentNullException.ThrowIfNull(reports);
        if (bitcode.Count == 0)
            return;
        InputFile[] files = [.. bitcode.Select(index => inputs[index].File)];
        MappedFile?[] objects = CompileAll(files, options, diagnostics, reports);
        for (int i = bitcode.Count - 1; i >= 0; i--)
        {
            if (objects[i] is MappedFile made)
                inputs[bitcode[i]] = new LinkInput(AsInput(files[i], made), inputs[bitcode[i]].IsLazy);
            else
                inputs.RemoveAt(bitcode[i]);
        }
    }

    private static unsafe InputFile AsInput(InputFile bitcode, MappedFile made) =>
        new(bitcode.Name, bitcode.ArchiveName, made.Pointer, (int)made.Length);

    private static MappedFile?[] CompileAll(InputFile[] files, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        var nothing = new MappedFile?[files.Length];
        if (BitcodeDriver.Find(options, out string? missing) is not BitcodeDriver driver)
        {
            if (missing is not null)
                diagnostics.Add(InputErrors.LtoDriver(missing, "no such program"));
            else
                foreach (InputFile file in files)
                    diagnostics.Add(InputErrors.Bitcode(file.DisplayName));
            return nothing;
        }
        string? directory = null;
        try
        {
            directory = Directory.CreateTempSubdirectory("weld-lto-").FullName;
            return new BitcodeCompiler(options, diagnostics, reports, driver, directory).Compile(files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(InputErrors.LtoOutput(directory ?? Path.GetTempPath(), e.Message));
            return nothing;
        }
        finally
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
        }
    }

    private MappedFile?[] Compile(InputFile[] files)
    {
        // The same module twice, as in two archives, is compiled once.
        var pieceByHash = new Dictionary<string, int>();
        var pieces = new List<InputFile>();
        var pieceOfFile = new int[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            string hash = Convert.ToHexString(SHA256.HashData(files[i].Bytes));
            if (pieceByHash.TryAdd(hash, pieces.Count))
                pieces.Add(files[i]);
            pieceOfFile[i] = pieceByHash[hash];
        }
        _reports.Log?.Write($"compiling {pieces.Count} bitcode files with {_driver.Path}");
        var results = new (MappedFile? Object, Diagnostic? Error)[pieces.Count];
        Workers.ForEach(pieces.Count, Jobs(), index => results[index] = CompileOne(pieces[index], index), minimumPerThread: 1);
        // A driver that cannot be run fails for every file in the same way.
        foreach (Diagnostic error in results.Select(result => result.Error).OfType<Diagnostic>().DistinctBy(error => error.ToString()))
            _diagnostics.Add(error);
        MappedFile?[] objects = [.. pieceOfFile.Select(piece => results[piece].Object)];
        Keep(files, objects);
        return objects;
    }

    private int Jobs() => _options.ThinLtoJobs is not string jobs ? _options.Threads
        : int.TryParse(jobs, out int number) ? Math.Max(number, 0) : 0;

    private (MappedFile? Object, Diagnostic? Error) CompileOne(InputFile file, int index)
    {
        using TimeScope time = _reports.Times?.Begin("Bitcode", file.DisplayName) ?? default;
        string triple = BitcodeTriple.Find(file.Bytes) is { Length: > 0 } found ? found : _options.Is64 == true ? "wasm64" : "wasm32";
        if (!triple.StartsWith("wasm", StringComparison.Ordinal))
            return (null, InputErrors.ForeignBitcode(file.DisplayName, triple));
        string bitcode = Path.Join(_directory, $"{index}.bc");
        string output = Path.Join(_directory, $"{index}.o");
        WriteAll(bitcode, file.Bytes);
        (int? exitCode, string said) = _driver.Run(_driver.Arguments(file.Bytes, bitcode, output, triple, _options));
        if (exitCode is null)
            return (null, InputErrors.LtoDriver(_driver.Path, said));
        string[] lines = said.Replace(bitcode, file.DisplayName, StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (exitCode != 0)
            return (null, InputErrors.BitcodeNotCompiled(file.DisplayName, $"{_driver.Path} failed with exit code {exitCode}", lines));
        MappedFile? made = MappedFile.TryOpen(output, out _);
        if (made is null || InputKindSniffer.Sniff(made.Span(0, (int)Math.Min(made.Length, InputKindSniffer.BytesNeeded))) != InputKind.WasmObject)
            return (null, InputErrors.BitcodeNotCompiled(file.DisplayName, $"{_driver.Path} made no wasm object", lines));
        return (made, null);
    }

    private void Keep(InputFile[] files, MappedFile?[] objects)
    {
        var names = new HashSet<string>();
        int count = 0;
        for (int i = 0; i < files.Length; i++)
        {
            if (objects[i] is not MappedFile made)
                continue;
            if (_options.SaveTemps)
                TryKeep($"{_options.OutputFile ?? "a.out"}.lto.{UniqueName(files[i], names)}.o", made);
            if (_options.LtoObjectPath is { Length: > 0 } path)
                TryKeep(count == 0 ? path : $"{path}{count}", made);
            count++;
        }
    }

    /// <summary>The file's name, or <c>archive.member</c>, without extensions; with a number when it has been there.</summary>
    private static string UniqueName(InputFile file, HashSet<string> names)
    {
        string name = Path.GetFileNameWithoutExtension(file.Name);
        if (file.ArchiveName is string archive)
            name = $"{Path.GetFileNameWithoutExtension(archive)}.{name}";
        string unique = name;
        for (int number = 2; !names.Add(unique); number++)
            unique = $"{name}.{number}";
        return unique;
    }

    private void TryKeep(string path, MappedFile made)
    {
        try
        {
            WriteAll(path, made.Span(0, (int)made.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _diagnostics.Add(InputErrors.LtoOutput(path, e.Message));
        }
    }

    private static void WriteAll(string path, ReadOnlySpan<byte> bytes)
    {
        using FileStream stream = File.Create(path);
        stream.Write(bytes);
    }
}
